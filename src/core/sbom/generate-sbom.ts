import { Utils as PackageJson } from '@cyclonedx/cyclonedx-library/Contrib/FromNodePackageJson';
import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import { ComponentScope, ComponentType, ExternalReferenceType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import { JSON as JsonSerialize, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { PackageURL } from 'packageurl-js';
import parseExpression from 'spdx-expression-parse';
import type { SbomRequest, SbomResult } from '../service/evidence-handlers.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { readNpmLock, type LockedPackage } from './npm-lock.ts';
import { readRequirements, type Requirement } from './requirements.ts';

/** Algorithms by the names that lock files have for them, with the length of their digests in hexadecimal. */
const HASHES: ReadonlyMap<string, readonly [algorithm: HashAlgorithm, digits: number]> = new Map([
  ['md5', [HashAlgorithm.MD5, 32]], ['sha1', [HashAlgorithm['SHA-1'], 40]], ['sha256', [HashAlgorithm['SHA-256'], 64]],
  ['sha384', [HashAlgorithm['SHA-384'], 96]], ['sha512', [HashAlgorithm['SHA-512'], 128]],
]);

const REQUIREMENTS = /requirements[^/]*\.txt$/;

/**
 * Makes a CycloneDX 1.6 document from the lock files of one commit. Equal inputs give equal bytes: the order is fixed,
 * the serial number is derived from what it is made from, the time is the commit's. Errors: `malformed` lock files.
 */
export function generateSbom(request: SbomRequest): SbomResult {
  const subject = new Models.Component(ComponentType.Application, request.subject.name, { version: request.subject.version, bomRef: 'product' });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: subject, timestamp: new Date(request.time) }) });
  bom.metadata.tools.components.add(new Models.Component(ComponentType.Application, 'countersign', { bomRef: 'countersign' }));
  bom.metadata.properties.add(new Models.Property('countersign:commit', request.commit));
  const skipped: string[] = [];
  const components = new Map<string, Models.Component>();
  for (const { path, text } of request.sources) {
    const left = REQUIREMENTS.test(path) ? addPython(components, subject, text, path) : addNpm(components, subject, text, path);
    for (const line of left) skipped.push(line);
  }
  for (const component of components.values()) bom.components.add(component);
  bom.serialNumber = serialNumber(request);
  const serializer = new JsonSerializer(new JsonSerialize.Normalize.Factory(Spec1dot6));
  const json = `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
  return { json, components: components.size, skipped, sources: request.sources.map(({ path }) => path) };
}

/** Adds what a `package-lock.json` pins, and how it depends on each other; returns what was left out. */
function addNpm(components: Map<string, Models.Component>, subject: Models.Component, text: string, path: string): string[] {
  const { packages, direct, skipped } = readNpmLock(text, path);
  const byKey = new Map(packages.map((entry) => [entry.key, addOnce(components, npmComponent(entry))] as const));
  for (const { key, dependencies } of packages) for (const other of dependencies) link(byKey.get(key), byKey.get(other));
  for (const key of direct) link(subject, byKey.get(key));
  return skipped.map((line) => `${path}: ${line}`);
}

/** Adds what a `requirements.txt` pins; it does not say what depends on what, so the product depends on all of it. */
function addPython(components: Map<string, Models.Component>, subject: Models.Component, text: string, path: string): readonly string[] {
  const { requirements, skipped } = readRequirements(text, path);
  for (const requirement of requirements) link(subject, addOnce(components, pythonComponent(requirement)));
  return skipped;
}

/** The same package at several places of a tree is one component of the product. */
function addOnce(components: Map<string, Models.Component>, made: Models.Component): Models.Component {
  const key = made.purl ?? '';
  const known = components.get(key);
  if (known === undefined) {
    components.set(key, made);
    return made;
  }
  // What is needed once for more than development is needed.
  if (made.scope === ComponentScope.Required) known.scope = ComponentScope.Required;
  const names = new Set([...made.properties].map(({ name }) => name));
  for (const property of known.properties) if (!names.has(property.name)) known.properties.delete(property);
  return known;
}

function link(from: Models.Component | undefined, to: Models.Component | undefined): void {
  if (from !== undefined && to !== undefined && from !== to) from.dependencies.add(to.bomRef);
}

function npmComponent(entry: LockedPackage): Models.Component {
  const slash = entry.name.startsWith('@') ? entry.name.indexOf('/') : -1;
  const group = slash === -1 ? undefined : entry.name.slice(0, slash);
  const name = entry.name.slice(slash + 1);
  const resolved = withoutSecrets(entry.resolved);
  const purl = new PackageURL('npm', group, name, entry.version === '' ? undefined : entry.version, qualifiersOf(resolved), undefined).toString();
  const component = new Models.Component(ComponentType.Library, name, {
    ...(group === undefined ? {} : { group }),
    ...(entry.version === '' ? {} : { version: entry.version }),
    scope: entry.optional || entry.development ? ComponentScope.Optional : ComponentScope.Required,
    purl, bomRef: purl,
  });
  for (const [algorithm, value] of integrityHashes(entry.integrity)) component.hashes.set(algorithm, value);
  if (entry.licence !== null) component.licenses.add(licences.makeFromString(entry.licence));
  if (resolved !== null && !INSIDE.test(resolved)) component.externalReferences.add(new Models.ExternalReference(resolved, ExternalReferenceType.Distribution));
  if (entry.development) component.properties.add(new Models.Property('cdx:npm:package:development', 'true'));
  if (entry.bundled) component.properties.add(new Models.Property('cdx:npm:package:bundled', 'true'));
  return component;
}

/** What a version-control address looks like in a lock file, and what names no place outside of the product. */
const VERSION_CONTROL = /^git(?:\+[^:]+)?:|\.git(?:#|$)|^ssh:/i;
const INSIDE = /^(?:file|ignore):/i;

/** A package that does not come from npm's own registry says where it does come from (purl specification, npm). */
function qualifiersOf(resolved: string | null): Record<string, string> | undefined {
  if (resolved === null || INSIDE.test(resolved)) return undefined;
  if (VERSION_CONTROL.test(resolved)) return { vcs_url: resolved };
  return PackageJson.defaultRegistryMatcher.test(resolved) ? undefined : { download_url: resolved };
}

/** A bill of materials is given to others: a password in an address stays at home. */
function withoutSecrets(address: string | null): string | null {
  return address === null ? null : address.replace(/^([a-z0-9+.-]{1,30}:\/\/)[^/?#@]*:[^/?#@]*@/i, '$1');
}

/** Subresource integrity (`sha512-BASE64`) as hexadecimal; what is no digest of its algorithm is left out. */
function integrityHashes(integrity: string | null): [HashAlgorithm, string][] {
  return (integrity ?? '').split(/\s+/).flatMap((part): [HashAlgorithm, string][] => {
    const dash = part.indexOf('-');
    const [algorithm, digits] = HASHES.get(part.slice(0, dash)) ?? [];
    const value = Buffer.from(part.slice(dash + 1).replace(/\?.*$/, ''), 'base64').toString('hex');
    return algorithm === undefined || value.length !== digits ? [] : [[algorithm, value]];
  });
}

const licences = new Factories.LicenseFactory((expression) => void parseExpression(expression));

function pythonComponent(requirement: Requirement): Models.Component {
  const purl = new PackageURL('pypi', undefined, requirement.name, requirement.version, undefined, undefined);
  const component = new Models.Component(ComponentType.Library, requirement.name, {
    version: requirement.version, scope: ComponentScope.Required, purl: purl.toString(), bomRef: purl.toString(),
  });
  const [only, ...others] = requirement.hashes;
  const [algorithm, digits] = HASHES.get(only?.algorithm ?? '') ?? [];
  // Several hashes are those of several files, one for each platform: none of them is the component's.
  if (algorithm !== undefined && others.length === 0 && only?.value.length === digits) component.hashes.set(algorithm, only?.value ?? '');
  return component;
}

/** A UUID (RFC 9562, version 8) made from what the document is made from, so that making it again changes nothing. */
function serialNumber({ subject, commit, time, sources }: SbomRequest): string {
  const digest = sha256Of(JSON.stringify(['countersign/sbom/v1', subject, commit, time, sources.map(({ path, text }) => [path, sha256Of(text)])]));
  const variant = ((Number.parseInt(digest[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

import { createHash } from 'node:crypto';
import { Utils as PackageJson } from '@cyclonedx/cyclonedx-library/Contrib/FromNodePackageJson';
import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License';
import { ComponentScope, ComponentType, ExternalReferenceType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import { JSON as JsonSerialize, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { PackageURL } from 'packageurl-js';
import parseExpression from 'spdx-expression-parse';
import type { SbomRequest, SbomResult } from '../service/evidence-handlers.ts';
import { readNpmLock, type LockedPackage } from './npm-lock.ts';
import { readRequirements, type Requirement } from './requirements.ts';

const HASHES: Readonly<Record<string, HashAlgorithm>> = {
  md5: HashAlgorithm.MD5, sha1: HashAlgorithm['SHA-1'], sha256: HashAlgorithm['SHA-256'], sha384: HashAlgorithm['SHA-384'], sha512: HashAlgorithm['SHA-512'],
};

/**
 * Makes a CycloneDX 1.6 document from the lock files of one commit. Equal inputs give equal bytes: the order is fixed,
 * the serial number is derived from the content, the time is the commit's. Errors: `malformed` lock files.
 */
export function generateSbom(request: SbomRequest): SbomResult {
  const subject = new Models.Component(ComponentType.Application, request.subject.name, { version: request.subject.version, bomRef: 'product' });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: subject, timestamp: new Date(request.time) }) });
  bom.metadata.tools.components.add(new Models.Component(ComponentType.Application, 'countersign', { bomRef: 'countersign' }));
  bom.metadata.properties.add(new Models.Property('countersign:commit', request.commit));
  const skipped: string[] = [];
  const components = new Map<string, Models.Component>();
  for (const { path, text } of request.sources) {
    if (/requirements[^/]*\.txt$/.test(path)) {
      const read = readRequirements(text, path);
      skipped.push(...read.skipped);
      for (const requirement of read.requirements) addOnce(components, pythonComponent(requirement), subject);
    } else {
      const locked = readNpmLock(text, path);
      skipped.push(...locked.skipped.map((line) => `${path}: ${line}`));
      const byKey = new Map(locked.packages.map((entry) => [entry.key, addOnce(components, npmComponent(entry), null)] as const));
      for (const entry of locked.packages) {
        for (const key of entry.dependencies) link(byKey.get(entry.key), byKey.get(key));
      }
      for (const key of locked.direct) link(subject, byKey.get(key));
    }
  }
  for (const component of components.values()) bom.components.add(component);
  bom.serialNumber = serialNumber(request, [...components.keys()]);
  const serializer = new JsonSerializer(new JsonSerialize.Normalize.Factory(Spec1dot6));
  const json = `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
  return { json, components: components.size, skipped, sources: request.sources.map(({ path }) => path) };
}

/** The same package at several places of a tree is one component of the product. */
function addOnce(components: Map<string, Models.Component>, made: Models.Component, parent: Models.Component | null): Models.Component {
  const key = made.purl ?? `${made.name}@${made.version ?? ''}`;
  const known = components.get(key) ?? made;
  components.set(key, known);
  // What is needed once for more than development is needed.
  if (made.scope === ComponentScope.Required) known.scope = ComponentScope.Required;
  if (parent !== null) link(parent, known);
  return known;
}

function link(from: Models.Component | undefined, to: Models.Component | undefined): void {
  if (from !== undefined && to !== undefined && from !== to) from.dependencies.add(to.bomRef);
}

function npmComponent(entry: LockedPackage): Models.Component {
  const slash = entry.name.startsWith('@') ? entry.name.indexOf('/') : -1;
  const group = slash === -1 ? undefined : entry.name.slice(0, slash);
  const name = entry.name.slice(slash + 1);
  const purl = new PackageURL('npm', group, name, entry.version === '' ? undefined : entry.version, qualifiersOf(entry), undefined);
  const component = new Models.Component(ComponentType.Library, name, {
    ...(group === undefined ? {} : { group }),
    ...(entry.version === '' ? {} : { version: entry.version }),
    scope: entry.optional || entry.development ? ComponentScope.Optional : ComponentScope.Required,
    purl: purl.toString(), bomRef: purl.toString(),
  });
  for (const [algorithm, value] of integrityHashes(entry.integrity)) component.hashes.set(algorithm, value);
  if (entry.licence !== null) component.licenses.add(licences.makeFromString(entry.licence));
  if (entry.resolved !== null && /^(?:https?|git\+|git:|ssh:)/.test(entry.resolved)) {
    component.externalReferences.add(new Models.ExternalReference(entry.resolved, ExternalReferenceType.Distribution));
  }
  if (entry.development) component.properties.add(new Models.Property('cdx:npm:package:development', 'true'));
  if (entry.bundled) component.properties.add(new Models.Property('cdx:npm:package:bundled', 'true'));
  return component;
}

/** What a version-control address looks like in a lock file, and what names no place outside of the product. */
const VERSION_CONTROL = /^git(?:\+[^:]+)?:|\.git(?:#|$)|^ssh:/i;
const INSIDE = /^(?:file|ignore):/i;

/** A package that does not come from npm's own registry says where it does come from (purl specification, npm). */
function qualifiersOf({ resolved }: LockedPackage): Record<string, string> | undefined {
  if (resolved === null || INSIDE.test(resolved)) return undefined;
  if (VERSION_CONTROL.test(resolved)) return { vcs_url: resolved };
  return PackageJson.defaultRegistryMatcher.test(resolved) ? undefined : { download_url: resolved };
}

/** Subresource integrity (`sha512-BASE64`) as hexadecimal. */
function integrityHashes(integrity: string | null): [HashAlgorithm, string][] {
  return (integrity ?? '').split(/\s+/).flatMap((part): [HashAlgorithm, string][] => {
    const dash = part.indexOf('-');
    const algorithm = HASHES[part.slice(0, dash)];
    const value = Buffer.from(part.slice(dash + 1), 'base64').toString('hex');
    return algorithm === undefined || dash === -1 || value === '' ? [] : [[algorithm, value]];
  });
}

const licences = new Factories.LicenseFactory((expression) => void parseExpression(expression));

function pythonComponent(requirement: Requirement): Models.Component {
  const purl = new PackageURL('pypi', undefined, requirement.name, requirement.version, undefined, undefined);
  const component = new Models.Component(ComponentType.Library, requirement.name, {
    version: requirement.version, scope: ComponentScope.Required, purl: purl.toString(), bomRef: purl.toString(),
  });
  const [only, ...others] = requirement.hashes;
  const algorithm = HASHES[only?.algorithm ?? ''];
  // Several hashes are those of several files, one for each platform: none of them is the component's.
  if (only !== undefined && others.length === 0 && algorithm !== undefined) component.hashes.set(algorithm, only.value);
  return component;
}

/** A UUID made from what the document is about, so that making it again changes nothing. */
function serialNumber({ subject, commit, time }: SbomRequest, keys: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(['countersign/sbom/v1', subject, commit, time, [...keys].sort()])).digest('hex');
  const variant = ((Number.parseInt(digest[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

import { instantOf, linesOf, OPAQUE, UnusableEvidence, type JsonFormat, type Reading, type TextFormat } from '../format.ts';
import { elements, member, objectsIn, text } from '../json.ts';

function reading(version: string, components: number, more: { readonly purls: number; readonly created: string | null; readonly creators: readonly string[]; readonly name: string | null }): Reading {
  const tool = more.creators.find((creator) => creator.startsWith('Tool:'))?.slice('Tool:'.length).trim() ?? null;
  const [, name = tool ?? '', found = null] = /^(.*?)-v?(\d[\w.+-]*)$/.exec(tool ?? '') ?? [];
  return {
    ...OPAQUE,
    content: { type: 'sbom', specVersion: `SPDX ${version}`, subject: more.name === null ? null : { name: more.name.slice(0, 300), version: null }, components, purls: more.purls, hashed: 0, licensed: 0, packages: [], statements: [], schemaErrors: null },
    counts: { components },
    tool: tool === null || tool === '' ? null : { name: name.slice(0, 300), version: found?.slice(0, 300) ?? null },
    produced: instantOf(more.created),
  };
}

/** SPDX 2.2 and 2.3 as JSON: its packages are the components. SPDX 3 as JSON-LD: the packages of its graph. */
export const spdxJson: JsonFormat = {
  syntax: 'json',
  kind: 'spdx',
  looksLike: (value) => /^SPDX-\d/.test(text(member(value, 'spdxVersion')) ?? '') || contextIsSpdx(value),
  read: (value) => {
    if (Array.isArray(member(value, '@graph'))) return readGraph(value);
    const version = text(member(value, 'spdxVersion')) ?? '';
    if (!/^SPDX-2\.[0-3]$/.test(version)) throw new UnusableEvidence('unsupported-version', `${version.slice(0, 20)} is not read; SPDX 2.0 to 2.3 and 3.0 are`);
    const packages = objectsIn(member(value, 'packages') ?? [], 'packages');
    const purls = packages.filter((found) => elements(member(found, 'externalRefs')).some((reference) => member(reference, 'referenceType') === 'purl')).length;
    const created = member(value, 'creationInfo');
    return reading(version.slice('SPDX-'.length), packages.length, {
      purls, created: text(member(created, 'created')), creators: elements(member(created, 'creators')).flatMap((creator) => text(creator) ?? []), name: text(member(value, 'name')),
    });
  },
};

function contextIsSpdx(value: unknown): boolean {
  return Array.isArray(member(value, '@graph')) && [member(value, '@context'), ...elements(member(value, '@context'))].some((context) => /spdx\.org\/rdf\/3\./.test(text(context) ?? ''));
}

function readGraph(value: unknown): Reading {
  const nodes = objectsIn(member(value, '@graph'), '@graph');
  const typeOf = (node: unknown): string => text(member(node, 'type')) ?? text(member(node, '@type')) ?? '';
  const packages = nodes.filter((node) => /(?:^|[_/])(?:software_?)?Package$/i.test(typeOf(node)));
  const created = nodes.find((node) => typeOf(node).endsWith('CreationInfo'));
  const purls = packages.filter((found) => text(member(found, 'software_packageUrl')) !== null || text(member(found, 'packageUrl')) !== null).length;
  return reading(text(member(created, 'specVersion')) ?? '3.0', packages.length, { purls, created: text(member(created, 'created')), creators: [], name: null });
}

const VERSION = /^SPDXVersion:[ \t]*SPDX-(\d+\.\d+)[ \t]*$/m;

/** SPDX 2 as tag and value: one component a `PackageName`. */
export const spdxText: TextFormat = {
  syntax: 'text',
  kind: 'spdx',
  looksLike: (head) => VERSION.test(head) && /^(?:SPDXID|DataLicense|DocumentName):/m.test(head),
  read: (whole) => {
    const version = VERSION.exec(whole)?.[1] ?? '';
    if (!/^2\.[0-3]$/.test(version)) throw new UnusableEvidence('unsupported-version', `SPDX ${version} is not read as tags and values; 2.0 to 2.3 are`);
    let components = 0;
    let purls = 0;
    let created: string | null = null;
    let name: string | null = null;
    let inText = false;
    const creators: string[] = [];
    for (const line of linesOf(whole)) {
      // A text of several lines can hold anything, even tags.
      const inside: boolean = inText;
      inText = inside ? !line.includes('</text>') : line.includes('<text>') && !line.includes('</text>');
      if (inside) continue;
      if (line.startsWith('PackageName:')) components += 1;
      else if (/^ExternalRef:[ \t]+\S+[ \t]+purl[ \t]/.test(line)) purls += 1;
      else if (line.startsWith('Created:')) created ??= line.slice('Created:'.length).trim();
      else if (line.startsWith('Creator:') && creators.length < 20) creators.push(line.slice('Creator:'.length).trim());
      else if (line.startsWith('DocumentName:')) name ??= line.slice('DocumentName:'.length).trim();
    }
    return reading(version, components, { purls, created, creators, name });
  },
};


import { commitOf, instantOf, OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, isObject, member, objectsIn, text } from '../json.ts';
import { plainPurl } from '../purl.ts';
import { vexOf } from './cyclonedx-vex.ts';

/** Names under which an SBOM says from which commit it was made. */
export const COMMIT_PROPERTIES: ReadonlySet<unknown> = new Set(['countersign:commit', 'git:commit']);

/** CycloneDX JSON: counted at the top level; whether it is valid is for its own version's schema to say. */
export const cyclonedx: JsonFormat = {
  syntax: 'json',
  kind: 'cyclonedx',
  looksLike: (value) => member(value, 'bomFormat') === 'CycloneDX',
  read: (value, limits) => {
    const specVersion = text(member(value, 'specVersion'));
    if (specVersion === null) throw new UnusableEvidence('malformed', 'it has no specVersion');
    // Some writers have null where there is none.
    const components = objectsIn(member(value, 'components') ?? [], 'components');
    const metadata = member(value, 'metadata');
    const subject = member(metadata, 'component');
    return {
      ...OPAQUE,
      content: {
        type: 'sbom',
        specVersion: specVersion.slice(0, 20),
        subject: isObject(subject) ? { name: text(member(subject, 'name')), version: text(member(subject, 'version')) } : null,
        components: components.length,
        purls: components.filter((component) => text(member(component, 'purl')) !== null).length,
        hashed: components.filter((component) => elements(member(component, 'hashes')).length > 0).length,
        licensed: components.filter((component) => elements(member(component, 'licenses')).length > 0).length,
        packages: packagesIn(components),
        statements: vexOf(value, limits.kept),
        schemaErrors: null,
      },
      counts: { components: components.length },
      tool: toolOf(metadata),
      produced: instantOf(member(metadata, 'timestamp')),
      commits: [...new Set([...commitsIn(metadata), ...commitsIn(subject)])],
    };
  },
};

/** Package URLs of components and of those within them. */
function packagesIn(components: readonly unknown[]): string[] {
  const found = new Set<string>();
  const open: unknown[] = [...components];
  for (let component = open.pop(); component !== undefined; component = open.pop()) {
    const purl = plainPurl(text(member(component, 'purl')) ?? '');
    if (purl !== null) found.add(purl);
    for (const inner of elements(member(component, 'components'))) open.push(inner);
  }
  return [...found].sort();
}

/** Tools are a list up to 1.4, and components or services from 1.5 on. */
function toolOf(metadata: unknown): { name: string; version: string | null } | null {
  const tools = member(metadata, 'tools');
  const [first] = Array.isArray(tools) ? elements(tools) : [...elements(member(tools, 'components')), ...elements(member(tools, 'services'))];
  const name = text(member(first, 'name'));
  return name === null ? null : { name: name.slice(0, 300), version: text(member(first, 'version'))?.slice(0, 300) ?? null };
}

function commitsIn(holder: unknown): string[] {
  return elements(member(holder, 'properties')).flatMap((property) => {
    const commit = COMMIT_PROPERTIES.has(member(property, 'name')) ? commitOf(member(property, 'value')) : null;
    return commit === null ? [] : [commit];
  });
}

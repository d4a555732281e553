import { instantOf, OPAQUE, type JsonFormat } from '../format.ts';
import { elements, isObject, member, text } from '../json.ts';

/** Names under which an SBOM says from which commit it was made. */
const COMMIT_PROPERTIES = new Set(['countersign:commit', 'git:commit']);

/** CycloneDX JSON: counted at the top level; whether it is valid is for its own version's schema to say. */
export const cyclonedx: JsonFormat = {
  kind: 'cyclonedx',
  looksLike: ({ root, keys }) => root === 'object' && keys.has('bomFormat') && keys.has('specVersion'),
  confirm: (value) => member(value, 'bomFormat') === 'CycloneDX',
  read: (value) => {
    const components = elements(member(value, 'components'));
    const metadata = member(value, 'metadata');
    const subject = member(metadata, 'component');
    const tool = toolOf(metadata);
    return {
      ...OPAQUE,
      content: {
        type: 'sbom',
        specVersion: text(member(value, 'specVersion')) ?? '',
        subject: isObject(subject) ? { name: text(member(subject, 'name')), version: text(member(subject, 'version')) } : null,
        components: components.length,
        purls: components.filter((component) => text(member(component, 'purl')) !== null).length,
        schemaErrors: null,
      },
      counts: { components: components.length },
      tool,
      produced: instantOf(member(metadata, 'timestamp')),
      commits: [...new Set([...commitsIn(metadata), ...commitsIn(subject)])],
    };
  },
};

/** Tools are a list up to 1.4, and components or services from 1.5 on. */
function toolOf(metadata: unknown): { name: string; version: string | null } | null {
  const tools = member(metadata, 'tools');
  const [first] = Array.isArray(tools) ? elements(tools) : elements(member(tools, 'components'));
  const name = text(member(first, 'name'));
  return name === null ? null : { name, version: text(member(first, 'version')) };
}

function commitsIn(holder: unknown): string[] {
  return elements(member(holder, 'properties')).flatMap((property) => {
    const value = text(member(property, 'value'))?.toLowerCase() ?? '';
    return COMMIT_PROPERTIES.has(text(member(property, 'name')) ?? '') && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? [value] : [];
  });
}

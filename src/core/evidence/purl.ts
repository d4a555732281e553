/**
 * A package URL in the form in which two are compared: type, namespace, name and version, decoded, without qualifiers
 * and subpath; PyPI's names as PEP 503 writes them. Null for what is none (purl specification, "Rules for each component").
 */
export function plainPurl(purl: string): string | null {
  const [, type = '', rest = ''] = /^pkg:\/{0,2}([A-Za-z][A-Za-z0-9.+-]*)\/([^?#]+)/.exec(purl.slice(0, 2_000)) ?? [];
  if (type === '') return null;
  const at = rest.lastIndexOf('@');
  const [path, version] = at > 0 ? [rest.slice(0, at), rest.slice(at + 1)] : [rest, ''];
  const name = decoded(path).replace(/\/+$/, '');
  const kind = type.toLowerCase();
  const plain = kind === 'pypi' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : kind === 'npm' ? name.toLowerCase() : name;
  return `pkg:${kind}/${plain}${version === '' ? '' : `@${decoded(version)}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // What is no percent-encoding stands for itself.
    return text;
  }
}

import { member, text, type JsonObject } from '../json.ts';

/** HTTP methods that a path may describe (OpenAPI 3.1 §4.8.9, Swagger 2.0 "Path Item Object"; 3.2 adds `query`). */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

/** What a reference within the document points to; one that leads elsewhere, or in a circle, is itself. */
export function resolved(whole: JsonObject, given: unknown): unknown {
  let value = given;
  for (let step = 0; step < 8; step += 1) {
    const reference = text(member(value, '$ref'));
    if (reference === null || !reference.startsWith('#/')) return value;
    let at: unknown = whole;
    for (const part of reference.slice(2).split('/')) at = Array.isArray(at) ? (at as readonly unknown[])[/^\d{1,7}$/.test(part) ? Number(part) : -1] : member(at, decoded(part));
    if (at === undefined) return value;
    value = at;
  }
  return value;
}

/** A part of a JSON pointer in a URI fragment (RFC 6901 §6). */
function decoded(part: string): string {
  let plain = part;
  try {
    plain = decodeURIComponent(part);
  } catch {
    // What is no percent-encoding stands for itself.
  }
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

import { isAlias, isCollection, isMap, isScalar, parseDocument, type Document } from 'yaml';
import type { ApiOperation, EvidenceLimits } from '../../model/evidence.ts';
import { linesOf, OPAQUE, UnusableEvidence, type JsonFormat, type Reading, type TextFormat } from '../format.ts';
import { elements, has, isObject, member, text, type JsonObject } from '../json.ts';
import { faultsOf } from './openapi-faults.ts';
import { METHODS, resolved } from './openapi-parts.ts';

/** YAML takes far longer to parse than JSON, so less of it is read; characters. */
const MAX_YAML = 4_000_000;
/** What a parser needs grows with the nodes of a document: members and elements, counted as what stands between them. */
const MAX_NODES = 150_000;
/** The parser looks for each alias from the beginning of the document. */
const MAX_ALIASES = 1_000;
const MAX_OPERATIONS = 20_000;

/** An API description as JSON: OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0. */
export const openapiJson: JsonFormat = {
  syntax: 'json',
  kind: 'openapi',
  looksLike: (value, whole) => isObject(value) && versionOf(value) !== null && (!whole || has(value, 'info') || has(value, 'paths')),
  read: (value, limits) => readDescription(value as JsonObject, limits),
};

/** The same as YAML. */
export const openapiYaml: TextFormat = {
  syntax: 'text',
  kind: 'openapi',
  looksLike: (head) => beginsLikeYaml(head) && /^(?:openapi:[ \t]*["']?3\.\d|swagger:[ \t]*["']?2\.0)/m.test(head) && /^(?:info|paths|components|servers|tags|webhooks|definitions|host|basePath|schemes|security|externalDocs):/m.test(head),
  read: (whole, limits, onDocument) => {
    if (whole.length > MAX_YAML) throw new UnusableEvidence('too-large', `it is ${whole.length} characters of YAML; ${MAX_YAML} are read`);
    if (nodesIn(whole) > MAX_NODES) throw new UnusableEvidence('too-large', `it holds more than ${MAX_NODES} lines and elements of YAML`);
    let value: unknown;
    try {
      const document = parseDocument(whole, { uniqueKeys: false, merge: false, logLevel: 'silent' });
      const [first] = document.errors;
      if (first !== undefined) throw new UnusableEvidence('malformed', `this is not YAML: ${first.message.split('\n')[0] ?? ''}`);
      const twice = keyTwice(document);
      if (twice !== null) throw new UnusableEvidence('malformed', `this is not YAML: the key "${twice.slice(0, 80)}" stands twice in one map`);
      value = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      if (cause instanceof UnusableEvidence) throw cause;
      throw new UnusableEvidence('malformed', `this YAML cannot be read: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`);
    }
    if (!isObject(value)) throw new UnusableEvidence('malformed', 'it is not a map');
    onDocument(value);
    return readDescription(value, limits);
  },
};

function nodesIn(whole: string): number {
  let nodes = 0;
  for (let at = 0; at < whole.length && nodes <= MAX_NODES; at += 1) {
    const code = whole.charCodeAt(at);
    // Line feed, comma, and what opens a list or a map.
    if (code === 0x0a || code === 0x2c || code === 0x5b || code === 0x7b) nodes += 1;
  }
  return nodes;
}

/**
 * A key that a map has twice (YAML 1.2.2 §3.2.1.3); the parser's own search takes the square of a map's size.
 * Throws `UnusableEvidence` where there are too many aliases.
 */
function keyTwice(document: Document): string | null {
  const open: unknown[] = [document.contents];
  let aliases = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MAX_ALIASES) throw new UnusableEvidence('too-large', `it has more than ${MAX_ALIASES} aliases`);
    } else if (isMap(node)) {
      const keys = new Set<unknown>();
      for (const { key, value } of node.items) {
        const name: unknown = isScalar(key) ? key.value : key;
        if (keys.has(name)) return String(name);
        keys.add(name);
        open.push(value ?? null);
      }
    } else if (isCollection(node)) for (const item of node.items) open.push(item ?? null);
  }
  return null;
}

function versionOf(value: JsonObject): string | null {
  const version = text(member(value, 'openapi')) ?? text(member(value, 'swagger'));
  return version !== null && /^(?:3\.\d+(?:\.\d+)?(?:-\S+)?|2\.0)$/.test(version) ? version : null;
}

function readDescription(value: JsonObject, limits: EvidenceLimits): Reading {
  const specVersion = versionOf(value);
  if (specVersion === null) throw new UnusableEvidence('unsupported-version', 'it names no version of OpenAPI 3 or Swagger 2 that is read');
  const info = member(value, 'info');
  return {
    ...OPAQUE,
    content: {
      type: 'api', specVersion, title: text(member(info, 'title'))?.slice(0, 300) ?? null, version: text(member(info, 'version'))?.slice(0, 100) ?? null,
      operations: operationsOf(value), faults: faultsOf(value, specVersion).slice(0, limits.kept),
    },
  };
}

function operationsOf(value: JsonObject): ApiOperation[] {
  const paths = member(value, 'paths');
  if (!isObject(paths)) return [];
  const operations: ApiOperation[] = [];
  for (const [path, given] of Object.entries(paths)) {
    const item = resolved(value, given);
    for (const method of METHODS) {
      const operation = member(item, method);
      if (!isObject(operation)) continue;
      if (operations.length >= MAX_OPERATIONS) throw new UnusableEvidence('too-large', `it describes more than ${MAX_OPERATIONS} operations`);
      operations.push(operationOf(value, path, method, item, operation));
    }
  }
  return operations;
}

function operationOf(whole: JsonObject, path: string, method: string, item: unknown, operation: JsonObject): ApiOperation {
  // An operation's own parameter replaces its path's of the same name and place.
  const parameters = new Map<string, boolean>();
  let bodyRequired: boolean | null = null;
  for (const given of [...elements(member(item, 'parameters')), ...elements(member(operation, 'parameters'))]) {
    const parameter = resolved(whole, given);
    const place = text(member(parameter, 'in')) ?? '';
    if (place === 'body') bodyRequired = member(parameter, 'required') === true;
    else parameters.set(`${place}:${text(member(parameter, 'name')) ?? ''}`.slice(0, 300), member(parameter, 'required') === true);
  }
  const body = member(operation, 'requestBody');
  if (body !== undefined) bodyRequired = member(resolved(whole, body), 'required') === true;
  const responses = member(operation, 'responses');
  return {
    path: path.slice(0, 1_000), method, parameters: [...parameters].map(([name, required]) => ({ name, required })), bodyRequired,
    responses: isObject(responses) ? Object.keys(responses).filter((code) => !code.startsWith('x-')) : [], deprecated: member(operation, 'deprecated') === true,
  };
}

/** Everything at the margin before its version is a member, a comment or a marker: a page that shows one in passing is none. */
function beginsLikeYaml(head: string): boolean {
  for (const line of linesOf(head)) {
    if (/^(?:openapi|swagger):/.test(line)) return true;
    if (!/^(?:\s|$|#|---|%YAML|["']?[\w.-]+["']?\s*:(?:\s|$)|- )/.test(line)) return false;
  }
  return false;
}

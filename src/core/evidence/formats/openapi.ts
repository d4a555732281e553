import { parseDocument } from 'yaml';
import type { ApiOperation, EvidenceLimits } from '../../model/evidence.ts';
import { linesOf, OPAQUE, UnusableEvidence, type JsonFormat, type Reading, type TextFormat } from '../format.ts';
import { elements, has, isObject, member, text, type JsonObject } from '../json.ts';
import { faultsOf } from './openapi-faults.ts';
import { METHODS, resolved } from './openapi-parts.ts';

/** YAML takes far longer to parse than JSON, so less of it is read; characters. */
const MAX_YAML = 4_000_000;
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
  read: (whole, limits) => {
    if (whole.length > MAX_YAML) throw new UnusableEvidence('too-large', `it is ${whole.length} characters of YAML; ${MAX_YAML} are read`);
    let value: unknown;
    try {
      const document = parseDocument(whole, { uniqueKeys: true, merge: false, logLevel: 'silent' });
      const [first] = document.errors;
      if (first !== undefined) throw new UnusableEvidence('malformed', `this is not YAML: ${first.message.split('\n')[0] ?? ''}`);
      value = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      if (cause instanceof UnusableEvidence) throw cause;
      throw new UnusableEvidence('malformed', `this YAML cannot be read: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`);
    }
    if (!isObject(value)) throw new UnusableEvidence('malformed', 'it is not a map');
    return readDescription(value, limits);
  },
};

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

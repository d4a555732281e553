import { elements, isObject, member, text, type JsonObject } from '../json.ts';
import { METHODS, resolved } from './openapi-parts.ts';

const NAME = /^[a-zA-Z0-9._-]+$/;
const MAX_DEPTH = 60;
const TYPES: ReadonlySet<string> = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string', 'null']);

/** What is wrong inside of one operation (OpenAPI 3.0.4 §4.8.10, §4.8.12, §4.8.16, §4.8.17; Swagger 2.0 "Operation Object"). */
export function operationFaults(whole: JsonObject, version: string, place: string, operation: JsonObject, lists: readonly (readonly unknown[])[]): string[] {
  const parameters = lists.map((list) => list.map((one) => resolved(whole, one)));
  return [...responseFaults(whole, version, place, member(operation, 'responses')), ...parameters.flatMap((list) => duplicates(list, place)), ...parameters.flat().flatMap((one) => parameterFaults(one, version, place)), ...(version === '2.0' ? bodyFaults(parameters, place) : [])];
}

/** Names of responses are status codes, classes of them or `default`; each response is described. */
function responseFaults(whole: JsonObject, version: string, place: string, responses: unknown): string[] {
  if (!isObject(responses)) return [];
  const code = version === '2.0' ? /^(?:default|[1-5]\d\d)$/ : /^(?:default|[1-5](?:\d\d|XX))$/;
  return Object.entries(responses).flatMap(([name, given]) => {
    if (name.startsWith('x-')) return [];
    const response = resolved(whole, given);
    return [
      ...(code.test(name) ? [] : [`${place}: "${name.slice(0, 40)}" is no status code`]),
      ...(!isObject(response) || (text(member(response, '$ref')) === null && text(member(response, 'description')) === null && !version.startsWith('3.2')) ? [`${place}: the response ${name.slice(0, 40)} has no description`] : []),
    ];
  });
}

/** A parameter is unique by its name and place; HTTP headers regardless of case. */
function duplicates(parameters: readonly unknown[], place: string): string[] {
  const seen = new Set<string>();
  return parameters.flatMap((parameter) => {
    const where = text(member(parameter, 'in'));
    const name = text(member(parameter, 'name'));
    if (where === null || name === null) return [];
    const key = `${where}:${where === 'header' ? name.toLowerCase() : name}`;
    if (seen.has(key)) return [`${place}: the parameter ${key.slice(0, 100)} is given twice`];
    seen.add(key);
    return [];
  });
}

function parameterFaults(parameter: unknown, version: string, place: string): string[] {
  const where = text(member(parameter, 'in'));
  if (!isObject(parameter) || where === null || text(member(parameter, '$ref')) !== null) return [];
  const named = `${place}: the parameter ${(text(member(parameter, 'name')) ?? '').slice(0, 100)}`;
  const places = version === '2.0' ? ['path', 'query', 'header', 'formData', 'body'] : ['path', 'query', 'header', 'cookie', ...(version.startsWith('3.2') ? ['querystring'] : [])];
  if (!places.includes(where)) return [`${named} is in "${where.slice(0, 40)}", which is no place for one`];
  const schema = member(parameter, 'schema');
  const content = member(parameter, 'content');
  if (version === '2.0') {
    if (where === 'body') return schema === undefined ? [`${named} has no schema`] : [];
    const type = text(member(parameter, 'type'));
    if (type === null || !['string', 'number', 'integer', 'boolean', 'array', 'file'].includes(type)) return [`${named} has no type that it may have`];
    if (type === 'file' && where !== 'formData') return [`${named} is a file outside of a form`];
    return type === 'array' && !isObject(member(parameter, 'items')) ? [`${named} is a list without items`] : [];
  }
  if (schema !== undefined && content !== undefined) return [`${named} has both a schema and a content`];
  if (schema === undefined && content === undefined) return [`${named} has neither a schema nor a content`];
  return isObject(content) && Object.keys(content).length !== 1 ? [`${named} has not exactly one content`] : [];
}

/** At most one body, and none beside a form (Swagger 2.0 "Parameter Object"). An operation's own body replaces its path's. */
function bodyFaults(lists: readonly (readonly unknown[])[], place: string): string[] {
  const bodies = new Set(lists.flat().filter((one) => member(one, 'in') === 'body').map((one) => member(one, 'name')));
  const form = lists.flat().some((one) => member(one, 'in') === 'formData');
  return [...(bodies.size > 1 ? [`${place} has several bodies`] : []), ...(bodies.size > 0 && form ? [`${place} has a body and a form`] : [])];
}

/** What is wrong with reusable parts: their names, security schemes and schemas (OpenAPI 3.0.4 §4.8.7, §4.8.27; Swagger 2.0). */
export function componentFaults(whole: JsonObject, version: string): string[] {
  const components = member(whole, 'components');
  const names = isObject(components) ? Object.entries(components).flatMap(([kind, parts]) => (isObject(parts) && !kind.startsWith('x-') ? Object.keys(parts).filter((name) => !NAME.test(name) && !name.startsWith('x-')).map((name) => `components.${kind.slice(0, 40)}: "${name.slice(0, 100)}" is no name that a part may have`) : [])) : [];
  const schemes = version === '2.0' ? member(whole, 'securityDefinitions') : member(components, 'securitySchemes');
  const schemas = version === '2.0' ? member(whole, 'definitions') : member(components, 'schemas');
  return [
    ...names,
    ...(isObject(schemes) ? Object.entries(schemes).flatMap(([name, scheme]) => schemeFaults(resolved(whole, scheme), version).map((fault) => `the security scheme ${name.slice(0, 100)} ${fault}`)) : []),
    ...(isObject(schemas) ? Object.entries(schemas).flatMap(([name, schema]) => schemaFaults(schema, version, `the schema ${name.slice(0, 100)}`, 0)) : []),
  ];
}

function schemeFaults(scheme: unknown, version: string): string[] {
  const needed: Readonly<Record<string, readonly string[]>> = version === '2.0'
    ? { basic: [], apiKey: ['name', 'in'], oauth2: ['flow', 'scopes'] }
    : { apiKey: ['name', 'in'], http: ['scheme'], oauth2: ['flows'], openIdConnect: ['openIdConnectUrl'], mutualTLS: [] };
  // What stands in another document is not followed.
  if (text(member(scheme, '$ref')) !== null) return [];
  const type = text(member(scheme, 'type')) ?? '';
  if (!Object.hasOwn(needed, type)) return ['has no type that there is'];
  const lacking = (needed[type] ?? []).filter((field) => member(scheme, field) === undefined);
  if (lacking.length > 0) return lacking.map((field) => `has no ${field}`);
  const places = version === '2.0' ? ['query', 'header'] : ['query', 'header', 'cookie'];
  return type === 'apiKey' && !places.includes(text(member(scheme, 'in')) ?? '') ? ['has its key in a place that there is not'] : [];
}

/** Types that there are; in 2.0 and 3.0 a list says what is in it. */
function schemaFaults(schema: unknown, version: string, place: string, depth: number): string[] {
  if (!isObject(schema) || depth > MAX_DEPTH || text(member(schema, '$ref')) !== null) return [];
  const type = member(schema, 'type');
  const types = Array.isArray(type) ? (type as readonly unknown[]) : type === undefined ? [] : [type];
  const faults = types.some((one) => typeof one !== 'string' || !(TYPES.has(one) || (version === '2.0' && one === 'file'))) ? [`${place} has a type that there is not`] : [];
  if (type === 'array' && member(schema, 'items') === undefined && !/^3\.[1-9]/.test(version)) faults.push(`${place} is a list without items`);
  const properties = member(schema, 'properties');
  const inner = [...(isObject(properties) ? Object.values(properties) : []), member(schema, 'items'), member(schema, 'additionalProperties'), ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => elements(member(schema, key)))];
  return [...faults, ...inner.flatMap((one) => schemaFaults(one, version, place, depth + 1))];
}

/** Two templates that differ only in the names of their parameters are one path (OpenAPI 3.0.4 §4.8.8). */
export function pathsFaults(paths: JsonObject): string[] {
  const seen = new Map<string, string>();
  return Object.entries(paths).flatMap(([path, item]) => {
    if (!isObject(item) || !METHODS.some((method) => Object.hasOwn(item, method))) return [];
    const shape = path.slice(0, 1_000).replaceAll(/\{[^{}]*\}/g, '{}');
    const other = seen.get(shape);
    seen.set(shape, path);
    return other === undefined ? [] : [`${path.slice(0, 200)} is the same path as ${other.slice(0, 200)}`];
  });
}

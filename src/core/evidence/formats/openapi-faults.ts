import { elements, isObject, member, text, type JsonObject } from '../json.ts';
import { METHODS, resolved } from './openapi-parts.ts';
import { componentFaults, operationFaults, pathsFaults } from './openapi-rules.ts';

/**
 * What is wrong with an API description against the fixed rules of its specification (OpenAPI 3.1 §4.8, Swagger 2.0):
 * fields that must be there, paths, parameters, responses, operation ids, and references that lead nowhere.
 */
export function faultsOf(value: JsonObject, version: string): string[] {
  const faults: string[] = [];
  const info = member(value, 'info');
  if (!isObject(info)) faults.push('info is missing');
  for (const field of ['title', 'version']) if (isObject(info) && text(member(info, field)) === null) faults.push(`info.${field} is missing`);
  const paths = member(value, 'paths');
  const mustHavePaths = version === '2.0' || version.startsWith('3.0');
  if (paths === undefined && mustHavePaths) faults.push('paths is missing');
  if (paths === undefined && !mustHavePaths && member(value, 'components') === undefined && member(value, 'webhooks') === undefined) faults.push('one of paths, components and webhooks must be there');
  if (paths !== undefined && !isObject(paths)) faults.push('paths is not an object');
  const ids = new Set<string>();
  if (isObject(paths)) for (const [path, item] of Object.entries(paths)) if (!path.startsWith('x-')) faults.push(...pathFaults(value, version, path, item, ids));
  if (isObject(paths)) for (const fault of pathsFaults(paths)) faults.push(fault);
  for (const fault of componentFaults(value, version)) faults.push(fault);
  for (const fault of danglingReferences(value)) faults.push(fault);
  return faults;
}

function pathFaults(whole: JsonObject, version: string, path: string, given: unknown, ids: Set<string>): string[] {
  const faults: string[] = [];
  if (!path.startsWith('/')) faults.push(`path "${path.slice(0, 200)}" does not begin with a slash`);
  const item = resolved(whole, given);
  if (!isObject(item)) return [...faults, `${path} is not an object`];
  for (const method of METHODS) {
    const operation = member(item, method);
    if (operation === undefined) continue;
    const place = `${method.toUpperCase()} ${path.slice(0, 200)}`;
    if (!isObject(operation)) {
      faults.push(`${place} is not an object`);
      continue;
    }
    const responses = member(operation, 'responses');
    if (responses === undefined ? !whole3_1(whole) : !isObject(responses)) faults.push(`${place} has no responses`);
    const id = text(member(operation, 'operationId'));
    if (id !== null && ids.has(id)) faults.push(`${place}: the operationId "${id.slice(0, 100)}" is used a second time`);
    if (id !== null) ids.add(id);
    const lists = [elements(member(item, 'parameters')), elements(member(operation, 'parameters'))];
    faults.push(...parameterFaults(whole, path, place, lists.flat()), ...operationFaults(whole, version, place, operation, lists));
  }
  return faults;
}

/** From 3.1 on an operation may leave its responses out. */
function whole3_1(whole: JsonObject): boolean {
  return /^3\.[1-9]/.test(text(member(whole, 'openapi')) ?? '');
}

function parameterFaults(whole: JsonObject, path: string, place: string, given: readonly unknown[]): string[] {
  const faults: string[] = [];
  const inPath = new Set<string>();
  for (const parameter of given.map((one) => resolved(whole, one))) {
    const name = text(member(parameter, 'name'));
    const where = text(member(parameter, 'in'));
    if (text(member(parameter, '$ref')) !== null) continue;
    if (name === null || where === null) faults.push(`${place}: a parameter has no name or no place`);
    else if (where === 'path') {
      inPath.add(name);
      if (member(parameter, 'required') !== true) faults.push(`${place}: the path parameter "${name.slice(0, 100)}" is not required`);
    }
  }
  const hasReference = given.some((one) => text(member(resolved(whole, one), '$ref')) !== null);
  for (const [, name = ''] of path.slice(0, 1_000).matchAll(/\{([^{}]+)\}/g)) if (!inPath.has(name) && !hasReference) faults.push(`${place}: nothing describes {${name.slice(0, 100)}}`);
  return faults;
}

const DATA: ReadonlySet<string> = new Set(['example', 'default', 'const', 'enum', 'value']);
const MAX_NODES = 500_000;

/** References to places of the document that are not there. References to other files are not followed. */
function danglingReferences(whole: JsonObject): string[] {
  const faults = new Set<string>();
  const open: unknown[] = [whole];
  const seen = new Set<unknown>();
  for (let looked = 0; open.length > 0 && looked < MAX_NODES; looked += 1) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const reference = text(member(value, '$ref'));
    if (reference?.startsWith('#/') === true && resolved(whole, value) === value) faults.add(`the reference ${reference.slice(0, 200)} leads nowhere`);
    // One at a time: a call takes only so many arguments. What is an example or a value is data, not description.
    for (const [key, inner] of Object.entries(value)) if (!DATA.has(key)) open.push(inner);
  }
  return [...faults];
}

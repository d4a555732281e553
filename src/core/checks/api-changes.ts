import type { ApiOperation } from '../model/evidence.ts';

/** What differs between two descriptions of one API, in words. */
export interface ApiChanges {
  /** Operations that are new, gone or otherwise described. */
  readonly changed: readonly string[];
  /** Of what changed, what a caller of the older one would stumble over. */
  readonly breaking: readonly string[];
}

/** Compares the operations of two descriptions; names of path parameters do not tell paths apart. */
export function changesBetween(before: readonly ApiOperation[], after: readonly ApiOperation[]): ApiChanges {
  const [old, current] = [byName(before), byName(after)];
  const changed: string[] = [];
  const breaking: string[] = [];
  for (const [name, operation] of old) {
    const now = current.get(name);
    if (now === undefined) breaking.push(`${nameOf(operation)} was removed`);
    else breaking.push(...stumbles(operation, now));
    if (now === undefined || described(now) !== described(operation)) changed.push(nameOf(operation));
  }
  for (const [name, operation] of current) if (!old.has(name)) changed.push(nameOf(operation));
  return { changed, breaking };
}

function stumbles(before: ApiOperation, after: ApiOperation): string[] {
  const name = nameOf(after);
  const known = new Map(before.parameters.map((parameter) => [parameter.name, parameter.required]));
  const required = after.parameters.filter((parameter) => parameter.required && known.get(parameter.name) !== true && !parameter.name.startsWith('path:'));
  return [
    ...required.map((parameter) => `${name} now needs ${parameter.name}`),
    ...(after.bodyRequired === true && before.bodyRequired !== true ? [`${name} now needs a body`] : []),
    ...before.responses.filter((code) => !after.responses.includes(code)).map((code) => `${name} no longer answers ${code}`),
  ];
}

function byName(operations: readonly ApiOperation[]): Map<string, ApiOperation> {
  return new Map(operations.map((operation) => [`${operation.method} ${operation.path.replaceAll(/\{[^{}]*\}/g, '{}')}`, operation]));
}

function nameOf({ method, path }: ApiOperation): string {
  return `${method.toUpperCase()} ${path}`;
}

function described({ parameters, bodyRequired, responses, deprecated }: ApiOperation): string {
  const asked = parameters.filter(({ name }) => !name.startsWith('path:')).map(({ name, required }) => `${name}=${required}`).sort();
  return JSON.stringify([asked, bodyRequired, [...responses].sort(), deprecated]);
}

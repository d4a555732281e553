import { describe, expect, test } from 'vitest';
import { LIMITS, read } from './reading.ts';

const ok = { 200: { description: 'x' } };
const three = (more: object, version = '3.0.3'): object => ({ openapi: version, info: { title: 'x', version: '1' }, paths: {}, ...more });
const operation = (more: object, path = '/a', version = '3.0.3'): object => three({ paths: { [path]: { get: { responses: ok, ...more } } } }, version);
const two = (more: object): object => ({ swagger: '2.0', info: { title: 'x', version: '1' }, paths: { '/a': { post: { responses: ok, ...more } } } });

function faults(content: object | string): readonly string[] {
  const { content: said } = read(content);
  return said.type === 'api' ? said.faults : ['it was not read'];
}

describe('faults against the specification', () => {
  test.each<[what: string, description: object, says: RegExp | null]>([
    ['none', operation({}), null],
    ['no paths in 3.0', { openapi: '3.0.0', info: { title: 'x', version: '1' } }, /paths is missing/],
    ['webhooks alone in 3.1', { openapi: '3.1.0', info: { title: 'x', version: '1' }, webhooks: {} }, null],
    ['no title', { openapi: '3.1.0', info: { version: '1' }, paths: {} }, /info\.title is missing/],
    ['a version that is a number', { openapi: '3.1.0', info: { title: 'x', version: 1 }, paths: {} }, /info\.version is missing/],
    ['a path without a slash', operation({}, 'a'), /does not begin with a slash/],
    ['a path parameter that nothing describes', operation({}, '/a/{id}'), /nothing describes \{id\}/],
    ['a path parameter that is not required', operation({ parameters: [{ name: 'id', in: 'path', schema: {} }] }, '/a/{id}'), /"id" is not required/],
    ['a reference that leads nowhere', operation({ parameters: [{ $ref: '#/components/parameters/x' }] }), /leads nowhere/],
    ['what looks like a reference in an example', three({ components: { schemas: { A: { type: 'object', example: { $ref: '#/x' } } } } }), null],
    ['a reference into a list', operation({ parameters: [{ name: 'a', in: 'query', schema: {} }], requestBody: { $ref: '#/paths/~1a/get/parameters/0' } }), null],
    ['no responses in 3.0', operation({ responses: undefined }), /has no responses/],
    ['no responses in 3.1', operation({ responses: undefined }, '/a', '3.1.0'), null],
    ['a response without a description', operation({ responses: { 200: {} } }), /200 has no description/],
    ['a name that is no status code', operation({ responses: { ok: { description: 'x' } } }), /"ok" is no status code/],
    ['a parameter twice', operation({ parameters: [{ name: 'A', in: 'header', schema: {} }, { name: 'a', in: 'header', schema: {} }] }), /header:a is given twice/],
    ['a parameter nowhere', operation({ parameters: [{ name: 'A', in: 'body', schema: {} }] }), /which is no place/],
    ['a parameter without a schema', operation({ parameters: [{ name: 'A', in: 'query' }] }), /neither a schema nor a content/],
    ['a type that there is not', three({ components: { schemas: { A: { type: 'text' } } } }), /schema A has a type/],
    ['a list without items', three({ components: { schemas: { A: { type: 'array' } } } }), /list without items/],
    ['the same in 3.1', three({ components: { schemas: { A: { type: ['array', 'null'] } } } }, '3.1.0'), null],
    ['a security scheme without its field', three({ components: { securitySchemes: { a: { type: 'apiKey', in: 'header' } } } }), /scheme a has no name/],
    ['a name with a space', three({ components: { schemas: { 'A B': {} } } }), /no name that a part may have/],
    ['two paths that are one', three({ paths: { '/a/{b}': { get: { responses: ok, parameters: [{ name: 'b', in: 'path', required: true, schema: {} }] } }, '/a/{c}': { get: { responses: ok, parameters: [{ name: 'c', in: 'path', required: true, schema: {} }] } } } }), /the same path/],
    ['Swagger 2.0', two({ parameters: [{ name: 'b', in: 'body', schema: {} }] }), null],
    ['Swagger 2.0 with a body and a form', two({ parameters: [{ name: 'b', in: 'body', schema: {} }, { name: 'c', in: 'formData', type: 'string' }] }), /a body and a form/],
    ['Swagger 2.0 with a parameter of no type', two({ parameters: [{ name: 'c', in: 'query' }] }), /has no type/],
  ])('%s', (_, description, says) => {
    if (says === null) expect(faults(description)).toEqual([]);
    else expect(faults(description)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
  });
});

describe('YAML', () => {
  const head = 'openapi: "3.0.3"\ninfo: {title: x, version: "1"}\n';
  test.each<[what: string, text: string, expected: object]>([
    ['a description', `${head}paths:\n  /a:\n    get: {responses: {200: {description: x}}}\n`, { kind: 'openapi', problem: null }],
    ['aliases that multiply', `${head}a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefgh'[at] ?? ''}`).join(',')}]\n`).join('')}`, { kind: 'openapi', problem: { code: 'malformed' } }],
    ['lists without end', `${head}a: ${'['.repeat(20_000)}\n`, { kind: 'openapi', problem: { code: 'malformed' } }],
    ['aliases without end', `${head}x: [&a 1]\ny: [${'*a,'.repeat(1_100)}1]\n`, { kind: 'openapi', problem: { code: 'too-large' } }],
    ['lines without end', `${head}x:\n${'- 1\n'.repeat(310_000)}`, { kind: 'openapi', problem: { code: 'too-large' } }],
    ['a tab', `${head}paths:\n\t/a: {}\n`, { kind: 'openapi', problem: { code: 'malformed' } }],
    ['one key twice', `${head}paths: {}\npaths: {}\n`, { kind: 'openapi', problem: { code: 'malformed' } }],
    ['AsyncAPI', 'asyncapi: 3.0.0\ninfo: {title: x, version: "1"}\n', { kind: 'unrecognised' }],
    ['a workflow', 'name: x\non: push\njobs: {}\n', { kind: 'unrecognised' }],
    ['a version of a tool', 'openapi: 3.1.0\nname: x\n', { kind: 'unrecognised' }],
  ])('%s', (_, text, expected) => {
    expect(read(text).file).toMatchObject(expected);
  });

  test('more than is read is refused', () => {
    expect(read(`${head}#${'x'.repeat(5_000_000)}\n`, { ...LIMITS }).file.problem?.code).toBe('too-large');
  });
});

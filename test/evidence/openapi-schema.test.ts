import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/main/adapters/evidence-folder.ts';
import { LIMITS } from './reading.ts';

async function faults(description: object | string): Promise<readonly string[]> {
  const { content } = await readDocument('openapi', Buffer.from(typeof description === 'string' ? description : JSON.stringify(description)), LIMITS);
  return content.type === 'api' ? content.faults : ['it was not read'];
}

const INFO = { title: 'x', version: '1' };
const ok = { 200: { description: 'x' } };
const described = (version: string, more: object = {}): object => (version === '2.0' ? { swagger: version, info: INFO, paths: {}, ...more } : { openapi: version, info: INFO, paths: {}, ...more });

describe('the published schema of a description’s own version', () => {
  test.each(['2.0', '3.0.0', '3.0.4', '3.1.0', '3.1.1', '3.2.0'])('%s is held against it', async (version) => {
    expect(await faults(described(version, { paths: { '/a': { get: { responses: ok, tags: ['a', 'b'] } } } }))).toEqual([]);
    expect(await faults(described(version, { nonsense: true }))).toEqual([expect.stringMatching(/^the description has a field "nonsense", which the specification does not have there/)]);
    expect(await faults(described(version, { paths: { '/a': { get: { responses: ok, tags: 'a' } } } }))).toEqual([expect.stringMatching(/^paths › \/a › get › tags must be array/)]);
  });

  test.each<[what: string, description: object | string, says: RegExp]>([
    ['as YAML', 'openapi: 3.0.3\ninfo: {title: x, version: "1"}\npaths: {}\nservers: [{}]\n', /^servers › 0 must have required property 'url'/],
    ['tags that are there twice', described('3.0.3', { paths: { '/a': { get: { responses: ok, servers: [{ url: '/' }], parameters: [{ $ref: '#/components/parameters/a' }, { $ref: '#/components/parameters/a' }] } } }, components: { parameters: { a: { name: 'a', in: 'query', schema: {} } } } }), /duplicate|twice/],
    ['a word of 3.1 in 3.0', described('3.0.3', { components: { schemas: { A: { const: 1 } } } }), /"const", which the specification does not have there/],
    ['a version that has no schema', described('3.9.0'), /there is no schema for OpenAPI 3\.9\.0/],
  ])('%s', async (_, description, says) => {
    expect(await faults(description)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
  });

  test('what the plain rules say is said in their words', async () => {
    expect(await faults(described('3.0.3', { info: { version: '1' }, nonsense: 1 }))).toEqual(['info.title is missing']);
  });

  test('a scheme that another document describes is no fault', async () => {
    expect(await faults(described('3.1.0', { components: { securitySchemes: { a: { $ref: 'https://example.com/a.json#/b' } } } }))).toEqual([]);
  });

  test('50,000 tags take no time to compare', async () => {
    const tags = Array.from({ length: 50_000 }, (_, at) => ({ name: `t${at}` }));
    expect(await faults(described('3.0.3', { tags }))).toEqual([]);
  }, 10_000);
});

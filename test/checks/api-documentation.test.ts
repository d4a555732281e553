import { describe, expect, test } from 'vitest';
import type { RepositoryDocument } from '../../src/core/checks/check.ts';
import type { ApiOperation } from '../../src/core/model/evidence.ts';
import { bare, COMMIT, item, judge } from './facts.ts';

const operation = (path: string, more: Partial<ApiOperation> = {}): ApiOperation => ({ path, method: 'get', parameters: [], bodyRequired: null, responses: ['200', '404'], deprecated: false, ...more });

function description(version: string | null, operations: readonly ApiOperation[], more: { faults?: readonly string[]; path?: string } = {}): RepositoryDocument {
  const path = `repository:${more.path ?? 'openapi.yaml'}`;
  const content = { type: 'api' as const, specVersion: '3.1.0', title: 'x', version, operations, faults: more.faults ?? [] };
  return { path, sha256: 'b'.repeat(64), text: '', item: item({ kind: 'openapi', path }, content, COMMIT) };
}

const plain: RepositoryDocument = { path: 'repository:openapi.yaml', sha256: 'b'.repeat(64), text: 'x', item: null };
const one = [operation('/a/{id}')];

describe('api-documentation', () => {
  test.each<[what: string, now: readonly RepositoryDocument[], before: readonly RepositoryDocument[], status: string, says: RegExp]>([
    ['no API at all', [], [], 'not-applicable', /none looks like the code of one/],
    ['a new description', [description('1.0.0', one)], [], 'passed', /openapi\.yaml is valid \(OpenAPI 3\.1\.0, version 1\.0\.0, 1 operation\), and new/],
    ['one where the last release had something else under its name', [description('1.0.0', one)], [plain], 'passed', /v1\.0\.0 described nothing under this name that could be read, so it is compared with nothing/],
    ['faults', [description('1.0.0', one, { faults: ['info.title is missing'] })], [], 'failed', /1 fault against its specification/],
    ['something else under its name', [plain], [], 'failed', /is no OpenAPI or Swagger description/],
    ['nothing changed', [description('1.0.0', one)], [description('1.0.0', one)], 'passed', /no operation changed since v1\.0\.0/],
    ['another name for a path parameter', [description('1.0.0', [operation('/a/{key}')])], [description('1.0.0', one)], 'passed', /no operation changed/],
    ['a new operation under the old version', [description('1.0.0', [...one, operation('/b')])], [description('1.0.0', one)], 'failed', /1 operation changed since v1\.0\.0, but its version is still 1\.0\.0/],
    ['a new operation under a new version', [description('1.1.0', [...one, operation('/b')])], [description('1.0.0', one)], 'passed', /up from 1\.0\.0; 1 operation changed$/],
    ['a lower version', [description('0.9', [...one, operation('/b')])], [description('1.0.0', one)], 'failed', /its version is 1\.0\.0 and now 0\.9/],
    ['a removed operation', [description('2.0.0', [])], [description('1.0.0', one)], 'passed', /breaking: GET \/a\/\{id\} was removed/],
    ['a newly required parameter', [description('2.0.0', [operation('/a/{id}', { parameters: [{ name: 'query:q', required: true }] })])], [description('1.0.0', one)], 'passed', /now needs query:q/],
    ['a newly required body', [description('2.0.0', [operation('/a/{id}', { bodyRequired: true })])], [description('1.0.0', one)], 'passed', /now needs a body/],
    ['an answer that is gone', [description('1.0.0', [operation('/a/{id}', { responses: ['200'] })])], [description('1.0.0', one)], 'failed', /breaking: GET \/a\/\{id\} no longer answers 404/],
    ['a renamed description', [description('1.0.0', one, { path: 'docs/openapi.yaml' })], [description('1.0.0', one)], 'passed', /no operation changed/],
    ['a description that is gone', [], [description('1.0.0', one)], 'failed', /openapi\.yaml of v1\.0\.0 is no longer there/],
    ['one of two that is gone', [description('1.0.0', one)], [description('1.0.0', one), description('1.0.0', one, { path: 'b/openapi.yaml' })], 'failed', /b\/openapi\.yaml of v1\.0\.0 is no longer there/],
  ])('%s', (_, documents, documentsBefore, status, says) => {
    expect(judge('api-documentation', { documents, documentsBefore })).toMatchObject({ status, summary: expect.stringMatching(says) });
  });

  test('a web API without a description is missing one', () => {
    expect(judge('api-documentation', { files: ['src/routes/users.ts'] })).toMatchObject({ status: 'missing', summary: expect.stringContaining('src/routes/users.ts') });
  });

  test('code of the API that changed beside an unchanged description is named', () => {
    const changes = [{ path: 'src/routes/users.ts', change: 'modified' as const, commits: [] }];
    expect(judge('api-documentation', { documents: [description('1.0.0', one)], documentsBefore: [description('1.0.0', one)], changes, files: bare.files })).toMatchObject({ status: 'passed', summary: expect.stringContaining('though src/routes/users.ts did') });
  });
});

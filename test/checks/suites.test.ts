import { describe, expect, test } from 'vitest';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import { coverage, item, judge, tests } from './facts.ts';

const flaky = (suite: string): EvidenceItem => {
  const read = tests({ suite });
  return read.content.type === 'tests' ? { ...read, content: { ...read.content, flaky: [{ name: 'sometimes', suite, failures: 2 }] } } : read;
};

describe('flaky tests', () => {
  test.each([['unit-tests', 'x'], ['integration-tests', 'integration'], ['end-to-end-tests', 'e2e'], ['regression-tests', 'regression']] as const)('%s passes and shows them', (id, name) => {
    const suite = `test/${name}/a`;
    expect(judge(id, { evidence: [flaky(suite), coverage(9, 10)] })).toMatchObject({ status: 'passed', summary: expect.stringContaining('flaky, passed only when run again: sometimes (2 times)') });
  });
});

describe('unit-tests', () => {
  test('what a linter wrote in the form of tests is no test', () => {
    const linted = tests({});
    expect(judge('unit-tests', { evidence: [{ ...linted, file: { ...linted.file, tool: { name: 'eslint', version: null } } }, coverage(9, 10)] }).status).toBe('missing');
  });

  test.each(['clover', 'jacoco'] as const)('coverage of %s counts', (kind) => {
    const lines = { covered: 79, total: 100 };
    const report = item({ kind, counts: { lines, branches: { covered: 1, total: 4 } } }, { type: 'coverage', lines, branches: { covered: 1, total: 4 }, files: null });
    expect(judge('unit-tests', { evidence: [tests({}), report] })).toMatchObject({ status: 'failed', summary: expect.stringContaining('79.0 % (branches 25.0 %)') });
  });

  test('several reports are judged each by itself', () => {
    const second = coverage(90, 100);
    const evidence = [tests({}), coverage(85, 100), { ...second, file: { ...second.file, path: 'second.info' } }];
    expect(judge('unit-tests', { evidence })).toMatchObject({ status: 'passed', summary: expect.stringContaining('minimum 80 %, each by itself') });
  });
});

test('a CHANGELOG that dates this version before the last release makes no sense', () => {
  const version = (name: string, date: string) => ({ version: name, date, yanked: false, groups: { Added: 1 }, text: '' });
  const content = { type: 'changelog' as const, versions: [version('1.1.0', '2025-01-01'), version('1.0.0', '2025-06-01')], unreleased: false };
  const document = { path: 'repository:CHANGELOG.md', sha256: 'b'.repeat(64), text: '', item: item({ kind: 'changelog', path: 'repository:CHANGELOG.md' }, content) };
  expect(judge('changelog-updated', { documents: [document] })).toMatchObject({ status: 'failed', summary: expect.stringContaining('before that for 1.0.0') });
});

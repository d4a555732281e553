import { describe, expect, test } from 'vitest';
import type { Facts, LockedFile } from '../../src/core/checks/check.ts';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { plainPurl } from '../../src/core/evidence/purl.ts';
import { item, judge } from './facts.ts';

const bom = (packages: readonly string[], path = 'sbom.json'): EvidenceItem =>
  item({ kind: 'cyclonedx', path, counts: { components: packages.length } }, { type: 'sbom', specVersion: '1.6', subject: { name: 'x', version: '1.1.0' }, components: packages.length, purls: packages.length, hashed: 1, licensed: 0, packages, statements: [], schemaErrors: [] });
const lock = (packages: Record<string, boolean>, more: Partial<LockedFile> = {}): LockedFile => ({ path: 'package-lock.json', packages: Object.entries(packages).map(([purl, optional]) => ({ purl, optional })), skipped: [], problem: null, ...more });

describe('an SBOM is held against the lock files', () => {
  test.each<[string, Partial<Facts>, Status, RegExp]>([
    ['all of them', { evidence: [bom(['pkg:npm/a@1', 'pkg:npm/b@1'])], lockedFiles: [lock({ 'pkg:npm/a@1': false, 'pkg:npm/b@1': false })] }, 'passed', /complete against package-lock\.json; package URLs 100 %, hashes 50 %, licences 0 %/],
    ['one is not in it', { evidence: [bom(['pkg:npm/a@1'])], lockedFiles: [lock({ 'pkg:npm/a@1': false, 'pkg:npm/b@1': false })] }, 'failed', /pkg:npm\/b@1, which package-lock\.json pins, is not in it/],
    ['another version of one', { evidence: [bom(['pkg:npm/a@2'])], lockedFiles: [lock({ 'pkg:npm/a@1': false })] }, 'failed', /pkg:npm\/a@1/],
    ['what is only for development may be left out', { evidence: [bom(['pkg:npm/a@1'])], lockedFiles: [lock({ 'pkg:npm/a@1': false, 'pkg:npm/dev@1': true })] }, 'passed', /complete/],
    ['two documents together', { evidence: [bom(['pkg:npm/a@1']), bom(['pkg:npm/b@1'], 'other.json')], lockedFiles: [lock({ 'pkg:npm/a@1': false, 'pkg:npm/b@1': false })] }, 'passed', /complete/],
    ['more than is pinned', { evidence: [bom(['pkg:npm/a@1', 'pkg:npm/z@9', 'pkg:deb/libc@2'])], lockedFiles: [lock({ 'pkg:npm/a@1': false })] }, 'passed', /1 package in it that no lock file pins, such as pkg:npm\/z@9/],
    ['no lock file', { evidence: [bom(['pkg:npm/a@1'])] }, 'passed', /no lock file that it could be held against/],
    ['a lock file that cannot be read', { evidence: [bom([])], lockedFiles: [lock({}, { problem: 'package-lock.json is not JSON' })] }, 'failed', /cannot be held against package-lock\.json/],
  ])('%s', (_name, facts, status, says) => {
    const result = judge('sbom-generated', facts);
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
  });
});

test.each<[string, string | null]>([
  ['pkg:npm/%40scope/Name@1.0.0?arch=x#sub', 'pkg:npm/@scope/name@1.0.0'], ['pkg:npm/@scope/name@1.0.0', 'pkg:npm/@scope/name@1.0.0'], ['pkg:PyPI/My_Package.x@2', 'pkg:pypi/my-package-x@2'],
  ['pkg://golang/github.com/a/b@v1', 'pkg:golang/github.com/a/b@v1'], ['pkg:npm/a', 'pkg:npm/a'], ['pkg:npm/a@1%2B2', 'pkg:npm/a@1+2'], ['npm/a@1', null], ['', null], ['pkg:npm/%zz@1', 'pkg:npm/%zz@1'],
])('%s is compared as %s', (purl, plain) => {
  expect(plainPurl(purl)).toBe(plain);
});

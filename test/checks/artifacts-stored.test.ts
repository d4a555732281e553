import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/core/checks/check.ts';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { artifact, COMMIT, item, judge, OTHER_COMMIT } from './facts.ts';

const OTHER = 'e'.repeat(64);
const copy = (more: { sha256?: string; commit?: string | null; path?: string } = {}): EvidenceItem =>
  item({ kind: 'artifact', path: more.path ?? 'read-back/a.tar.gz', ...(more.sha256 === undefined ? {} : { sha256: more.sha256 }) }, { type: 'opaque' }, more.commit === undefined ? COMMIT : more.commit);
const sums = (path = 'read-back/SHA256SUMS', name = 'a.tar.gz', sha256 = artifact().sha256, commit: string | null = COMMIT): EvidenceItem => item({ kind: 'checksums', path }, { type: 'checksums', lines: [{ sha256, name }] }, commit);
const disputed = (of: EvidenceItem): EvidenceItem => ({ ...of, commit: null, file: { ...of.file, binding: 'none', problem: { code: 'changed-since-manifest', message: 'it was changed after its manifest was written' } } });
const given = (...evidence: readonly EvidenceItem[]): Partial<Facts> => ({ artifacts: [artifact()], evidence });

describe('artifacts-stored', () => {
  test.each<[string, Partial<Facts>, Status, RegExp?]>([
    ['read back with its checksum', given(copy(), sums()), 'passed', /1 artifact read back .* byte for byte/],
    ['nothing read back', given(sums('SHA256SUMS')), 'missing', /a\.tar\.gz/],
    ['a copy elsewhere in the outputs', given(copy({ path: 'copies/a.tar.gz' }), sums()), 'missing'],
    ['one of two', { artifacts: [artifact(), artifact({ name: 'b.zip', path: 'b.zip' })], evidence: [copy(), sums()] }, 'missing', /b\.zip/],
    ['other bytes', given(copy({ sha256: OTHER }), sums()), 'failed', /other bytes/],
    ['no checksum with it', given(copy()), 'missing', /checksums of a\.tar\.gz/],
    ['a checksum of other bytes', given(copy(), sums('read-back/SHA256SUMS', 'a.tar.gz', OTHER)), 'missing'],
    ['a checksum that lies outside', given(copy(), sums('SHA256SUMS')), 'missing'],
    ['bound to nothing', given(copy({ commit: null }), sums()), 'needs-person'],
    ['bound to another commit', given(copy({ commit: OTHER_COMMIT }), sums()), 'stale'],
    ['a copy that was changed after its manifest', given(disputed(copy()), sums()), 'broken', /a\.tar\.gz: it was changed after/],
    ['checksums bound to nothing', given(copy(), sums(undefined, undefined, undefined, null)), 'needs-person', /SHA256SUMS names no commit/],
    ['checksums of another commit', given(copy(), sums(undefined, undefined, undefined, OTHER_COMMIT)), 'stale'],
    ['checksums that were changed after their manifest', given(copy(), disputed(sums())), 'broken', /SHA256SUMS: it was changed after/],
    ['checksums of another commit beside those of this one', given(copy(), sums('read-back/old/SHA256SUMS', undefined, undefined, OTHER_COMMIT), sums()), 'passed'],
    ['no artifacts', { evidence: [copy(), sums()] }, 'missing'],
  ])('%s', (_name, facts, status, says) => {
    const result = judge('artifacts-stored', facts);
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    if (says !== undefined) expect(result.summary).toMatch(says);
    if (status !== 'passed') expect(result.remedy).toMatch(/\w/);
  });
});

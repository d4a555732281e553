import { describe, expect, test } from 'vitest';
import type { RepositoryDocument } from '../../src/core/checks/check.ts';
import type { EvidenceItem, Measurement } from '../../src/core/model/evidence.ts';
import { COMMIT, item, judge, OTHER_COMMIT } from './facts.ts';

const figure = (value: number, more: Partial<Measurement> = {}): Measurement => ({ name: 'sort', metric: 'mean', unit: 's', value, better: 'lower', samples: 20, deviation: 0.01, ...more });

function report(measurements: readonly Measurement[], commit: string | null = COMMIT, thresholds: readonly { name: string; met: boolean }[] = []): EvidenceItem {
  const digest = (commit ?? 'e').slice(0, 1).repeat(64);
  return item({ kind: 'hyperfine', path: `bench-${commit?.slice(0, 1) ?? 'none'}.json`, sha256: digest }, { type: 'performance', measurements, thresholds }, commit);
}

function kept(measurements: readonly Measurement[], commit: string): RepositoryDocument {
  const sha256 = commit.slice(0, 1).repeat(64);
  const read = report(measurements, commit);
  return { path: 'repository:performance-baseline.json', sha256, text: '', item: { ...read, file: { ...read.file, path: 'repository:performance-baseline.json', sha256 } } };
}

describe('performance-tests', () => {
  test.each<[what: string, evidence: readonly EvidenceItem[], status: string, says: RegExp]>([
    ['nothing', [], 'missing', /a performance report of this commit/],
    ['a baseline alone', [report([figure(1)], OTHER_COMMIT)], 'missing', /a performance report of this commit/],
    ['no baseline', [report([figure(1)])], 'missing', /a baseline with the same figures, of v1\.0\.0/],
    ['another commit', [report([figure(1)], 'f'.repeat(40))], 'stale', /another commit/],
    ['no commit', [report([figure(1)], null)], 'needs-person', /names no commit/],
    ['as fast as before', [report([figure(1)]), report([figure(1)], OTHER_COMMIT)], 'passed', /1 figure compared with bench-d\.json, none worse by more than 10 %/],
    ['slower within the tolerance', [report([figure(1.1)]), report([figure(1)], OTHER_COMMIT)], 'passed', /none worse/],
    ['slower beyond it', [report([figure(1.2)]), report([figure(1)], OTHER_COMMIT)], 'failed', /sort mean: 1\.2 s ± 0\.01, was 1 s \(20\.0 % worse\)/],
    ['slower in one noisy sample', [report([figure(1.2, { samples: 1, deviation: null })]), report([figure(1)], OTHER_COMMIT)], 'failed', /1\.2 s, one noisy sample, was 1 s/],
    ['good in one noisy sample', [report([figure(1, { samples: 1 })]), report([figure(1)], OTHER_COMMIT)], 'passed', /1 figure of one noisy sample/],
    ['less throughput', [report([figure(80, { better: 'higher' })]), report([figure(100, { better: 'higher' })], OTHER_COMMIT)], 'failed', /20\.0 % worse/],
    ['more throughput', [report([figure(180, { better: 'higher' })]), report([figure(100, { better: 'higher' })], OTHER_COMMIT)], 'passed', /none worse/],
    ['something where there was nothing', [report([figure(0.1)]), report([figure(0)], OTHER_COMMIT)], 'failed', /no longer nothing/],
    ['another unit', [report([figure(1000, { unit: 'ms' })]), report([figure(1)], OTHER_COMMIT)], 'missing', /a baseline with the same figures/],
    ['a limit of the tool itself that was not met', [report([figure(1)], COMMIT, [{ name: 'p(95)<500', met: false }]), report([figure(1)], OTHER_COMMIT)], 'failed', /1 limit of the tool itself not met/],
    ['the same limit without a baseline', [report([figure(1)], COMMIT, [{ name: 'p(95)<500', met: false }])], 'failed', /limit of the tool itself/],
    ['a figure that is no longer measured', [report([figure(1)]), report([figure(1), figure(9, { name: 'slow' })], OTHER_COMMIT)], 'passed', /no longer measured: slow mean/],
    ['nothing measured', [report([]), report([figure(1)], OTHER_COMMIT)], 'missing', /at least one figure/],
  ])('%s', (_, evidence, status, says) => {
    expect(judge('performance-tests', { evidence })).toMatchObject({ status, summary: expect.stringMatching(says) });
  });

  test('the baseline that the last release kept counts before one that this commit changed', () => {
    const evidence = [report([figure(2)])];
    expect(judge('performance-tests', { evidence, documents: [kept([figure(2)], COMMIT)] }).status).toBe('passed');
    const both = judge('performance-tests', { evidence, documents: [kept([figure(2)], COMMIT)], documentsBefore: [{ ...kept([figure(1)], OTHER_COMMIT), path: 'repository:performance-baselines/a.json' }] });
    expect(both).toMatchObject({ status: 'failed', summary: expect.stringContaining('was 1 s') });
  });

  test('a baseline that cannot be read is told, and no lesser one takes its place', () => {
    const good = report([figure(1)], OTHER_COMMIT);
    const cut = { ...good, content: { type: 'opaque' as const }, file: { ...good.file, path: 'last.json', problem: { code: 'truncated' as const, message: 'the JSON ends in the middle' } } };
    expect(judge('performance-tests', { evidence: [report([figure(9)]), cut], documents: [kept([figure(9)], COMMIT)] })).toMatchObject({ status: 'broken', summary: expect.stringContaining('last.json: the JSON ends') as string });
    const unread = { ...kept([figure(1)], COMMIT), item: cut };
    expect(judge('performance-tests', { evidence: [report([figure(1)])], documents: [unread] })).toMatchObject({ status: 'broken', summary: expect.stringContaining('the baseline performance-baseline.json: the JSON ends') as string, remedy: expect.stringContaining('performance-baseline.json') as string });
    expect(judge('performance-tests', { evidence: [report([figure(1)]), good], documents: [unread] }).status).toBe('passed');
  });

  test('a release of the very same commit is no baseline of itself', () => {
    const same = { name: 'v1.0.0', commit: COMMIT };
    expect(judge('performance-tests', { evidence: [report([figure(1)])], range: { commit: COMMIT, from: 'tag', branch: 'main', since: same, shallow: false, bare: false, dirty: false, total: 0, commits: [] } }).status).toBe('missing');
  });
});

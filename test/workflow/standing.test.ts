import { describe, expect, test } from 'vitest';
import type { Facts, RiskAcceptance, Signer } from '../../src/core/checks/check.ts';
import { judgeChecklist } from '../../src/core/checks/judge-checklist.ts';
import type { Commit } from '../../src/core/model/release.ts';
import type { Standing } from '../../src/core/model/standing.ts';
import { standingOf } from '../../src/core/workflow/standing.ts';
import { artifact, bare, COMMIT, item, policy, SUBJECT } from '../checks/facts.ts';

const DIGEST = '7'.repeat(64);
const standing = (given: Partial<Facts> = {}): Standing => {
  const facts = { ...bare, ...given };
  return standingOf(facts, judgeChecklist(facts, policy, () => SUBJECT), { policy, digest: DIGEST, file: 'policy.yaml' }, null);
};
const ines: Signer = { id: 'ines', name: 'Ines', emails: ['ines@example.com'], roles: new Set(['security-architect']) };
const basisOf = ({ claims }: Standing, what: string): string | undefined => claims.find((claim) => claim.what.startsWith(what))?.basis;
const scan = (database: string | null, path: string): ReturnType<typeof item> => item({ kind: 'trivy', path }, { type: 'findings', findings: [], total: 0, database, scanned: 3 });

describe('what the green of a release rests on', () => {
  test('each line that is green says by what', () => {
    const { green } = standing({ artifacts: [artifact()] });
    expect(green.machine).toContain('artifacts-signed');
    expect(green.notApplicable).toContain('penetration-test');
    expect(green.people).toEqual([]);
  });

  test('who let findings be taken away, by a file that is there', () => {
    const signed = { signer: ines, record: 'log#1', at: bare.at, statement: 'never reached' };
    const evidence = [item({ kind: 'openvex', path: 'vex.json', sha256: '1'.repeat(64) }, { type: 'vex', statements: [], total: 0 })];
    expect(standing({ evidence, signedSuppressions: [{ ...signed, sha256: '1'.repeat(64) }, { ...signed, sha256: '2'.repeat(64) }] }).takenAway)
      .toEqual([{ path: 'vex.json', by: 'Ines', statement: 'never reached', record: 'log#1' }]);
  });

  test('accepted findings are told while they are, for this release', () => {
    const accepted: RiskAcceptance = { signer: ines, record: 'log#2', at: bare.at, vulnerabilities: ['CVE-1'], packages: [], release: null, askedBy: 'rolf', why: 'staging', compensatingControl: 'proxy', until: '2026-02-01T00:00:00Z' };
    const riskAcceptances = [accepted, { ...accepted, until: '2026-01-01T00:00:00Z' }, { ...accepted, release: 'v9.0.0' }];
    expect(standing({ riskAcceptances }).accepted).toEqual([{ vulnerabilities: ['CVE-1'], by: 'Ines', askedBy: 'rolf', until: '2026-02-01T00:00:00Z', why: 'staging', record: 'log#2' }]);
  });

  test.each<readonly [string, Partial<Facts>, string, Standing['claims'][number]['basis']]>([
    ['bytes', {}, 'The files to sign', 'recomputed'],
    ['a shallow clone', { range: { ...bare.range, shallow: true } }, 'The commits', 'unchecked'],
    ['a whole clone', {}, 'The commits', 'recomputed'],
    ['outputs without a manifest', {}, 'That the files were built', 'unchecked'],
    ['outputs with one', { evidence: [scan(null, 'a.json')] }, 'That the files were built', 'trusted'],
    ['outputs with one of another commit', { evidence: [{ ...scan(null, 'a.json'), commit: 'd'.repeat(40) }] }, 'That the files were built', 'unchecked'],
    ['a first release', { artifacts: [artifact()] }, 'What changed', 'unchecked'],
    ['a recorded last release', { artifacts: [artifact({ changed: 'same' })] }, 'What changed', 'recomputed'],
    ['no roster', {}, 'Whose word', 'unchecked'],
    ['no roster', {}, 'The policy', 'unchecked'],
  ])('%s: what is claimed says what it rests on', (_, given, what, basis) => {
    expect(basisOf(standing(given), what)).toBe(basis);
  });

  test('the oldest vulnerability data is the age of all', () => {
    const evidence = [scan('2026-01-11T00:00:00Z', 'new.json'), scan('2025-06-01T00:00:00Z', 'old.json'), scan(null, 'silent.json')];
    expect(standing({ evidence }).ages.find(({ what }) => what === 'vulnerability-data')).toEqual({ what: 'vulnerability-data', name: 'The oldest of 2', since: '2025-06-01T00:00:00Z', until: null, words: 'old.json' });
    expect(standing().ages.find(({ what }) => what === 'vulnerability-data')?.since).toBeNull();
  });

  test('everybody who had a hand in the range, once each', () => {
    const by = (name: string, coAuthors: string[] = []): Commit => ({
      id: COMMIT, parents: [], author: { name, email: `${name}@Example.com` }, committer: { name, email: `${name}@example.com` }, coAuthors, time: bare.at, subject: 's', reviews: [], securityMarks: [],
    });
    const { authors } = standing({ range: { ...bare.range, commits: [by('ada'), by('ada', ['Bob <bob@example.com>', 'ada <ADA@example.com>']), by('bob')] } });
    expect(authors).toEqual([{ name: 'ada', email: 'ada@example.com', commits: 2 }, { name: 'Bob', email: 'bob@example.com', commits: 2 }]);
  });
});

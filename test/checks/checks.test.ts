import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/core/checks/check.ts';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import { CHECK_IDS, type CheckId, type Status } from '../../src/core/model/verdict.ts';
import { PERSON_LINES } from '../../src/core/policy/policy.ts';
import { artifact, bare, coverage, findings, item, judge, OTHER_COMMIT, policy, tests, SUBJECT } from './facts.ts';
import { gateOf, judgeChecklist } from '../../src/core/checks/judge-checklist.ts';

type Case = readonly [name: string, given: Partial<Facts>, status: Status, says?: RegExp];

const evidence = (...items: readonly EvidenceItem[]): Partial<Facts> => ({ evidence: items });
const broken = (of: EvidenceItem, code: 'truncated' | 'counts-disagree' | 'changed-since-manifest', message: string): EvidenceItem => ({ ...of, file: { ...of.file, problem: { code, message } } });
const noted = (path: string, text: string): Partial<Facts> => ({ documents: [{ path: `repository:${path}`, sha256: 'b'.repeat(64), text, item: null }] });
const changelog = (version: string, date: string | null, groups: Record<string, number>): Partial<Facts> => {
  const kept = item({ kind: 'changelog', path: 'repository:CHANGELOG.md' }, { type: 'changelog', versions: [{ version, date, yanked: false, groups, text: '' }], unreleased: false });
  return { documents: [{ path: 'repository:CHANGELOG.md', sha256: 'b'.repeat(64), text: '', item: kept }] };
};
const sbom = (version: string, schemaErrors: readonly string[] | null, commit?: string | null): EvidenceItem =>
  item({ kind: 'cyclonedx', counts: { components: 7 } }, { type: 'sbom', specVersion: '1.6', subject: { name: 'x', version }, components: 7, purls: 7, hashed: 7, licensed: 7, packages: [], statements: [], schemaErrors }, commit);

const unit = tests({ file: 'test/unit/a.test.js' });
const scans = [findings('eslint', { low: 2 }), findings('npm-audit', { medium: 1 })];

const cases: Readonly<Partial<Record<CheckId, readonly Case[]>>> = {
  'unit-tests': [
    ['tests and coverage of this commit', evidence(unit, coverage(80, 100)), 'passed', /3 unit tests passed; coverage 80\.0 %/],
    ['coverage just below the minimum', evidence(unit, coverage(7999, 10_000)), 'failed', /79\.9 %/],
    ['a worse report beside a better one', evidence(unit, coverage(90, 100), coverage(10, 100)), 'failed', /10\.0 %/],
    ['a failed test', evidence(tests({ failures: 1 }), coverage(90, 100)), 'failed', /1 unit test of 3/],
    ['an error', evidence(tests({ errors: 1 }), coverage(90, 100)), 'failed'],
    ['no coverage', evidence(unit), 'missing', /coverage report/],
    ['no tests', evidence(coverage(90, 100)), 'missing', /JUnit/],
    ['every test skipped', evidence(tests({ tests: 3, skipped: 3 }), coverage(90, 100)), 'missing', /at least one/],
    ['no tests in the report', evidence(tests({ tests: 0 }), coverage(90, 100)), 'missing'],
    ['coverage of nothing', evidence(unit, coverage(0, 0)), 'missing', /counts none/],
    ['another commit’s tests', evidence(tests({}, OTHER_COMMIT), coverage(90, 100)), 'stale', /ddddddd/],
    ['tests that name no commit', evidence(tests({}, null), coverage(90, 100)), 'needs-person', /names no commit/],
    ['a report cut short', evidence(broken(unit, 'truncated', 'the XML ends in the middle'), coverage(90, 100)), 'broken', /ends in the middle/],
    ['a report that contradicts itself', evidence(broken(unit, 'counts-disagree', 'it says 9'), coverage(90, 100)), 'broken'],
    ['a report changed after its manifest', evidence(broken(unit, 'changed-since-manifest', 'it was changed'), coverage(90, 100)), 'broken'],
    ['a foreign report beside a good one', evidence(unit, tests({ failures: 9 }, OTHER_COMMIT), coverage(90, 100)), 'passed', /1 report of another commit left out/],
    ['an unbound report beside a good one', evidence(unit, tests({}, null), coverage(90, 100)), 'needs-person'],
  ],
  'integration-tests': [
    ['told by file', evidence(tests({ file: 'test/integration/a.test.js' })), 'passed', /3 integration tests/],
    ['told by class', evidence(tests({ className: 'tests.integration.test_a' })), 'passed'],
    ['only unit tests', evidence(unit), 'missing'],
    ['failed', evidence(tests({ file: 'test/integration/a.js', failures: 2 })), 'failed'],
  ],
  'end-to-end-tests': [
    ['told by folder', evidence(tests({ className: 'tests.e2e.test_a', skipped: 1 })), 'passed', /2 end-to-end tests passed, 1 skipped/],
    ['told by the report’s own name', evidence({ ...tests({}), file: { ...tests({}).file, path: 'reports/e2e/junit.xml' } }), 'passed'],
    ['none', {}, 'missing'],
  ],
  'regression-tests': [
    ['there', evidence(tests({ file: 'test/regression/a.js' })), 'passed'],
    ['another commit’s', evidence(tests({ file: 'test/regression/a.js' }, OTHER_COMMIT)), 'stale'],
  ],
  'sast-scans': [
    ['ESLint for JavaScript', evidence(findings('eslint', { medium: 4 })), 'passed', /4 findings \(4 medium\)/],
    ['nothing for the Python that is there', { files: ['a.py', 'b.js'], evidence: [findings('eslint', {})] }, 'missing', /Python/],
    ['SARIF for both', { files: ['a.py', 'b.js'], evidence: [findings('sarif', {})] }, 'passed'],
    ['a high finding, suppressed or not', evidence(findings('eslint', { high: 1 })), 'failed', /1 high/],
    ['a severity that nobody knows', evidence(findings('sarif', { unknown: 1 })), 'failed'],
    ['no code that says which', { files: ['README.md'] }, 'missing'],
    ['another commit’s', evidence(findings('eslint', {}, OTHER_COMMIT)), 'stale'],
    ['nobody’s', evidence(findings('eslint', {}, null)), 'needs-person'],
    ['a bad unbound report is not passed either', evidence(findings('eslint', { critical: 3 }, null)), 'needs-person'],
  ],
  'dependency-scans': [
    ['npm audit for the lock file', evidence(findings('npm-audit', { low: 1 })), 'passed'],
    ['critical', evidence(findings('npm-audit', { critical: 1 })), 'failed'],
    ['no lock file and no report', { files: ['a.js'] }, 'missing'],
  ],
  'critical-high-remediated': [
    ['both scans without either', evidence(...scans, findings('zap', {})), 'passed'],
    ['one scan only', evidence(findings('eslint', {})), 'missing'],
    ['a high one in the other', evidence(findings('eslint', {}), findings('npm-audit', { high: 1 }), findings('zap', {})), 'failed'],
    ['neither', {}, 'missing'],
  ],
  'sbom-generated': [
    ['valid and about this version', evidence(sbom('1.1.0', [])), 'passed', /7 components/],
    ['about another version', evidence(sbom('1.0.0', [])), 'failed', /about version 1\.0\.0/],
    ['not valid', evidence(sbom('1.1.0', ['/components/0 must have name'])), 'failed', /must have name/],
    ['not validated', evidence(sbom('1.1.0', null)), 'failed'],
    ['of another commit', evidence(sbom('1.1.0', [], OTHER_COMMIT)), 'stale'],
    ['of no commit', evidence(sbom('1.1.0', [], null)), 'needs-person'],
    ['none', {}, 'missing'],
  ],
  'changelog-updated': [
    ['a dated section with changes', changelog('1.1.0', '2026-01-12', { Added: 2 }), 'passed', /2 changes/],
    ['no section for it', changelog('1.0.0', '2026-01-12', { Added: 2 }), 'failed', /no section for 1\.1\.0/],
    ['no date', changelog('1.1.0', null, { Added: 2 }), 'failed', /no date/],
    ['a date to come', changelog('1.1.0', '2026-03-01', { Added: 2 }), 'failed', /future/],
    ['no change', changelog('1.1.0', '2026-01-12', {}), 'failed', /lists no change/],
    ['release notes in the form of one, beside one that was left as it was', { documents: [...(changelog('1.1.0', '2026-01-12', { Added: 2 }).documents ?? []).map((one) => ({ ...one, path: 'repository:RELEASE_NOTES.md' })), ...(changelog('1.0.0', '2025-12-01', { Added: 1 }).documents ?? [])] }, 'failed', /CHANGELOG\.md has no section for 1\.1\.0/],
    ['release notes in the form of one, and no other', { documents: (changelog('1.1.0', '2026-01-12', { Added: 2 }).documents ?? []).map((one) => ({ ...one, path: 'repository:RELEASE_NOTES.md' })) }, 'missing', /a CHANGELOG in the commit/],
    ['something else in its place', noted('CHANGELOG.md', 'See the site.'), 'broken', /CHANGELOG\.md is no CHANGELOG of a known form/],
    ['none', {}, 'missing'],
  ],
  'release-notes': [
    ['under a heading', noted('RELEASE_NOTES.md', '# Notes\n## 1.1.0\nOne two three four five six seven eight nine ten eleven words about it all.\n## 1.0.0\nOld.\n'), 'passed'],
    ['a file of its own', noted('docs/release-notes/v1.1.0.md', 'Enough words are here about everything that this release brings to everybody who uses it.'), 'passed'],
    ['only a heading', noted('RELEASE_NOTES.md', '## 1.1.0\n'), 'failed'],
    ['a single word', noted('RELEASE_NOTES.md', '## 1.1.0\nBetter.\n'), 'failed', /have 1 word about/],
    ['only what a template says in a comment', noted('RELEASE_NOTES.md', '## 1.1.0\n<!-- Say here in ten words or more what this version\nbrings to everybody who uses it. -->\n'), 'failed', /nothing of 1\.1\.0/],
    ['words beside a comment', noted('RELEASE_NOTES.md', '## 1.1.0\n<!-- Say it here. -->\nOne two three four five six seven eight nine ten eleven <!-- words.\n'), 'passed', /has 12 words/],
    ['about another version', noted('RELEASE_NOTES.md', '## 1.0.0\nOne two three four five six seven eight nine ten eleven.\n'), 'failed', /nothing of 1\.1\.0/],
    ['about a version that only begins alike', noted('RELEASE_NOTES.md', '## 1.1.01\nOne two three four five six seven eight nine ten eleven.\n'), 'failed'],
    ['none', {}, 'missing'],
  ],
  'artifacts-signed': [
    ['good', { artifacts: [artifact()] }, 'passed', /0xFFFFFFFFFFFFFFFF; no roster/],
    ['one of two without', { artifacts: [artifact(), artifact({ name: 'b.zip', signature: 'none' })] }, 'missing', /b\.zip/],
    ...(['bad', 'revoked', 'expired', 'unknown-key'] as const).map((signature): Case => [signature, { artifacts: [artifact({ signature })] }, 'failed']),
    ['nothing to sign', {}, 'missing'],
  ],
  'artifacts-checksummed': [
    ['matching', { artifacts: [artifact()] }, 'passed'],
    ['differing', { artifacts: [artifact({ checksum: 'differs' })] }, 'failed'],
    ['without', { artifacts: [artifact({ checksum: 'none' })] }, 'missing'],
    ['nothing to check', {}, 'missing'],
  ],
  'linters-passed': [
    ['warnings only', evidence(findings('eslint', { medium: 3 })), 'passed'],
    ['an error', evidence(findings('eslint', { high: 1 })), 'failed'],
    ['none', {}, 'missing'],
  ],
};

describe.each(Object.entries(cases))('%s', (id, list) => {
  test.each(list.map(([name, given, status, says]) => ({ name, given, status, says })))('$name', ({ given, status, says }) => {
    const result = judge(id as CheckId, given);
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    if (says !== undefined) expect(result.summary).toMatch(says);
    // Whatever is red says what would turn it green.
    if (status !== 'passed') expect(result.remedy).toMatch(/\w/);
    else expect(result.remedy).toBeNull();
  });
});

describe('every line', () => {
  test.each(CHECK_IDS)('%s passes nothing where there is no evidence', (id) => {
    const result = judge(id, { types: new Set(['major', 'security']) });
    // A line about files that changed does not apply where none did; nothing passes by itself.
    expect(PERSON_LINES.has(id) ? ['needs-person'] : ['missing', 'not-applicable']).toContain(result.status);
    if (result.status === 'not-applicable') expect(result.summary).toMatch(/\w/);
  });

  test('lines for major releases and security patches apply to those only', () => {
    for (const [id, type] of [['penetration-test', 'major'], ['compliance-notified', 'major'], ['cto-approval', 'major'], ['ciso-approval', 'security']] as const) {
      expect(judge(id).status, id).toBe('not-applicable');
      expect(judge(id, { types: new Set([type]) }).status, id).toBe('needs-person');
    }
  });

  test('a check that throws is broken, and is no verdict about the release', () => {
    const trap = new Proxy({}, { get: () => { throw new Error('the reader is out of order'); } });
    const results = judgeChecklist({ ...bare, artifacts: [trap as never] }, policy, () => SUBJECT);
    expect(results.find(({ result }) => result.id === 'artifacts-signed')?.result).toMatchObject({ status: 'broken', summary: expect.stringContaining('out of order') as string });
    expect(results).toHaveLength(CHECK_IDS.length);
  });
});

describe('the gate', () => {
  const all = (status: Status) => judgeChecklist(bare, policy, () => SUBJECT).map(({ result }) => ({ ...result, status }));
  test('is closed while authority is unproved, whatever the lines say', () => expect(gateOf(all('passed'), 'unproved')).toBe('closed'));
  test.each([['passed', 'open'], ['not-applicable', 'open'], ['failed', 'closed'], ['missing', 'closed'], ['stale', 'closed'], ['needs-person', 'closed'], ['accepted', 'closed'], ['broken', 'closed']] as const)(
    'with every line %s and authority proved it is %s', (status, gate) => expect(gateOf(all(status), 'proved')).toBe(gate),
  );
});

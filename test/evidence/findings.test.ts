import { describe, expect, test } from 'vitest';
import type { FindingCounts } from '../../src/core/model/evidence.ts';
import { COMMIT, NONE, OTHER_COMMIT, read } from './reading.ts';

const sarif = (...runs: readonly object[]): object => ({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json', runs });
const run = (results: unknown, driver: object = { name: 'Scanner' }, rest: object = {}): object => ({ tool: { driver }, results, ...rest });
const rule = (id: string, more: object = {}): object => ({ id, ...more });
const scored = (score: unknown): object => ({ properties: { 'security-severity': score } });

describe('SARIF 2.1.0', () => {
  const RULES = [
    rule('error-rule', { defaultConfiguration: { level: 'error' } }), rule('note-rule', { defaultConfiguration: { level: 'note' } }),
    rule('plain-rule'), rule('critical-rule', scored('9.8')), rule('none-rule', { defaultConfiguration: { level: 'none' } }),
  ];
  const extension = { tool: { driver: { name: 'Scanner', rules: [rule('driver-rule', scored('9.1'))] }, extensions: [{ name: 'Plug-in', rules: [rule('extension-rule', scored(7.5))] }] } };

  test.each<[what: string, result: object, severity: keyof FindingCounts, raw: string, run?: object]>([
    ['a level of its own', { ruleId: 'note-rule', level: 'error' }, 'high', 'error'],
    ['warning', { level: 'warning' }, 'medium', 'warning'],
    ['note', { level: 'note' }, 'low', 'note'],
    ['none', { level: 'none' }, 'info', 'none'],
    ['a level that nobody knows', { level: 'terrible' }, 'unknown', 'terrible'],
    ['the level of its rule by id', { ruleId: 'error-rule' }, 'high', 'error'],
    ['the level of its rule by index', { ruleIndex: 1 }, 'low', 'note'],
    ['the level of its rule by a reference with an id', { rule: { id: 'error-rule' } }, 'high', 'error'],
    ['the level of its rule by a reference with an index', { rule: { index: 1 } }, 'low', 'note'],
    ['a rule of none', { ruleId: 'none-rule' }, 'info', 'none'],
    ['the parent of a hierarchical rule', { ruleId: 'error-rule/part' }, 'high', 'error'],
    ['warning where nothing is said', { ruleId: 'plain-rule' }, 'medium', 'warning'],
    ['warning where the rule is not listed', { ruleId: 'other-rule' }, 'medium', 'warning'],
    ['an index out of range', { ruleIndex: 99, ruleId: 'error-rule' }, 'high', 'error'],
    ['the score of its rule before a level', { ruleId: 'critical-rule', level: 'note' }, 'critical', 'note'],
    ['a score of its own before that of its rule', { ruleId: 'critical-rule', ...scored('3.9') }, 'low', 'warning'],
    ['a score of 9.0', scored('9.0'), 'critical', 'warning'],
    ['a score of 8.9', scored('8.9'), 'high', 'warning'],
    ['a score of 7', scored(7), 'high', 'warning'],
    ['a score of 6.9', scored('6.9'), 'medium', 'warning'],
    ['a score of 4.0', scored('4.0'), 'medium', 'warning'],
    ['a score of 0.1', scored('0.1'), 'low', 'warning'],
    ['a score of 0', scored('0.0'), 'info', 'warning'],
    ['a score that is none, so its level', { level: 'error', ...scored('very high') }, 'high', 'error'],
    ['a score out of range, so its level', { level: 'error', ...scored('11') }, 'high', 'error'],
    ['a rule of an extension', { rule: { index: 0, toolComponent: { index: 0 } } }, 'high', 'warning', extension],
    ['the driver, where no extension is named', { ruleIndex: 0 }, 'critical', 'warning', extension],
    ['a rule of an extension by its id', { ruleId: 'extension-rule' }, 'high', 'warning', extension],
    ['a result that passed', { kind: 'pass', ruleId: 'critical-rule' }, 'info', 'none'],
    ['a result under review', { kind: 'review', ruleId: 'critical-rule' }, 'critical', 'none'],
  ])('severity by %s', (_, result, severity, raw, more = {}) => {
    const { file, content } = read(sarif(run([{ message: { text: 'x' }, ...result }], { name: 'Scanner', rules: RULES }, more)));
    expect(file.problem).toBeNull();
    expect(file.counts).toEqual({ findings: { ...NONE, [severity]: 1 }, raw: { [raw]: 1 } });
    expect(content).toMatchObject({ total: 1, findings: [{ severity, rawSeverity: raw }] });
  });

  test('a suppressed result counts and says so; one under review or rejected is not suppressed', () => {
    const results = [
      { suppressions: [{ kind: 'inSource' }] }, { suppressions: [{ kind: 'external', status: 'accepted' }] },
      { suppressions: [{ kind: 'external', status: 'underReview' }] }, { suppressions: [{ kind: 'inSource' }, { kind: 'external', status: 'rejected' }] },
      { suppressions: [] }, {},
    ];
    const { file, content } = read(sarif(run(results)));
    expect(file.counts?.findings).toEqual({ ...NONE, medium: 6 });
    expect(content.type === 'findings' && content.findings.map(({ suppressed }) => suppressed)).toEqual([true, true, false, false, false, false]);
  });

  test('tool, time and commit are the report’s own', () => {
    const provenance = { versionControlProvenance: [{ repositoryUri: 'https://example.org/x', revisionId: COMMIT.toUpperCase() }] };
    const { file, commit } = read(sarif(
      run([], { name: 'Scanner', version: '1.2', semanticVersion: '1.2.3' }, { ...provenance, invocations: [{ executionSuccessful: true, endTimeUtc: '2026-01-02T04:04:05.5+01:00' }] }),
      run([], { name: 'Other' }, provenance),
    ));
    expect(file).toMatchObject({ tool: { name: 'Scanner', version: '1.2.3' }, produced: '2026-01-02T03:04:05.500Z', binding: 'in-report', problem: null });
    expect(commit).toBe(COMMIT);
  });

  test('two commits bind to none', () => {
    const { file, commit } = read(sarif(run([], {}, { versionControlProvenance: [{ revisionId: COMMIT }, { revisionId: OTHER_COMMIT }] })));
    expect(file).toMatchObject({ binding: 'none', problem: { code: 'binding-disagrees' } });
    expect(commit).toBeNull();
  });

  test('a branch or a short name is no commit', () => {
    expect(read(sarif(run([], {}, { versionControlProvenance: [{ revisionId: 'main' }, { revisionId: COMMIT.slice(0, 12) }] }))).file.binding).toBe('none');
  });

  test.each<[what: string, file: object, code: string]>([
    ['no run', sarif(), 'invalid'],
    ['a run without results', sarif({ tool: { driver: { name: 'x' } } }), 'invalid'],
    ['a run whose results are null', sarif(run(null)), 'invalid'],
    ['a run that failed', sarif(run([], {}, { invocations: [{ executionSuccessful: false }] })), 'invalid'],
    ['results that are no list', sarif(run({ length: 0 })), 'malformed'],
    ['a result that is null', sarif(run([null])), 'malformed'],
    ['a run that is null', { version: '2.1.0', runs: [null] }, 'malformed'],
    ['another version', { version: '2.0.0', runs: [] }, 'unsupported-version'],
    ['no version', { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', runs: [] }, 'unsupported-version'],
  ])('%s is told, never taken for a scan that found nothing', (_, content, code) => {
    expect(read(content).file).toMatchObject({ kind: 'sarif', problem: { code } });
  });
});

describe('ESLint', () => {
  test('2 is high, 1 is medium, a file that cannot be parsed is high', () => {
    const { file } = read([
      { filePath: '/a.js', errorCount: 1, messages: [{ severity: 2, ruleId: 'a' }, { severity: 1, ruleId: 'b' }, { severity: 1, fatal: true, ruleId: null }, { severity: '2' }, {}] },
      { filePath: '/b.js', messages: [], suppressedMessages: [{ severity: 2 }] },
    ]);
    expect(file).toMatchObject({ kind: 'eslint', problem: null, counts: { findings: { ...NONE, high: 2, medium: 1, unknown: 2 } } });
  });

  test.each<[what: string, content: object]>([
    ['messages that are no list', [{ filePath: '/a.js', errorCount: 0, messages: [] }, { filePath: '/b.js', messages: {} }]],
    ['a result that is null', [{ filePath: '/a.js', errorCount: 0, messages: [] }, null]],
    ['a message that is null', [{ filePath: '/a.js', errorCount: 0, messages: [null] }]],
  ])('%s is malformed', (_, content) => {
    expect(read(content).file).toMatchObject({ kind: 'eslint', counts: null, problem: { code: 'malformed' } });
  });
});

describe('Bandit', () => {
  const report = (results: unknown, errors: readonly object[] = []): object => ({ errors, generated_at: '2026-01-02T03:04:05Z', metrics: { _totals: {} }, results });

  test('severities are counted one by one', () => {
    const result = (issue_severity: unknown): object => ({ issue_severity, test_id: 'B105', issue_text: 'x', filename: './a.py', line_number: 3 });
    const { file, content } = read(report([result('HIGH'), result('MEDIUM'), result('LOW'), result('LOW'), result('UNDEFINED'), result(7)]));
    expect(file).toMatchObject({
      kind: 'bandit', tool: { name: 'Bandit', version: null }, produced: '2026-01-02T03:04:05Z', problem: null,
      counts: { findings: { ...NONE, high: 1, medium: 1, low: 2, unknown: 2 }, raw: { HIGH: 1, MEDIUM: 1, LOW: 2, UNDEFINED: 2 } },
    });
    expect(content).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ rule: 'B105', where: './a.py:3' })]) });
  });

  test('a file that was not scanned is told', () => {
    expect(read(report([], [{ filename: 'a.py', reason: 'syntax error' }])).file.problem).toEqual({ code: 'invalid', message: 'Bandit could not scan 1 of the files' });
  });
});

describe('npm audit', () => {
  const v2 = (vulnerabilities: unknown): object => ({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: {} } });

  test('version 2 counts its entries, not its advisories', () => {
    const { file, content } = read(v2({
      minimist: { severity: 'critical', range: '<1', via: [{ title: 'Pollution', url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h' }, { title: 'again' }] },
      mkdirp: { severity: 'moderate', range: '*', via: ['minimist'] }, odd: { severity: 'info', via: null }, none: {},
      __proto: { severity: 'high' },
    }));
    expect(file).toMatchObject({ kind: 'npm-audit', problem: null, counts: { findings: { ...NONE, critical: 1, high: 1, medium: 1, info: 1, unknown: 1 }, raw: { critical: 1, moderate: 1 } } });
    expect(content).toMatchObject({ findings: [
      { where: 'minimist <1', message: 'Pollution; again', aliases: ['GHSA-xvch-5gv4-984h'] }, { where: 'mkdirp *', message: 'through minimist' }, {}, {}, {},
    ] });
  });

  test('version 1 counts its advisories', () => {
    const advisory = (severity: string): object => ({ severity, title: 'x', module_name: 'm', vulnerable_versions: '<2', cves: ['CVE-2020-7598'], url: 'https://npmjs.com/advisories/1' });
    const { file, content } = read({ actions: [], advisories: { 1: advisory('low'), 2: advisory('moderate') }, muted: [], metadata: { vulnerabilities: { low: 17 } }, runId: 'x' });
    expect(file).toMatchObject({ kind: 'npm-audit', problem: null, counts: { findings: { ...NONE, low: 1, medium: 1 } } });
    expect(content).toMatchObject({ findings: [{ aliases: ['CVE-2020-7598'], where: 'm <2' }, {}] });
  });

  test.each<[what: string, content: object, expected: object]>([
    ['an entry that is null', v2({ a: null }), { kind: 'npm-audit', problem: { code: 'malformed' } }],
    ['a later version', { auditReportVersion: 3, vulnerabilities: {} }, { kind: 'npm-audit', problem: { code: 'unsupported-version' } }],
    ['nothing found and no run: npm or a later yarn', { actions: [], advisories: {}, muted: [], metadata: {} }, { kind: 'npm-audit', counts: { findings: NONE } }],
  ])('%s', (_, content, expected) => {
    expect(read(content).file).toMatchObject(expected);
  });
});

test('every finding is counted, as many as the policy says are kept', () => {
  const results = Array.from({ length: 250 }, (_, at) => ({ level: at % 2 === 0 ? 'error' : `level-${at}` }));
  const { file, content } = read(sarif(run(results)));
  expect(file.counts?.findings).toEqual({ ...NONE, high: 125, unknown: 125 });
  expect(Object.values(file.counts?.raw ?? {}).reduce((sum, count) => sum + count, 0)).toBe(250);
  expect(Object.keys(file.counts?.raw ?? {}).length).toBeLessThan(40);
  expect(content).toMatchObject({ total: 250, findings: expect.objectContaining({ length: 100 }) });
});

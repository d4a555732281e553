import { describe, expect, test } from 'vitest';
import type { Facts, RiskAcceptance, Signer, SignedSuppression } from '../../src/core/checks/check.ts';
import type { EvidenceItem, EvidenceKind, Finding, VexStatement } from '../../src/core/model/evidence.ts';
import type { CheckId, Status } from '../../src/core/model/verdict.ts';
import { read } from '../evidence/reading.ts';
import { judgeChecklist } from '../../src/core/checks/judge-checklist.ts';
import { bare, COMMIT, item, judge, OTHER_COMMIT, policy, SUBJECT } from './facts.ts';

const DIGEST = 'a'.repeat(64);
const architect: Signer = { id: 'grace', name: 'Grace', emails: [], roles: new Set(['security-architect']) };

function finding(more: Partial<Finding> = {}): Finding {
  return { severity: 'medium', rawSeverity: 'medium', rule: 'rule', message: 'a weakness', where: 'a', aliases: ['CVE-2025-1'], suppressed: false, package: { ecosystem: 'npm', name: 'left', version: '1.0.0', fixedIn: [] }, cvss: [], ...more };
}

interface Scan { readonly kind?: EvidenceKind; readonly path?: string; readonly tool?: string; readonly database?: string | null; readonly scanned?: number | null; readonly total?: number; readonly commit?: string | null; readonly sha256?: string }

function scan(findings: readonly Finding[], { kind = 'npm-audit', path = `${kind}.json`, tool, database = null, scanned = 10, total, commit = COMMIT, sha256 = DIGEST }: Scan = {}): EvidenceItem {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  if (total !== undefined && total > findings.length) counts.high += total - findings.length;
  return item({ kind, path, sha256, tool: tool === undefined ? null : { name: tool, version: null }, counts: { findings: counts } }, { type: 'findings', findings, total: total ?? findings.length, database, scanned }, commit);
}

const vex = (statement: Partial<VexStatement>, sha256 = 'c'.repeat(64)): EvidenceItem =>
  item({ kind: 'openvex', path: 'vex.json', sha256 }, { type: 'vex', total: 1, statements: [{ vulnerabilities: ['CVE-2025-1'], products: [], status: 'not-affected', justification: null, statement: null, ...statement }] }, null);
/** A CycloneDX document as its reader has it, signed for under the digest of the other documents. */
const inBom = (more: object): EvidenceItem => {
  const of = read({ bomFormat: 'CycloneDX', specVersion: '1.5', components: [{ 'bom-ref': 'l', name: 'left', purl: 'pkg:npm/left@1.0.0' }], ...more });
  return { ...of, commit: COMMIT, file: { ...of.file, path: 'bom.json', sha256: 'c'.repeat(64) } };
};
const signed = (sha256: string): SignedSuppression => ({ sha256, signer: architect, record: 'log#1', at: '2026-01-01T00:00:00Z', statement: 'It cannot be reached.' });
const acceptance = (more: Partial<RiskAcceptance> = {}): RiskAcceptance => ({
  vulnerabilities: ['cve-2025-1'], packages: [], release: null, askedBy: 'ada', why: 'No fix yet.', compensatingControl: 'It is off.', until: '2026-06-01T00:00:00Z', signer: architect, record: 'log#2', at: '2026-01-01T00:00:00Z', ...more,
});
const given = (evidence: readonly EvidenceItem[], more: Partial<Facts> = {}): Partial<Facts> => ({ evidence, ...more });
const zap = (findings: readonly Finding[], more: Scan = {}): EvidenceItem => scan(findings.map((one) => ({ ...one, package: null, aliases: [] })), { kind: 'zap', ...more });

const dynamic = scan([], { kind: 'zap', sha256: '9'.repeat(64) });
const linted = scan([], { kind: 'eslint', sha256: 'f'.repeat(64) });

/** As npm lists a package with two advisories. */
const twofold = finding({ package: null, aliases: ['GHSA-aaaa-bbbb-cccc', 'GHSA-aaaa-bbbb-dddd'] });

type Case = readonly [name: string, given: Partial<Facts>, status: Status, says?: RegExp];

const cases: Readonly<Partial<Record<CheckId, readonly Case[]>>> = {
  'dast-scans': [
    ['nothing found', given([zap([])]), 'passed', /no findings/],
    ['a medium finding', given([zap([finding()])]), 'passed', /1 medium/],
    ['a high finding', given([zap([finding({ severity: 'high' })])]), 'failed'],
    ['no site was looked at', given([zap([], { scanned: 0 })]), 'missing', /looked at nothing/],
    ['SARIF of a dynamic scanner', given([scan([], { kind: 'sarif', tool: 'OWASP ZAP' })]), 'passed'],
    ['SARIF of a static one is none', given([scan([], { kind: 'sarif', tool: 'CodeQL' })]), 'missing'],
    ['none', given([]), 'missing'],
    ['another commit’s', given([zap([], { commit: OTHER_COMMIT })]), 'stale'],
    ['of no commit', given([zap([], { commit: null })]), 'needs-person'],
    ['cut short', given([{ ...zap([]), file: { ...zap([]).file, problem: { code: 'truncated', message: 'it ends in the middle' } } }]), 'broken'],
  ],
  'dependency-scans': [
    ['one thing in two reports is one', given([scan([finding()]), scan([finding({ aliases: ['GHSA-aaaa-bbbb-cccc', 'CVE-2025-1'], rule: 'GHSA-aaaa-bbbb-cccc' })], { kind: 'snyk' }), scan([finding({ aliases: ['GHSA-aaaa-bbbb-cccc'] })], { kind: 'grype' })]), 'passed', /1 finding \(1 medium\)/],
    ['the same name in another package is another', given([scan([finding(), finding({ package: { ecosystem: 'npm', name: 'right', version: '1.0.0', fixedIn: [] } })])]), 'passed', /2 findings/],
    ['a vector says more than the tool’s word', given([scan([finding({ severity: 'low', cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'] })])]), 'failed', /1 critical/],
    ['nothing was scanned', given([scan([], { scanned: 0 })]), 'missing', /looked at nothing/],
    ['data of eight days', given([scan([], { kind: 'grype', database: '2026-01-04T11:00:00Z' })]), 'failed', /8 days old/],
    ['data of today', given([scan([], { kind: 'grype', database: '2026-01-12T01:00:00Z' })]), 'passed', /vulnerability data of 2026-01-12/],
    ['data of an age that is not said', given([scan([])]), 'passed', /how old the vulnerability data was is not said/],
    ['suppressed in a report that nobody signed', given([scan([finding({ severity: 'high', suppressed: true })])]), 'failed', /no security architect signed/],
    ['suppressed in a report that an architect signed', given([scan([finding({ severity: 'high', suppressed: true })])], { signedSuppressions: [signed(DIGEST)] }), 'passed', /taken away by what Grace signed \(log#1\): It cannot be reached/],
    ['suppressed in one report, open in another', given([scan([finding({ severity: 'high', suppressed: true })]), scan([finding({ severity: 'high' })], { kind: 'grype', sha256: 'b'.repeat(64) })], { signedSuppressions: [signed(DIGEST)] }), 'failed'],
    ['not affected, by a document that nobody signed', given([scan([finding({ severity: 'high' })]), vex({})]), 'failed', /no security architect signed/],
    ['not affected, by a document that an architect signed', given([scan([finding({ severity: 'high' })]), vex({})], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed'],
    ['not affected, by a bill of materials that an architect signed', given([scan([finding({ severity: 'high' })]), inBom({ vulnerabilities: [{ id: 'CVE-2025-1', analysis: { state: 'not_affected', justification: 'code_not_reachable' }, affects: [{ ref: 'l' }] }] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed', /1 taken away|taken away by what Grace/],
    ['exploitable, by a bill of materials that an architect signed', given([scan([finding({ severity: 'high' })]), inBom({ vulnerabilities: [{ id: 'CVE-2025-1', analysis: { state: 'exploitable' } }] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'failed'],
    ['a signed document about another package', given([scan([finding({ severity: 'high' })]), vex({ products: ['pkg:npm/right@1.0.0'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'failed'],
    ['a signed document about this package', given([scan([finding({ severity: 'high' })]), vex({ products: ['pkg:npm/left@1.0.0'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed'],
    ['a signed document about the product as it is delivered', given([scan([finding({ severity: 'high' })]), vex({ products: ['pkg:oci/product@sha256%3Aabc'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed'],
    ['a signed document about something else', given([scan([finding({ severity: 'high' })]), vex({ vulnerabilities: ['CVE-2025-9'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'failed'],
    ['a signed document that says it is affected', given([scan([finding({ severity: 'high' })]), vex({ status: 'affected' })], { signedSuppressions: [signed('c'.repeat(64))] }), 'failed'],
    ['more findings than are kept', given([scan([finding()], { total: 3 })]), 'failed'],
    ['another commit’s', given([scan([], { commit: OTHER_COMMIT })]), 'stale'],
  ],
  'critical-high-remediated': [
    ['what a dynamic scan found counts too', given([scan([]), scan([], { kind: 'eslint' }), zap([finding({ severity: 'high' })])]), 'failed'],
    ['a dynamic scan of nothing high', given([scan([]), scan([], { kind: 'eslint' }), zap([])]), 'passed'],
  ],
  'sast-scans': [
    ['SARIF of a dynamic scanner is no static analysis', given([scan([], { kind: 'sarif', tool: 'OWASP ZAP' })]), 'missing'],
    ['SARIF of a static one', given([scan([], { kind: 'sarif', tool: 'CodeQL' })]), 'passed'],
  ],
  'medium-documented': [
    ['none is left', given([linted, dynamic, scan([finding({ severity: 'low' })])]), 'passed', /No medium finding in 3 reports/],
    ['one that nobody accepted', given([linted, dynamic, scan([finding()])]), 'failed', /1 medium finding of 1 neither mended nor accepted/],
    ['one that was accepted', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance()] }), 'accepted', /accepted by Grace until 2026-06-01: No fix yet\. Instead: It is off\. \(log#2\)/],
    ['accepted in this package', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance({ packages: ['pkg:npm/left@1.0.0'] })] }), 'accepted'],
    ['accepted in another package', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance({ packages: ['right'] })] }), 'failed'],
    ['accepted until yesterday', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance({ until: '2026-01-11T00:00:00Z' })] }), 'failed'],
    ['accepted by who asked', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance({ askedBy: 'grace' })] }), 'failed'],
    ['accepted by somebody without the authority', given([linted, dynamic, scan([finding()])], { riskAcceptances: [acceptance({ signer: { ...architect, roles: new Set(['qa']) } })] }), 'failed'],
    ['more findings than are kept', given([linted, dynamic, scan([], { total: 3 })]), 'failed', /^npm-audit\.json lists more findings than are kept one by one/],
    ['one of two accepted', given([linted, dynamic, scan([finding(), finding({ aliases: ['CVE-2025-2'] })])], { riskAcceptances: [acceptance()] }), 'failed', /1 medium finding of 2/],
    ['said not to affect by a signed document', given([linted, dynamic, scan([finding()]), vex({})], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed', /1 taken away/],
    ['an entry of two advisories, one accepted', given([linted, dynamic, scan([twofold])], { riskAcceptances: [acceptance({ vulnerabilities: ['GHSA-aaaa-bbbb-cccc'] })] }), 'failed'],
    ['an entry of two advisories, both accepted', given([linted, dynamic, scan([twofold])], { riskAcceptances: [acceptance({ vulnerabilities: ['GHSA-aaaa-bbbb-cccc'] }), acceptance({ vulnerabilities: ['GHSA-aaaa-bbbb-dddd'], until: '2026-05-01T00:00:00Z' })] }), 'accepted', /until 2026-05-01/],
    ['an entry of two advisories, one said not to affect', given([linted, dynamic, scan([twofold]), vex({ vulnerabilities: ['GHSA-aaaa-bbbb-cccc'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'failed'],
    ['an entry of two advisories, neither affecting', given([linted, dynamic, scan([twofold]), vex({ vulnerabilities: ['GHSA-aaaa-bbbb-cccc', 'GHSA-aaaa-bbbb-dddd'] })], { signedSuppressions: [signed('c'.repeat(64))] }), 'passed', /1 taken away/],
    ['no reports', given([]), 'missing'],
    ['one of the scans that the commit calls for', given([scan([])]), 'missing', /JavaScript and TypeScript/],
    ['another commit’s', given([linted, dynamic, scan([], { commit: OTHER_COMMIT })]), 'stale'],
    ['of no commit', given([linted, dynamic, scan([], { commit: null })]), 'needs-person'],
  ],
};

describe.each(Object.entries(cases))('%s', (check, list) => {
  test.each(list.map(([name, facts, status, says]) => ({ name, facts, status, says })))('$name', ({ facts, status, says }) => {
    const result = judge(check as CheckId, { ...bare, ...facts });
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    if (says !== undefined) expect(result.summary).toMatch(says);
    if (status !== 'passed' && status !== 'accepted') expect(result.remedy).toMatch(/\w/);
    if (status === 'accepted') expect(result.authority).toBe('proved');
  });
});

test('a line of several scans tells what each of them found', () => {
  const evidence = [scan([finding({ severity: 'high', message: 'in code', package: null, aliases: [] })], { kind: 'eslint' }), scan([finding({ severity: 'critical', message: 'in a package' })]), zap([finding({ severity: 'high', message: 'in the product' })])];
  const verdict = judgeChecklist({ ...bare, evidence }, policy, () => SUBJECT).find(({ result }) => result.id === 'critical-high-remediated')?.verdict;
  expect(verdict?.status === 'failed' && verdict.findings.map(({ title }) => title.replace(/^.*: /, ''))).toEqual(['in code', 'in a package', 'in the product']);
  const nothing = judgeChecklist(bare, policy, () => SUBJECT).find(({ result }) => result.id === 'critical-high-remediated')?.verdict;
  expect(nothing?.status === 'missing' && nothing.needs).toHaveLength(3);
});

import { ESLINT } from '../../../src/core/checks/explanations/samples.ts';
import { NPM_AUDIT, ZAP } from '../../../src/core/checks/explanations/security-samples.ts';
import type { Facts } from '../../../src/core/checks/check.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { attested, cut, evidence, fixture, type Content } from './gathered.ts';

const FOREIGN = /Evidence is of another commit \(ddddddd, not ccccccc\)/;

const CLEAN = [{ filePath: '/ci/src/index.js', messages: [], suppressedMessages: [], errorCount: 0, fatalErrorCount: 0, warningCount: 0 }];
const RISKY = ZAP.text.replace('"riskcode": "1"', '"riskcode": "3"');

/** What npm writes of one vulnerable package. */
function audit(severity: string): object {
  const via = [{ source: 1, name: 'rounding', title: 'Half a cent is lost', url: 'https://github.com/advisories/GHSA-2222-3333-4444', severity, range: '<1.4.2' }];
  return { ...(JSON.parse(NPM_AUDIT.text) as object), vulnerabilities: { rounding: { name: 'rounding', severity, isDirect: true, via, effects: [], range: '<1.4.2', nodes: [], fixAvailable: true } } };
}

/** The reports of every scan that a commit of JavaScript with a lock file calls for. */
function scans(more: Readonly<Record<string, Content>> = {}, commit?: string): Promise<Partial<Facts>> {
  return evidence({ 'eslint.json': CLEAN, 'npm-audit.json': NPM_AUDIT.text, 'zap.json': ZAP.text, ...more }, commit);
}

const MAJOR: Partial<Facts> = { types: new Set(['major']) };
const TESTED = { evidence_sha256: { 'report.pdf': 'e'.repeat(64) }, details: { firm: 'Testers', tested_on: '2025-12-01', retested_on: '2025-12-20' } };
const tested = (details: object = {}): Partial<Facts> => attested('penetration-test', ['ciso'], { ...TESTED, details: { ...TESTED.details, ...details } }, MAJOR);

/** §3.3 Security */
export const security = {
  'sast-scans': {
    passed: { given: () => evidence({ 'eslint.json': ESLINT.text }), status: 'passed', says: /^ESLint: eslint\.json: 1 finding \(1 medium\)$/ },
    failed: { given: () => evidence({ 'eslint.json': fixture('eslint/eslint.json') }), status: 'failed', says: /^ESLint: eslint\.json: 2 findings \(1 high, 1 medium\)$/ },
    missing: { given: () => evidence({ 'zap.json': ZAP.text }), status: 'missing', says: /a static analysis report for JavaScript and TypeScript \(eslint, sarif\)/ },
    stale: { given: () => evidence({ 'eslint.json': ESLINT.text }, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => evidence({ 'eslint.json': cut(fixture('eslint/eslint.json')) }), status: 'broken', says: /^Could not be judged: eslint\.json: / },
  },
  'dast-scans': {
    passed: { given: () => evidence({ 'zap.json': ZAP.text }), status: 'passed', says: /^ZAP: zap\.json: 1 finding \(1 low\)$/ },
    failed: { given: () => evidence({ 'zap.json': RISKY }), status: 'failed', says: /^ZAP: zap\.json: 1 finding \(1 high\)$/ },
    missing: { given: () => evidence({ 'eslint.json': ESLINT.text }), status: 'missing', says: /a DAST report/ },
    stale: { given: () => evidence({ 'zap.json': ZAP.text }, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => evidence({ 'zap.json': cut(ZAP.text) }), status: 'broken', says: /^Could not be judged: zap\.json: / },
  },
  'dependency-scans': {
    passed: { given: () => evidence({ 'npm-audit.json': audit('moderate') }), status: 'passed', says: /^npm: npm-audit\.json: 1 finding \(1 medium\)/ },
    failed: { given: () => evidence({ 'npm-audit.json': audit('critical') }), status: 'failed', says: /^npm: npm-audit\.json: 1 finding \(1 critical\)/ },
    missing: { given: () => evidence({ 'eslint.json': ESLINT.text }), status: 'missing', says: /a dependency scan report for npm/ },
    stale: { given: () => evidence({ 'npm-audit.json': audit('moderate') }, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => evidence({ 'npm-audit.json': cut(audit('critical')) }), status: 'broken', says: /^Could not be judged: npm-audit\.json: / },
  },
  'critical-high-remediated': {
    passed: { given: () => scans(), status: 'passed', says: /eslint\.json: no findings; .*npm-audit\.json: no findings; .*zap\.json: 1 finding \(1 low\)$/ },
    failed: { given: () => scans({ 'zap.json': RISKY }), status: 'failed', says: /zap\.json: 1 finding \(1 high\)$/ },
    missing: { given: () => evidence({ 'eslint.json': CLEAN, 'npm-audit.json': NPM_AUDIT.text }), status: 'missing', says: /a DAST report/ },
    stale: { given: () => scans({}, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => scans({ 'npm-audit.json': cut(audit('high')) }), status: 'broken', says: /Could not be judged: npm-audit\.json: / },
  },
  'medium-documented': {
    passed: { given: () => scans(), status: 'passed', says: /^No medium finding in 3 reports$/ },
    failed: { given: () => scans({ 'npm-audit.json': audit('moderate') }), status: 'failed', says: /^1 medium finding of 1 neither mended nor accepted$/ },
    missing: { given: () => evidence({ 'eslint.json': CLEAN, 'zap.json': ZAP.text }), status: 'missing', says: /a scan report for npm/ },
    stale: { given: () => scans({}, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => scans({ 'eslint.json': cut(fixture('eslint/eslint.json')) }), status: 'broken', says: /Could not be judged: eslint\.json: / },
  },
  'penetration-test': {
    passed: { given: () => tested(), status: 'passed', says: /^Tested by Testers on 2025-12-01, its findings again on 2025-12-20; attested by Grace \(grace\.example#7\)$/ },
    failed: { given: () => tested({ retested_on: '' }), status: 'failed', says: /does not say when its findings were tested again/ },
    missing: { given: () => MAJOR, status: 'needs-person', says: /^Asks security-architect or ciso: Was a penetration test completed/ },
    stale: { given: () => tested({ tested_on: '2024-12-01', retested_on: '2024-12-20' }), status: 'failed', says: /tested on 2024-12-01, more than 365 days ago/ },
    malformed: { given: () => tested({ tested_on: '2025-02-31' }), status: 'failed', says: /does not say when it was tested \(tested_on\)/ },
  },
} as const satisfies Partial<Record<CheckId, Examples>>;

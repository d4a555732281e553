import type { EvidenceItem } from '../model/evidence.ts';
import type { Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts, RiskAcceptance } from './check.ts';
import { counted, failed, judgeReports, ofKinds, passed, refsOf } from './judging.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import { absentScans, findingOf } from './scans.ts';
import { withoutSigned } from './taken-away.ts';

const KINDS = [
  'bandit', 'eslint', 'sarif', 'zap', 'snyk', 'npm-audit', 'yarn-audit', 'pnpm-audit', 'pip-audit', 'dependabot', 'osv-scanner', 'trivy', 'grype', 'dependency-check',
] as const;
const SCAN = 'Let CI scan this commit and put the reports in the outputs folder.';
const REMEDY = 'Mend the medium findings, or have each accepted: countersign accept-risk --vulnerability ID --asked-by PERSON --reason … --control … --until TIME --key FINGERPRINT';

/**
 * §3.3 “All medium vulnerabilities documented (risk acceptance if not remediated)”: each that is left is accepted by the
 * signature of somebody with the authority, who did not ask for it, until a time that is still to come.
 */
export const mediumDocumented: Check = {
  id: 'medium-documented',
  evaluate: (facts, { parameters }) =>
    absentScans([...parameters.sast_scans.value, ...parameters.dependency_scans.value, { name: 'the running product', when: ['**'], kinds: ['zap', 'sarif'], tools: parameters.dast_tools.value }], facts, { scan: 'scan', remedy: SCAN }) ??
    judgeReports(ofKinds(facts.evidence, KINDS), facts, { what: 'the reports of this commit’s scans', remedy: SCAN }, (reports) =>
      judge(reports, facts, parameters)),
  authority: (verdict) => (verdict.status === 'accepted' ? 'proved' : 'machine'),
};

function judge(reports: readonly EvidenceItem[], facts: Facts, parameters: Policy['parameters']): Verdict {
  const evidence = refsOf(reports);
  const { open, taken } = withoutSigned(mergeFindings(reports), facts);
  const medium = open.filter(({ severity }) => severity === 'medium');
  const beyond = reports.filter(({ content }) => content.type === 'findings' && content.total > content.findings.length);
  const cleared = taken.filter(({ finding }) => finding.severity === 'medium').length;
  const note = cleared === 0 ? '' : `; ${cleared} taken away by a signed statement`;
  const decided = medium.map((finding) => ({ finding, ...decide(finding, facts, parameters.medium_risk_roles.value) }));
  const left = decided.filter(({ by }) => by === null);
  const findings = [
    ...left.map(({ finding, why }): VerdictFinding => ({ ...findingOf(finding), title: `${findingOf(finding).title}${why === null ? '' : ` (${why})`}` })),
    ...beyond.map(({ file }): VerdictFinding => ({ severity: null, title: `${file.path} lists more findings than are kept one by one, so not each can be accepted`, where: null, evidence: file.path })),
  ];
  if (left.length > 0) return failed(`${counted(left.length, 'medium finding')} of ${medium.length} neither mended nor accepted${note}`, REMEDY, evidence, findings);
  if (findings.length > 0) return failed(`${beyond.map(({ file }) => file.path).join(', ')} ${beyond.length === 1 ? 'lists' : 'list'} more findings than are kept one by one, so not each can be accepted${note}`, REMEDY, evidence, findings);
  const accepted = decided.flatMap(({ by }) => by ?? []);
  const [first] = accepted;
  if (first === undefined) return passed(`No medium finding in ${counted(reports.length, 'report')}${note}`, evidence);
  const until = accepted.map((acceptance) => acceptance.until).sort()[0] ?? first.until;
  const people = [...new Set(accepted.map(({ signer }) => signer.name))].join(', ');
  return {
    status: 'accepted', by: people, until, why: first.why, evidence, remedy: null,
    summary: `${counted(medium.length, 'medium finding')} accepted by ${people} until ${until.slice(0, 10)}: ${[...new Set(accepted.map(({ why, compensatingControl, record }) => `${why} Instead: ${compensatingControl} (${record})`))].join('; ')}${note}`,
  };
}

function decide(finding: MergedFinding, facts: Facts, roles: readonly string[]): Decision {
  if (finding.together.length > 0) return decideEach(finding, facts, roles);
  const { riskAcceptances, at } = facts;
  const about = riskAcceptances.filter((acceptance) => isAbout(acceptance, finding));
  const judged = about.map((acceptance) => ({ acceptance, why: whyNotCounted(acceptance, at, roles) }));
  const good = judged.find(({ why }) => why === null)?.acceptance;
  return good === undefined ? { by: null, why: judged[0]?.why ?? null } : { by: good, why: null };
}

/** An entry that stands for several advisories is accepted where each of them is; it ends with the first that ends. */
function decideEach(finding: MergedFinding, facts: Facts, roles: readonly string[]): Decision {
  const each = finding.together.map((advisory) => decide({ ...finding, names: [advisory], together: [] }, facts, roles));
  const left = each.find(({ by }) => by === null);
  if (left !== undefined) return left;
  return each.reduce((first, other) => ((other.by?.until ?? '') < (first.by?.until ?? '') ? other : first));
}

function isAbout({ vulnerabilities, packages }: RiskAcceptance, finding: MergedFinding): boolean {
  const names = new Set(finding.names.map((name) => name.toUpperCase()));
  if (!vulnerabilities.some((name) => names.has(name.toUpperCase()))) return false;
  const of = finding.package;
  return packages.length === 0 || (of !== null && packages.some((name) => name === of.name || name === `${of.name}@${of.version ?? ''}` || name.replace(/^pkg:[^/]+\//, '').replace(/[?#].*$/, '') === `${of.name}@${of.version ?? ''}`));
}

interface Decision {
  readonly by: RiskAcceptance | null;
  readonly why: string | null;
}

function whyNotCounted({ signer, askedBy, until, record }: RiskAcceptance, at: string, roles: readonly string[]): string | null {
  if (signer.id === askedBy) return `accepted in ${record} by who asked for it`;
  if (!roles.some((role) => signer.roles.has(role))) return `accepted in ${record} by ${signer.name}, who is not ${roles.join(' or ')}`;
  if (Date.parse(until) <= Date.parse(at)) return `its acceptance in ${record} ended at ${until}`;
  return null;
}

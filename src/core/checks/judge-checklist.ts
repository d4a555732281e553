import type { CheckResult, LineAuthority, Verdict } from '../model/verdict.ts';
import { linesInOrder } from '../policy/load-policy.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import { stopped } from './approvals.ts';
import { authorityOfPerson } from './asks-person.ts';
import { appliesInEmergency, inEmergency } from './in-emergency.ts';
import type { Check, Facts } from './check.ts';
import { checks } from './registry.ts';

export interface JudgedLine {
  readonly line: PolicyLine;
  readonly verdict: Verdict;
  readonly result: CheckResult;
}

/**
 * Judges every line of the checklist: first those that an approval is about, then, by the digest over them, the
 * approvals. A check that throws is `broken`: a crash is never a verdict about the release.
 */
export function judgeChecklist(facts: Facts, policy: Policy, subjectOf: (results: readonly CheckResult[]) => string): JudgedLine[] {
  const lines = linesInOrder(policy);
  const about = judgeLines(lines.filter(({ section }) => section !== APPROVALS), { ...facts, subjectDigest: null }, policy);
  const approvals = judgeLines(lines.filter(({ section }) => section === APPROVALS), { ...facts, subjectDigest: subjectOf(about.map(({ result }) => result)) }, policy);
  const judged = new Map([...about, ...approvals].map((one) => [one.line.id, one]));
  return lines.flatMap(({ id }) => judged.get(id) ?? []);
}

/** The section whose lines are approvals: what they are about leaves it out (FORMATS §3). */
export const APPROVALS = '3.6';

function judgeLines(lines: readonly PolicyLine[], facts: Facts, policy: Policy): JudgedLine[] {
  return lines.map((line) => {
    const check: Check = checks[line.id];
    const asEver = (): Verdict => appliesNot(line, facts) ?? evaluated(check, facts, policy, line);
    const stop = line.section === APPROVALS ? stopped(facts, policy, line) : null;
    const expedited = stop === null ? inEmergency(facts, policy, line, asEver) : null;
    const verdict = stop ?? expedited ?? asEver();
    const whose = expedited === null ? check.authority?.(verdict, facts) : authorityOfPerson(verdict);
    const authority: LineAuthority = verdict.status === 'not-applicable' ? 'machine' : (whose ?? 'machine');
    const { status, summary, evidence, remedy } = verdict;
    return { line, verdict, result: { id: line.id, section: line.section, status, summary, evidence: [...evidence], remedy, authority } };
  });
}

/** The gate opens only over lines that are passed, not applicable, or accepted with authority (FORMATS §3). */
export function gateOf(results: readonly CheckResult[], authority: 'proved' | 'unproved'): 'open' | 'closed' {
  if (authority === 'unproved') return 'closed';
  return results.every(({ status, authority: whose }) => status === 'passed' || status === 'not-applicable' || (status === 'accepted' && whose === 'proved')) ? 'open' : 'closed';
}

function appliesNot(line: PolicyLine, facts: Facts): Verdict | null {
  const because = (why: string): Verdict => ({ status: 'not-applicable', why, summary: why, remedy: null, evidence: [] });
  if (line.applies === 'never') return because(line.why ?? 'The policy file says that this line never applies');
  if (appliesInEmergency(facts, line.id)) return null;
  if (line.applies === 'major' && !facts.types.has('major')) return because('Not a major release');
  if (line.applies === 'security' && !facts.types.has('security')) return because('Not a security patch');
  return null;
}

function evaluated(check: Check, facts: Facts, policy: Policy, line: PolicyLine): Verdict {
  try {
    return check.evaluate(facts, policy, line);
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    return {
      status: 'broken', error, summary: `Could not be judged: ${error}`,
      remedy: 'This is a fault of the console, not of the release. Report it with the evidence that it was given.', evidence: [],
    };
  }
}

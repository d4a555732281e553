import type { CheckId, Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import { authored } from '../roster/differ.ts';
import type { EmergencyInForce, ExpeditedStep, Facts } from './check.ts';
import { passed } from './judging.ts';

/**
 * What a line comes to in an emergency where that is not what it comes to else (policy §10.2): what the policy does not ask of an
 * emergency patch is skipped and owed, whatever it would come to, so that a report that arrives while somebody decides does not
 * kill the decision; three lines are answered by the steps of the emergency. Null where the line is judged as ever.
 */
export function inEmergency(facts: Facts, policy: Policy, line: PolicyLine, evaluate: () => Verdict): Verdict | null {
  const { emergency } = facts;
  if (emergency === null || line.applies === 'never') return null;
  if (isSkipped(emergency, policy, line.id)) {
    const { status, summary } = evaluate();
    const why = `Skipped in ${emergency.id} (§10.2), and owed afterwards`;
    return { status: 'not-applicable', why, summary: status === 'not-applicable' ? `${why}.` : `${why}. Today it would be ${status}: ${summary}`, remedy: null, evidence: [] };
  }
  return STEPS_OF[line.id]?.(emergency, facts) ?? null;
}

/** The lines of the checklist that an emergency leaves out (policy §10.2), in the order of the policy. */
export function isSkipped(emergency: EmergencyInForce, { parameters }: Policy, line: CheckId): boolean {
  if (line === 'artifacts-signed' && emergency.unsigned !== null) return true;
  return !parameters.emergency_lines.value.includes(line);
}

/** §10.2, step 4: both approve, of whatever type the release is. */
export function appliesInEmergency({ emergency }: Facts, line: CheckId): boolean {
  return emergency !== null && (line === 'cto-approval' || line === 'ciso-approval');
}

const STEPS_OF: Partial<Record<CheckId, (emergency: EmergencyInForce, facts: Facts) => Verdict>> = {
  /** §10.2, step 2 “Security architect reviews patch” */
  'high-risk-reviewed': (emergency, facts) => answered(emergency, facts, [{ step: 'review', asks: 'Has a security architect reviewed the patch', done: 'reviewed the patch' }]),
  /** §10.2, step 2 “Patch tested in development environment”, and step 3 “QA team tests patch (expedited testing, 1-2 hours)” */
  'qa-staging-tested': (emergency, facts) => answered(emergency, facts, [
    { step: 'development-test', asks: 'Was the patch tested in the development environment', done: 'tested it in development' },
    { step: 'qa-test', asks: 'Has QA tested the patch', done: 'tested it for QA' },
  ]),
  /** §10.2, step 4 “Deployment scheduled (immediate)” */
  'deployment-scheduled': ({ id, by, declaredAt, record }) => passed(`Immediate (§10.2, step 4): ${id}, declared by ${by} at ${declaredAt} (${record})`, []),
};

interface Asked {
  readonly step: ExpeditedStep['step'];
  readonly asks: string;
  readonly done: string;
}

/** Who reviews or tests has the role, did it of this very commit, and wrote nothing of it (FORMATS §5). */
function answered(emergency: EmergencyInForce, facts: Facts, asked: readonly Asked[]): Verdict {
  const judged = asked.map(({ step, ...words }) => {
    const said = emergency.steps.filter((one) => one.step === step).map((one) => ({ one, why: whyNot(one, facts) }));
    return { step, ...words, said, counts: said.find(({ why }) => why === null)?.one ?? null };
  });
  const open = judged.find(({ counts }) => counts === null);
  if (open === undefined) return passed(judged.map(({ done, counts }) => `${counts?.signer.name ?? ''} ${done} at ${counts?.at ?? ''}: ${counts?.words ?? ''} (${counts?.record ?? ''})`).join('; '), []);
  const roles = [...emergency.stepRoles[open.step]];
  const question = `${open.asks} of ${emergency.id} (commit ${facts.commit.slice(0, 12)})?`;
  return {
    status: 'needs-person', question, roles, summary: [`Asks ${roles.join(' or ')}: ${question}`, ...open.said.map(({ one: { signer, record }, why }) => `${signer.name} said so in ${record}, ${why ?? ''}.`)].join(' '),
    remedy: `The signature of somebody who is ${roles.join(' or ')}: countersign emergency step ${emergency.id} ${open.step} --repo REPO --reason WORDS --key FINGERPRINT`, evidence: [],
  };
}

function whyNot({ signer, commit, step }: ExpeditedStep, facts: Facts): string | null {
  if (commit !== facts.commit) return `of another commit (${commit.slice(0, 12)})`;
  const own = step === 'development-test' ? null : authored(signer, facts);
  return own === null ? null : `and is an author of ${own.slice(0, 12)}, which is in it`;
}

import type { Verdict } from '../model/verdict.ts';
import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check, Facts } from './check.ts';
import { failed, passed } from './judging.ts';

/**
 * §3.6 “Deployment scheduled (maintenance window)”: the plan in force has a calendar with a window that is open or still
 * to come; in an emergency the deployment is immediate (§10.2, step 4). Without a plan somebody who knows attests it.
 */
export const deploymentScheduled: Check = {
  id: 'deployment-scheduled',
  evaluate: (facts, policy, line) => {
    const { plan } = facts;
    if (plan === null) return disputedPlans(facts) ?? asksPerson(facts, policy, line);
    const by = `planned by ${plan.signer.name} in ${plan.record}`;
    if (plan.schedule === null) return facts.types.has('emergency') ? passed(`Immediate, in an emergency; ${by}`, []) : asksPerson(facts, policy, line);
    if (plan.schedule.open || plan.schedule.next !== null) return passed(`${plan.schedule.reason} Its calendar was ${by}`, []);
    return failed(`${plan.schedule.reason} Its calendar was ${by}`, `Plan it anew with a calendar that has a window to come: countersign release plan --release ${facts.version} --calendar FILE`, []);
  },
  authority: authorityOfPerson,
};

/** Two plans that were made without knowing of each other say nothing together. */
export function disputedPlans({ plansDisputed, version }: Facts): Verdict | null {
  if (plansDisputed.length === 0) return null;
  return failed(`${plansDisputed.length} plans stand beside each other, and neither rules: ${plansDisputed.join(', ')}`, `Plan it anew, which replaces them: countersign release plan --release ${version}`, []);
}

import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';
import { disputedPlans } from './deployment-scheduled.ts';
import { passed } from './judging.ts';

/** §3.6 “Rollback plan documented”: in the plan in force; without a plan somebody who knows attests it. */
export const rollbackPlan: Check = {
  id: 'rollback-plan',
  evaluate: (facts, policy, line) => {
    const { plan } = facts;
    if (plan === null) return disputedPlans(facts) ?? asksPerson(facts, policy, line);
    const { previous, rollback_plan, method } = plan.plan;
    return passed(`${method}${previous === null ? '' : `, back to ${previous}`}: ${rollback_plan.replaceAll(/\s+/g, ' ').slice(0, 300)} (planned by ${plan.signer.name} in ${plan.record})`, []);
  },
  authority: authorityOfPerson,
};

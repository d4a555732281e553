import type { Handlers } from '../contract/serve.ts';
import { deploymentsOf } from '../workflow/deployments.ts';
import { planInForce } from '../workflow/plan.ts';
import { rollbacksOf, TRIGGERS } from '../workflow/rollback.ts';
import { deploymentShown } from './deployment-shown.ts';
import { rollbackShown } from './rollback-shown.ts';
import { situationOf, type WorkflowPorts } from './workflow-ports.ts';

/** Where a release is deployed, what was rolled back of it, and who may do what comes next: one look at one moment. */
export function boardHandlers(ports: WorkflowPorts): Pick<Handlers, 'deployment.board'> {
  return {
    'deployment.board': async ({ release }, { signal }) => {
      const { acts, rules, inForce, roster, at } = await situationOf(ports, release, null, signal);
      const { parameters } = inForce.policy;
      const { plan } = planInForce(acts, release, rules.planners, at);
      return {
        release, at, planned: plan === null ? null : { method: plan.plan.method, previous: plan.plan.previous, rollbackPlan: plan.plan.rollback_plan },
        deployments: deploymentsOf(acts, rules, at).map((one) => deploymentShown(one, rules, at)),
        rollbacks: rollbacksOf(acts, rules, at).map((one) => rollbackShown(one, at)),
        rules: {
          deployers: [...rules.deployers], watchers: [...rules.watchers], rollers: [...rules.rollers], hours: rules.hours, canary: rules.canary.map((stage) => ({ ...stage })),
          environments: parameters.environment_configuration.value.map(({ environment, settings }) => ({ environment, settings: { ...settings } })),
          triggers: TRIGGERS.map((trigger) => ({ ...trigger })), slowerPercent: parameters.rollback_slower_percent.value, causeDays: parameters.root_cause_days.value,
        },
        people: (roster?.roster.people ?? []).filter(({ status }) => status === 'active').map(({ id, name, roles, phones }) => ({ id, name, roles: [...roles], phones: [...phones] })),
      };
    },
  };
}

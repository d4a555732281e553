import type { Policy } from '../policy/policy.ts';

/** What the policy says of planning, deploying and watching, by the names of its parameters. */
export interface DeploymentRules {
  readonly planners: readonly string[];
  readonly deployers: readonly string[];
  readonly declarers: readonly string[];
  readonly watchers: readonly string[];
  readonly rollers: readonly string[];
  /** Who approves a major release, and who a security patch (§3.6). */
  readonly approvers: { readonly major: readonly string[]; readonly security: readonly string[] };
  readonly canary: readonly { readonly percent: number; readonly minutes: number }[];
  readonly hours: number;
  /** In how many hours an approval by word is ratified, and its witness signs (FORMATS §7). */
  readonly ratificationHours: number;
  readonly witnessHours: number;
}

export function deploymentRules({ lines, parameters: p }: Policy): DeploymentRules {
  const rolesOf = (check: string): readonly string[] => lines.find(({ id }) => id === check)?.roles ?? [];
  return {
    planners: p.planning_roles.value, deployers: p.deployment_roles.value, declarers: p.emergency_roles.value, watchers: p.monitoring_roles.value, rollers: p.rollback_roles.value,
    approvers: { major: rolesOf('cto-approval'), security: rolesOf('ciso-approval') }, canary: p.canary_stages.value, hours: p.monitoring_hours.value,
    ratificationHours: p.ratification_hours.value, witnessHours: p.call_witness_hours.value,
  };
}

/** The same for a policy file that no roster in force names: nobody may do anything by it. */
export function withoutAuthority(rules: DeploymentRules): DeploymentRules {
  return { ...rules, planners: [], deployers: [], declarers: [], watchers: [], rollers: [] };
}

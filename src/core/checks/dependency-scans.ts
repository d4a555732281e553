import type { Check } from './check.ts';
import { judgeScans } from './scans.ts';

/** §3.3 “All dependency scans passed (Dependabot, Snyk)” */
export const dependencyScans: Check = {
  id: 'dependency-scans',
  evaluate: (facts, policy) =>
    judgeScans(policy.parameters.dependency_scans.value, facts, policy.parameters.dependency_fails_at.value, {
      scan: 'dependency scan',
      remedy: 'Let CI scan the lock files of this commit (npm audit --json, Snyk …) and put the report in the outputs folder.',
    }),
};

import type { Check } from './check.ts';
import { judgeScans } from './scans.ts';

/** §3.3 “All dependency scans passed (Dependabot, Snyk)”, with vulnerability data that is young enough to find anything. */
export const dependencyScans: Check = {
  id: 'dependency-scans',
  evaluate: (facts, { parameters }) =>
    judgeScans(parameters.dependency_scans.value, facts, { failsAt: parameters.dependency_fails_at.value, dataDays: parameters.vulnerability_data_days.value }, {
      scan: 'dependency scan',
      remedy: 'Let CI scan the lock files of this commit (npm audit --json, Snyk …) and put the report in the outputs folder.',
    }),
};

import type { Policy } from '../policy/policy.ts';
import type { Check } from './check.ts';
import { joined } from './judging.ts';
import { judgeScans } from './scans.ts';

/** A severity that the report does not say is never taken for a low one. */
const CRITICAL_AND_HIGH = ['critical', 'high', 'unknown'] as const;
const REMEDY = 'Mend every critical and high finding, then scan this commit again.';

/** §3.3 “All critical/high vulnerabilities remediated”: over everything that the scans of this commit found. */
export const criticalHighRemediated: Check = {
  id: 'critical-high-remediated',
  evaluate: (facts, { parameters }: Policy) =>
    joined([
      judgeScans(parameters.sast_scans.value, facts, CRITICAL_AND_HIGH, { scan: 'static analysis', remedy: REMEDY }),
      judgeScans(parameters.dependency_scans.value, facts, CRITICAL_AND_HIGH, { scan: 'dependency scan', remedy: REMEDY }),
    ]),
};

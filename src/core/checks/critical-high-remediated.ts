import type { Check } from './check.ts';
import { dastScans } from './dast-scans.ts';
import { joined } from './judging.ts';
import { judgeScans } from './scans.ts';

/** A severity that the report does not say is never taken for a low one. */
const CRITICAL_AND_HIGH = ['critical', 'high', 'unknown'] as const;
const REMEDY = 'Mend every critical and high finding, then scan this commit again.';

/** §3.3 “All critical/high vulnerabilities remediated”: over everything that the scans of this commit found. */
export const criticalHighRemediated: Check = {
  id: 'critical-high-remediated',
  evaluate: (facts, policy, line) => {
    const { parameters } = policy;
    const parts = [
      judgeScans(parameters.sast_scans.value, facts, { failsAt: CRITICAL_AND_HIGH, dataDays: null }, { scan: 'static analysis', remedy: REMEDY }),
      judgeScans(parameters.dependency_scans.value, facts, { failsAt: CRITICAL_AND_HIGH, dataDays: parameters.vulnerability_data_days.value }, { scan: 'dependency scan', remedy: REMEDY }),
    ] as const;
    return joined([...parts, dastScans.evaluate(facts, policy, line)]);
  },
};

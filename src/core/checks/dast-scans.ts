import type { Check } from './check.ts';
import { judgeReports } from './judging.ts';
import { judgeFindings, reportsFor } from './scans.ts';

const REMEDY = 'Let CI scan the staging deployment of this commit with ZAP and write its report: zap-baseline.py -t URL -J zap.json';

/** §3.3 “All DAST scans passed (OWASP ZAP)” */
export const dastScans: Check = {
  id: 'dast-scans',
  evaluate: (facts, { parameters }) =>
    judgeReports(
      reportsFor(['zap', 'sarif'], parameters.dast_tools.value, facts), facts,
      { what: 'a DAST report (ZAP, or SARIF of a dynamic scanner)', remedy: REMEDY },
      (reports) => judgeFindings(reports, facts, { failsAt: parameters.dast_fails_at.value, dataDays: null }, REMEDY),
    ),
};

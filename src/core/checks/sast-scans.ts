import type { Check } from './check.ts';
import { judgeScans } from './scans.ts';

/** §3.3 “All SAST scans passed (Bandit, ESLint)” */
export const sastScans: Check = {
  id: 'sast-scans',
  evaluate: (facts, { parameters }) =>
    judgeScans(parameters.sast_scans.value, facts, { failsAt: parameters.sast_fails_at.value, dataDays: null }, {
      scan: 'static analysis',
      remedy: 'Let CI run Bandit, ESLint or another analyser on this commit and write its JSON or SARIF report.',
    }),
};

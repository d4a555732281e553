import type { Check } from './check.ts';
import { judgeScans } from './scans.ts';

/** §4.1 “Run Linters” */
export const lintersPassed: Check = {
  id: 'linters-passed',
  evaluate: (facts, policy) =>
    judgeScans(policy.parameters.linters.value, facts, { failsAt: ['critical', 'high', 'unknown'], dataDays: null }, {
      scan: 'linter',
      remedy: 'Let CI run the linters on this commit and write their reports (eslint -f json, ruff --output-format sarif).',
    }),
};

import type { z } from 'zod';
import { CHECK_IDS, type CheckId } from '../model/verdict.ts';

/** Lines of the checklist that have to be green before a step of policy §2 is done. */
export interface StepLines {
  readonly step: number;
  readonly lines: readonly CheckId[];
}

/** The house rule where a policy file says nothing: every line stands in the step to which its clause belongs. */
export const STEP_LINES: { step: number; lines: CheckId[] }[] = [
  { step: 1, lines: ['rollback-plan'] },
  {
    step: 2,
    lines: [
      'code-reviewed', 'high-risk-reviewed', 'no-self-approval', 'feedback-addressed', 'unit-tests', 'integration-tests', 'end-to-end-tests', 'regression-tests', 'performance-tests',
      'sast-scans', 'dast-scans', 'dependency-scans', 'critical-high-remediated', 'medium-documented', 'penetration-test', 'linters-passed',
      'release-notes', 'changelog-updated', 'api-documentation', 'compliance-notified', 'configuration-documented', 'environment-variables', 'secrets-rotated', 'monitoring-configured',
    ],
  },
  { step: 3, lines: ['sbom-generated', 'artifacts-signed', 'artifacts-checksummed', 'artifacts-stored'] },
  { step: 4, lines: ['migrations-tested', 'qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues'] },
  { step: 5, lines: ['cto-approval', 'ciso-approval', 'deployment-scheduled'] },
];

/** Each line stands in one step, so that what keeps the gate closed is said at a step. */
export function checkStepLines(given: readonly StepLines[], context: z.RefinementCtx): void {
  const path = ['parameters', 'step_lines', 'value'];
  const all = given.flatMap(({ lines }) => lines);
  const twice = all.filter((line, at) => all.indexOf(line) < at);
  const nowhere = CHECK_IDS.filter((id) => !all.includes(id));
  if (twice.length > 0) context.addIssue({ code: 'custom', path, message: `lines that stand in two steps: ${[...new Set(twice)].join(', ')}` });
  if (nowhere.length > 0) context.addIssue({ code: 'custom', path, message: `lines that stand in no step: ${nowhere.join(', ')}` });
}

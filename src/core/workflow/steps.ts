import type { ReleaseStep } from '../model/release.ts';
import type { CheckResult } from '../model/verdict.ts';
import type { StepLines } from '../policy/step-lines.ts';

/** The eight steps of policy §2, in its words. */
export const STEPS = [
  'Release planning', 'Pre-deployment verification', 'Build pipeline execution', 'Staging deployment',
  'Production deployment approval', 'Production deployment', 'Post-deployment verification', 'Rollback (if needed)',
] as const;

/**
 * Where a release stands in the eight steps, by the lines that the policy file has for each. A step with lines is done when they all are green; the first that is not
 * is the current one, or blocked where a line of it has failed. Steps that nothing was recorded for lie ahead.
 */
export function stepsOf(results: readonly CheckResult[], gates: readonly StepLines[]): ReleaseStep[] {
  let reached = true;
  return STEPS.map((title, index) => {
    const lines = gates.find(({ step }) => step === index + 1)?.lines ?? [];
    const own = results.filter(({ id }) => lines.includes(id));
    const green = own.filter(({ status }) => status === 'passed' || status === 'not-applicable' || status === 'accepted');
    const note = lines.length === 0 ? 'Nothing recorded yet' : `${green.length} of ${own.length} lines green`;
    const done = lines.length > 0 && green.length === own.length;
    const failed = own.some(({ status }) => status === 'failed' || status === 'broken');
    const state = done ? 'done' : !reached ? 'ahead' : failed ? 'blocked' : 'current';
    if (!done) reached = false;
    return { number: index + 1, title, state, note, lines: own.length };
  });
}

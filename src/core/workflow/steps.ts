import type { ReleaseStep } from '../model/release.ts';
import type { CheckId, CheckResult } from '../model/verdict.ts';

/** The eight steps of policy §2 with the lines of the checklist that stand for each. */
export const STEPS: readonly { readonly title: string; readonly lines: readonly CheckId[] }[] = [
  { title: 'Release planning', lines: ['rollback-plan'] },
  {
    title: 'Pre-deployment verification',
    lines: [
      'code-reviewed', 'high-risk-reviewed', 'no-self-approval', 'feedback-addressed', 'unit-tests', 'integration-tests',
      'end-to-end-tests', 'regression-tests', 'performance-tests', 'sast-scans', 'dast-scans', 'dependency-scans',
      'critical-high-remediated', 'medium-documented', 'penetration-test', 'linters-passed',
    ],
  },
  { title: 'Build pipeline execution', lines: ['sbom-generated', 'artifacts-signed', 'artifacts-checksummed', 'artifacts-stored'] },
  {
    title: 'Staging deployment',
    lines: ['migrations-tested', 'qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues'],
  },
  { title: 'Production deployment approval', lines: ['cto-approval', 'ciso-approval', 'deployment-scheduled'] },
  { title: 'Production deployment', lines: [] },
  { title: 'Post-deployment verification', lines: [] },
  { title: 'Rollback (if needed)', lines: [] },
];

/**
 * Where a release stands in the eight steps. A step with lines is done when they all are green; the first that is not
 * is the current one, or blocked where a line of it has failed. Steps that nothing was recorded for lie ahead.
 */
export function stepsOf(results: readonly CheckResult[]): ReleaseStep[] {
  let reached = true;
  return STEPS.map(({ title, lines }, index) => {
    const own = results.filter(({ id }) => lines.includes(id));
    const green = own.filter(({ status }) => status === 'passed' || status === 'not-applicable' || status === 'accepted');
    const note = lines.length === 0 ? 'Nothing recorded yet' : `${green.length} of ${own.length} lines green`;
    const done = lines.length > 0 && green.length === own.length;
    const failed = own.some(({ status }) => status === 'failed' || status === 'broken');
    const state = done ? 'done' : !reached ? 'ahead' : failed ? 'blocked' : 'current';
    if (!done) reached = false;
    return { number: index + 1, title, state, note };
  });
}

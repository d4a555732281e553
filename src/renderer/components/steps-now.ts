import type { ReleaseShown } from '../../core/contract/plan-calls.ts';
import type { ReleaseStep } from '../../core/model/release.ts';

/** A step as all that is known says it: what was judged just now, and what the archive holds. */
export interface StepNow {
  readonly number: number;
  readonly title: string;
  readonly state: ReleaseShown['steps'][number]['state'];
  readonly note: string;
  readonly by: string | null;
  readonly since: string | null;
  readonly blocks: ReleaseShown['steps'][number]['blocks'];
}

/**
 * Merges where the lines that were judged just now put a release with where its records do. A step is done only where both say so;
 * what has failed is blocked.
 */
export function stepsNow(judged: readonly ReleaseStep[], shown: Pick<ReleaseShown, 'steps'> | null): StepNow[] {
  const bare = judged.map((step) => ({ ...step, by: null, since: null, blocks: [] }));
  if (shown === null) return bare;
  let open = true;
  return bare.map(({ lines, ...step }): StepNow => {
    const told = shown.steps.find(({ number }) => number === step.number);
    if (told === undefined) return step;
    const { by, since, blocks } = told;
    const red = step.state === 'current' || step.state === 'blocked';
    // A step for which no line stands is told by records alone.
    const undone = told.state === 'done' && red && lines > 0;
    const state = undone ? step.state : told.state === 'current' && step.state === 'blocked' ? 'blocked' : told.state;
    const wasOpen = open;
    if (state !== 'done' && state !== 'not-needed') open = false;
    // What comes after a step that is not done lies ahead, whatever was recorded of it; a rollback stands for itself.
    if (!wasOpen && step.number < 8 && state !== 'ahead') return { ...step, state: 'ahead', by: null, since: null, blocks };
    const [first] = blocks;
    const note = undone ? `${step.note}; it was done before` : first === undefined ? (state === 'not-needed' ? 'Not needed' : step.note) : `${first.what}${blocks.length > 1 ? `, and ${blocks.length - 1} more` : ''}`;
    return { ...step, state, note, by: state === 'done' ? by : null, since: undone ? null : since, blocks };
  });
}

/** The step that is open; null where all are done. */
export function presentStep(steps: readonly StepNow[]): StepNow | null {
  return steps.find(({ state }) => state === 'current' || state === 'blocked') ?? null;
}

import { describe, expect, test } from 'vitest';
import type { ReleaseStep } from '../../src/core/model/release.ts';
import { presentStep, stepsNow, type StepNow } from '../../src/renderer/components/steps-now.ts';

const LETTERS = { d: 'done', c: 'current', b: 'blocked', a: 'ahead', n: 'not-needed' } as const;
const statesOf = (letters: string): StepNow['state'][] => [...letters].map((letter) => LETTERS[letter as keyof typeof LETTERS]);
const judged = (letters: string): ReleaseStep[] => statesOf(letters).map((state, index) => ({ number: index + 1, title: `Step ${index + 1}`, state: state as ReleaseStep['state'], note: '1 of 2 lines green', lines: index < 5 ? 2 : 0 }));
const shown = (letters: string): Parameters<typeof stepsNow>[1] => ({
  steps: statesOf(letters).map((state, index) => ({ number: index + 1, title: `Step ${index + 1}`, state, by: state === 'done' ? 'Rita' : null, since: '2026-01-12T12:00:00Z', blocks: state === 'done' || state === 'not-needed' ? [] : [{ what: 'a thing', who: 'qa' }, { what: 'another', who: 'qa' }] })),
});
const letters = (steps: readonly StepNow[]): string => steps.map(({ state }) => state.charAt(0)).join('');

describe('where a release stands', () => {
  test.each<[what: string, judged: string, shown: string, comes: string]>([
    ['both agree', 'ddcaaaaa', 'ddcaaaan', 'ddcaaaan'],
    ['what failed is blocked', 'ddbaaaaa', 'ddcaaaan', 'ddbaaaan'],
    ['a line that is red again undoes what was recorded', 'dbaaaaaa', 'ddddcaan', 'dbaaaaan'],
    ['lines alone make nothing planned or deployed', 'ddddddca', 'caaaaaan', 'caaaaaan'],
    ['suspended is blocked though its lines are green', 'dddddcaa', 'dddddban', 'dddddban'],
    ['a rollback stands for itself', 'dddddbaa', 'dddddcac', 'dddddbac'],
    ['all is done', 'dddddaaa', 'dddddddd', 'dddddddd'],
    ['a deployment is told by its records, for which no line stands', 'dddddcaa', 'ddddddcn', 'ddddddcn'],
    ['the end of the watch too', 'dddddcaa', 'dddddddn', 'dddddddn'],
  ])('%s', (_, before, told, comes) => {
    expect(letters(stepsNow(judged(before), shown(told)))).toBe(comes);
  });

  test('what blocks is said with how much more there is, who did what is done, and without records the lines speak alone', () => {
    const steps = stepsNow(judged('dcaaaaaa'), shown('dcaaaaan'));
    expect(steps.slice(0, 2)).toMatchObject([{ by: 'Rita', note: '1 of 2 lines green' }, { by: null, note: 'a thing, and 1 more', since: '2026-01-12T12:00:00Z' }]);
    expect(presentStep(steps)?.number).toBe(2);
    expect(stepsNow(judged('dcaaaaaa'), null).map(({ note, blocks }) => [note, blocks.length])[1]).toEqual(['1 of 2 lines green', 0]);
    expect(presentStep(stepsNow(judged('dddddddd'), shown('dddddddn')))).toBeNull();
  });
});

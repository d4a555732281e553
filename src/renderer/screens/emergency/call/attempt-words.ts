import type { Input } from '../../../../core/contract/types.ts';

export type Outcome = Input<'verbal.attempt'>['outcome'];

/** How a call ends that reaches nobody who decides, in the order of the keys that record it. */
export const OUTCOMES: readonly (readonly [Outcome, string])[] = [['no-answer', 'No answer'], ['busy', 'Busy'], ['voicemail', 'Voicemail'], ['no-connection', 'No connection'], ['refused-to-talk', 'Would not talk']];

export const OUTCOME_WORDS: Readonly<Record<string, string>> = Object.fromEntries(OUTCOMES);

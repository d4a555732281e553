import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.1 “All feedback addressed” */
export const feedbackAddressed: Check = {
  id: 'feedback-addressed',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['review threads with their state; this version does not read it yet'],
      'Export the pull requests of the range, with review threads, from the forge.',
    ),
};

import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.1 “All code reviewed and approved (at least 1 reviewer per PR)” */
export const codeReviewed: Check = {
  id: 'code-reviewed',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['pull requests with their reviews, exported from the forge; this version does not read it yet'],
      'Export the pull requests of the range, with reviews, from the forge.',
    ),
};

import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.1 “No self-approved pull requests” */
export const noSelfApproval: Check = {
  id: 'no-self-approval',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['pull requests with who approved and who merged them; this version does not read it yet'],
      'Export the pull requests of the range, with reviews, from the forge.',
    ),
};

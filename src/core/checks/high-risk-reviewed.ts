import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.1 “High-risk code reviewed by senior developer or security architect” */
export const highRiskReviewed: Check = {
  id: 'high-risk-reviewed',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['reviews of the high-risk files by a rostered senior developer or security architect; this version does not read it yet'],
      'Export the pull requests of the range, with reviews, from the forge.',
    ),
};

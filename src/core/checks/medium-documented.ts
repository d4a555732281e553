import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.3 “All medium vulnerabilities documented (risk acceptance if not remediated)” */
export const mediumDocumented: Check = {
  id: 'medium-documented',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['a fix or a signed risk acceptance for each medium finding; this version does not read it yet'],
      'Mend the medium findings, or have each accepted by somebody with the authority, by signature.',
    ),
};

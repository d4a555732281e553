import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.2 “Performance tests passed (no performance degradation)” */
export const performanceTests: Check = {
  id: 'performance-tests',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['performance results of this commit and of a baseline; this version does not read it yet'],
      'Let CI write its benchmark results as JSON, for this commit and for the last release.',
    ),
};

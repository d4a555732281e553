import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.5 “Environment variables updated (production)” */
export const environmentVariables: Check = {
  id: 'environment-variables',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['the set of variables declared for production; this version does not read it yet'],
      'Declare the variables of production in a file of the outputs folder.',
    ),
};

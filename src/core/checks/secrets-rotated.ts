import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.5 “Secrets rotated (if needed)” */
export const secretsRotated: Check = {
  id: 'secrets-rotated',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['an inventory of secrets with the day each was last rotated; this version does not read it yet'],
      'Put the inventory (names and dates, never values) in the outputs folder.',
    ),
};

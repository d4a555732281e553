import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.5 “Database migrations tested (staging environment)” */
export const migrationsTested: Check = {
  id: 'migrations-tested',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['the migrations of the range and the staging run that covers each; this version does not read it yet'],
      'Let CI record the migration run in staging.',
    ),
};

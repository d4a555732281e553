import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §4.1 “Artifacts uploaded to artifact repository” */
export const artifactsStored: Check = {
  id: 'artifacts-stored',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['proof that the artifacts were uploaded with their checksums and read back; this version does not read it yet'],
      'Upload the artifacts with their checksums and read them back.',
    ),
};

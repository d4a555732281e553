import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.5 “Configuration changes documented” */
export const configurationDocumented: Check = {
  id: 'configuration-documented',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['where each configuration change of the range is documented; this version does not read it yet'],
      'Name each changed configuration file in the release notes or the CHANGELOG.',
    ),
};

import type { Check } from './check.ts';
import { missing } from './judging.ts';

/** §3.4 “API documentation updated (OpenAPI/Swagger)” */
export const apiDocumentation: Check = {
  id: 'api-documentation',
  // Nothing is read yet that could judge this line, so it stands as missing whatever the outputs hold.
  evaluate: () =>
    missing(
      ['the OpenAPI document of this commit and of the last release; this version does not read it yet'],
      'Keep the OpenAPI document in the repository and raise its version when paths change.',
    ),
};

import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “Staging environment tested (smoke tests, regression tests)” */
export const qaStagingTested: Check = { id: 'qa-staging-tested', evaluate: asksPerson, authority: authorityOfPerson };

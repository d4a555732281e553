import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “API documentation reviewed” */
export const qaApiDocumentation: Check = { id: 'qa-api-documentation', evaluate: asksPerson, authority: authorityOfPerson };

import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “All automated checks passed” */
export const qaAutomatedChecks: Check = { id: 'qa-automated-checks', evaluate: asksPerson, authority: authorityOfPerson };

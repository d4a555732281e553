import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “CHANGELOG reviewed” */
export const qaChangelog: Check = { id: 'qa-changelog', evaluate: asksPerson, authority: authorityOfPerson };

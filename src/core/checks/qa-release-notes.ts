import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “Release notes reviewed” */
export const qaReleaseNotes: Check = { id: 'qa-release-notes', evaluate: asksPerson, authority: authorityOfPerson };

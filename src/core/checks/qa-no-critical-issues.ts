import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §4.2 “No critical issues detected” */
export const qaNoCriticalIssues: Check = { id: 'qa-no-critical-issues', evaluate: asksPerson, authority: authorityOfPerson };

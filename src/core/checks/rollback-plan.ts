import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.6 “Rollback plan documented” */
export const rollbackPlan: Check = { id: 'rollback-plan', evaluate: asksPerson, authority: authorityOfPerson };

import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.6 “Deployment scheduled (maintenance window)” */
export const deploymentScheduled: Check = { id: 'deployment-scheduled', evaluate: asksPerson, authority: authorityOfPerson };

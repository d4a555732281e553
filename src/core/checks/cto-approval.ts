import { evaluateApproval } from './approvals.ts';
import { authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.6 “CTO approval (for major releases)” */
export const ctoApproval: Check = { id: 'cto-approval', evaluate: evaluateApproval, authority: authorityOfPerson };

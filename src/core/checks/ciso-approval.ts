import { evaluateApproval } from './approvals.ts';
import { authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.6 “CISO approval (for security patches)” */
export const cisoApproval: Check = { id: 'ciso-approval', evaluate: evaluateApproval, authority: authorityOfPerson };

import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.4 “Compliance team notified (for major releases)” */
export const complianceNotified: Check = { id: 'compliance-notified', evaluate: asksPerson, authority: authorityOfPerson };

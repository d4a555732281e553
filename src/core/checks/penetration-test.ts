import { asksPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.3 “Penetration test completed (for major releases)” */
export const penetrationTest: Check = { id: 'penetration-test', evaluate: asksPerson, authority: () => 'unproved' };

import type { Check } from './check.ts';
import { judgeSuite } from './suites.ts';

/** §3.2 “All end-to-end tests passed” */
export const endToEndTests: Check = { id: 'end-to-end-tests', evaluate: (facts, policy) => judgeSuite('end-to-end', facts, policy) };

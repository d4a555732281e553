import type { Check } from './check.ts';
import { judgeSuite } from './suites.ts';

/** §3.2 “All regression tests passed” */
export const regressionTests: Check = { id: 'regression-tests', evaluate: (facts, policy) => judgeSuite('regression', facts, policy) };

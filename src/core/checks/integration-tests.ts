import type { Check } from './check.ts';
import { judgeSuite } from './suites.ts';

/** §3.2 “All integration tests passed” */
export const integrationTests: Check = { id: 'integration-tests', evaluate: (facts, policy) => judgeSuite('integration', facts, policy) };

import { asksPerson } from './asks-person.ts';
import type { Check } from './check.ts';

/** §3.5 “Monitoring configured (Sentinel™)” */
export const monitoringConfigured: Check = { id: 'monitoring-configured', evaluate: asksPerson, authority: () => 'unproved' };

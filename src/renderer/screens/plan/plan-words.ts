import type { DeploymentMethod } from '../../../core/model/plan.ts';

export const METHOD_WORDS: Readonly<Record<DeploymentMethod, string>> = {
  'direct': 'Direct: all at once', 'blue-green': 'Blue-green: beside what runs, then switched', 'canary': 'Canary: to a part first, in stages with time between',
};

import type { Handlers } from '../../src/core/contract/serve.ts';
import type { View } from './preview-views.ts';

/** Stand-ins for the calls of deployments, rollbacks and metrics. */
export function deploymentAnswers(): Pick<Handlers, 'deployment.close' | 'deployment.finding' | 'deployment.finish' | 'deployment.observe' | 'deployment.stage' | 'deployment.start' | 'deployment.takeIn' | 'metrics.read' | 'rollback.cause' | 'rollback.check' | 'rollback.close' | 'rollback.decide' | 'rollback.execute' | 'rollback.finish' | 'rollback.list' | 'rollback.notify' | 'rollback.start'> {
  return {
    'deployment.start': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.stage': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.observe': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.finish': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.finding': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'deployment.takeIn': async () => ({ taken: [], refused: [], known: 0 }),
    'deployment.close': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.check': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.start': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.notify': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.decide': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.execute': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.finish': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.close': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.cause': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'metrics.read': async () => Promise.reject(new Error('no records are read in a preview')),
    'rollback.list': async () => ({ rollbacks: [] }),
  };
}

/** Their places that have a picture. */
export const DEPLOYMENT_VIEWS: readonly View[] = [];

import type { Handlers } from '../../src/core/contract/serve.ts';
import type { View } from './preview-views.ts';

/** Stand-ins for the calls of planning, approving and leading a release. */
export function planAnswers(): Pick<Handlers, 'approval.sign' | 'release.act' | 'release.acts' | 'release.plan' | 'release.propose' | 'release.schedule' | 'release.show' | 'release.timeline' | 'release.withdraw' | 'statement.sign'> {
  return {
    'release.withdraw': async () => Promise.reject(new Error('nothing is withdrawn in a preview')),
    'release.acts': async () => ({ acts: [] }),
    'statement.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'approval.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.propose': async () => Promise.reject(new Error('nothing is planned in a preview')),
    'release.schedule': async () => Promise.reject(new Error('no file is read in a preview')),
    'release.plan': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.show': async () => Promise.reject(new Error('no records are read in a preview')),
    'release.act': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.timeline': async ({ release }) => ({ release, written: null, events: [], markdown: '' }),
  };
}

/** Their places that have a picture. */
export const PLAN_VIEWS: readonly View[] = [];

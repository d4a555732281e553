import type { Handlers } from '../../src/core/contract/serve.ts';
import { AppError } from '../../src/core/model/errors.ts';
import type { View } from './preview-views.ts';

/** Stand-ins for the calls of the roster. */
export function peopleAnswers(): Pick<Handlers, 'roster.adopt' | 'roster.propose' | 'roster.read' | 'roster.show' | 'roster.sign' | 'roster.verify'> {
  return {
    'roster.read': async () => ({ held: null }),
    'roster.show': async () => Promise.reject(new AppError('not-found', 'This console holds no roster.', { hint: 'countersign roster adopt FILE --digest SHA256' })),
    'roster.propose': async () => Promise.reject(new Error('nothing is proposed in a preview')),
    'roster.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'roster.verify': async () => Promise.reject(new Error('nothing is verified in a preview')),
    'roster.adopt': async () => Promise.reject(new Error('nothing is adopted in a preview')),
  };
}

/** Their places that have a picture. */
export const PEOPLE_VIEWS: readonly View[] = [];

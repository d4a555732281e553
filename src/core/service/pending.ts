import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';

const later = (): never => {
  throw new AppError('not-permitted', 'This is not built yet.', {});
};

/** Calls that are declared and not carried out yet; gone before this branch is merged. */
export const pending: Pick<Handlers, 'verbal.request' | 'verbal.requests' | 'verbal.record' | 'verbal.attempt' | 'verbal.witness' | 'verbal.ratify' | 'verbal.dispute' | 'verbal.form' | 'verbal.list'
| 'emergency.detail' | 'emergency.act' | 'emergency.draftPostMortem' | 'emergency.recordPostMortem'> = {
  'verbal.request': later, 'verbal.requests': later, 'verbal.record': later, 'verbal.attempt': later, 'verbal.witness': later, 'verbal.ratify': later, 'verbal.dispute': later, 'verbal.form': later, 'verbal.list': later,
  'emergency.detail': later, 'emergency.act': later, 'emergency.draftPostMortem': later, 'emergency.recordPostMortem': later,
};

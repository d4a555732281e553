import type { Handlers } from '../../src/core/contract/serve.ts';
import { AppError } from '../../src/core/model/errors.ts';

const nowhere = async (): Promise<never> => {
  throw new AppError('not-found', 'No emergency is called so.', { hint: 'countersign emergency status shows them with their records.' });
};

/** Stand-ins for what is done in an emergency, where none is. */
export function emergencyActAnswers(): Pick<Handlers, 'emergency.detail' | 'emergency.act' | 'emergency.draftPostMortem' | 'emergency.recordPostMortem'> {
  return { 'emergency.detail': nowhere, 'emergency.act': nowhere, 'emergency.draftPostMortem': nowhere, 'emergency.recordPostMortem': nowhere };
}

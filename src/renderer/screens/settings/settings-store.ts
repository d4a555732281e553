import { create } from 'zustand';
import type { Settings } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { shownError } from '../../core-client.ts';
import { changeSettings } from '../../frame/status-store.ts';

/** What is typed for the policy file before it is set; null while it is what is set. */
export const useSettingsForm = create<{ readonly policyFile: string | null; readonly error: AppError | null }>(() => ({ policyFile: null, error: null }));

/** Sets a setting at once; an error is shown in place and nothing typed is lost. */
export async function set(change: Partial<Settings>): Promise<void> {
  try {
    await changeSettings(change);
    useSettingsForm.setState({ error: null, ...(change.policyFile === undefined ? {} : { policyFile: null }) });
  } catch (cause) {
    useSettingsForm.setState({ error: shownError(cause) });
  }
}

import { create } from 'zustand';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

/** Everything that the records tell of the one emergency that is open. */
interface DetailState {
  /** By the record of its declaration. */
  readonly of: string | null;
  readonly detail: EmergencyDetail | null;
  readonly error: AppError | null;
}

export const useDetail = create<DetailState>(() => ({ of: null, detail: null, error: null }));

/** Reads one emergency whole; what was read of another is not shown meanwhile. */
export async function readDetail(of: string): Promise<void> {
  if (useDetail.getState().of !== of) useDetail.setState({ of, detail: null, error: null });
  try {
    const detail = await client.call('emergency.detail', { emergency: of });
    if (useDetail.getState().of === of) useDetail.setState({ detail, error: null });
  } catch (cause) {
    if (useDetail.getState().of === of) useDetail.setState({ error: shownError(cause) });
  }
}

/** Takes what an act answered, which is newer than what was read. */
export function takeDetail(detail: EmergencyDetail): void {
  const { of } = useDetail.getState();
  if (of === detail.emergency.record) useDetail.setState({ detail, error: null });
}

client.on('archive.changed', () => {
  const { of } = useDetail.getState();
  if (of !== null) void readDetail(of);
});

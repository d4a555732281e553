import { useEffect } from 'react';
import { create } from 'zustand';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { client, shownError } from '../../core-client.ts';

/** What the archive tells of a release: its plan and steps, and everything that people signed about it. */
export interface ReleaseRecords {
  readonly shown: ReleaseShown | null;
  readonly acts: readonly ActView[] | null;
  readonly error: AppError | null;
}

const NOTHING: ReleaseRecords = { shown: null, acts: null, error: null };

const useStore = create<{ readonly of: Readonly<Record<string, ReleaseRecords>> }>(() => ({ of: {} }));

/** Versions that are being read, and whether something changed since that began. */
const reading = new Map<string, boolean>();

/** Reads it anew; what is shown stays until the answer is there. Several parts of the window ask for one reading. */
export async function readRecords({ version, policyFile }: Pick<ReleaseDraft, 'version' | 'policyFile'>): Promise<void> {
  if (reading.has(version)) {
    reading.set(version, true);
    return;
  }
  const change = (what: Partial<ReleaseRecords>): void => useStore.setState(({ of }) => ({ of: { ...of, [version]: { ...(of[version] ?? NOTHING), ...what } } }));
  do {
    reading.set(version, false);
    try {
      const [shown, { acts }] = await Promise.all([client.call('release.show', { release: version, policyFile }), client.call('release.acts', { release: version })]);
      change({ shown, acts, error: null });
    } catch (cause) {
      change({ error: shownError(cause) });
    }
  } while (reading.get(version) === true);
  reading.delete(version);
}

/** The records of a release, read again whenever the archive changes. */
export function useRecords(draft: ReleaseDraft | null): ReleaseRecords {
  const version = draft?.version ?? null;
  const policyFile = draft?.policyFile ?? null;
  useEffect(() => {
    if (version === null) return undefined;
    const read = (): void => void readRecords({ version, policyFile });
    read();
    return client.on('archive.changed', read);
  }, [version, policyFile]);
  return useStore(({ of }) => (version === null ? NOTHING : (of[version] ?? NOTHING)));
}

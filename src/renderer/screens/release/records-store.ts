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

let generation = 0;

/** Reads it anew; what is shown stays until the answer is there. */
export async function readRecords({ version, policyFile }: Pick<ReleaseDraft, 'version' | 'policyFile'>): Promise<void> {
  generation += 1;
  const mine = generation;
  const change = (what: Partial<ReleaseRecords>): void => useStore.setState(({ of }) => ({ of: { ...of, [version]: { ...(of[version] ?? NOTHING), ...what } } }));
  try {
    const [shown, { acts }] = await Promise.all([client.call('release.show', { release: version, policyFile }), client.call('release.acts', { release: version })]);
    if (mine >= latest(version)) change({ shown, acts, error: null });
  } catch (cause) {
    if (mine >= latest(version)) change({ error: shownError(cause) });
  } finally {
    answered.set(version, Math.max(mine, latest(version)));
  }
}

/** An answer that comes after a later one is older, and is let go. */
const answered = new Map<string, number>();
const latest = (version: string): number => answered.get(version) ?? 0;

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

import { useEffect } from 'react';
import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';

interface Told {
  readonly timeline: Output<'release.timeline'> | null;
  /** The kind of event that alone is shown; null: all. */
  readonly kind: string | null;
  readonly written: string | null;
  readonly error: AppError | null;
}

const EMPTY: Told = { timeline: null, kind: null, written: null, error: null };
const useTold = create<{ readonly of: Readonly<Record<string, Told>> }>(() => ({ of: {} }));
const reading = new Map<string, boolean>();

function change(version: string, what: Partial<Told>): void {
  useTold.setState(({ of }) => ({ of: { ...of, [version]: { ...(of[version] ?? EMPTY), ...what } } }));
}

async function read(id: string, version: string): Promise<void> {
  if (reading.has(version)) {
    reading.set(version, true);
    return;
  }
  do {
    reading.set(version, false);
    try {
      change(version, { timeline: await runTask('release.timeline', { release: version }, { label: `Reading what was done to ${version}`, address: addressOf.release(id, 'record'), done: null }), error: null });
    } catch (cause) {
      change(version, { error: shownError(cause) });
    }
  } while (reading.get(version) === true);
  reading.delete(version);
}

/** Everything that was done to a release, read again whenever the archive changes. */
export function useTimeline(id: string, version: string): Told {
  useEffect(() => {
    const again = (): void => void read(id, version);
    again();
    return client.on('archive.changed', again);
  }, [id, version]);
  return useTold(({ of }) => of[version] ?? EMPTY);
}

export function showKind(version: string, kind: string | null): void {
  change(version, { kind });
}

/** Writes all of it to a file in a folder. */
export async function writeTimeline(id: string, version: string, folder: string, as: 'markdown' | 'json'): Promise<void> {
  const file = `${folder.replace(/[/\\]+$/, '')}/timeline-${version}.${as === 'json' ? 'json' : 'md'}`;
  change(version, { written: null, error: null });
  try {
    const { written } = await runTask('release.timeline', { release: version, out: { file, as } }, { label: `Writing what was done to ${version}`, address: addressOf.release(id, 'record'), done: () => `What was done to ${version} is in ${file}.` });
    change(version, { written });
  } catch (cause) {
    change(version, { error: shownError(cause) });
  }
}

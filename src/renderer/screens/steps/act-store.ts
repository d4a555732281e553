import { z } from 'zod';
import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { RELEASE_ACTS, type ReleaseActName } from '../../../core/model/plan.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { client, shownError } from '../../core-client.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { readRecords } from '../release/records-store.ts';
import { evaluateRelease } from '../release/release-store.ts';

const Typed = z.object({ act: z.enum(RELEASE_ACTS).nullable(), reason: z.string(), supersededBy: z.string() });
type Typed = z.infer<typeof Typed>;

interface Leading {
  readonly typed: Typed;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly done: (Output<'release.act'> & { readonly act: ReleaseActName }) | null;
}

const EMPTY: Leading = { typed: { act: null, reason: '', supersededBy: '' }, working: false, error: null, done: null };
const useLeadings = create<{ readonly of: Readonly<Record<string, Leading>> }>(() => ({ of: {} }));
whenAnotherSits(() => useLeadings.setState({ of: {} }));
const nameOf = (id: string): string => `lead.${id}`;

function change(id: string, what: Partial<Leading>): void {
  useLeadings.setState(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? EMPTY), ...what } } }));
}

export function useLeading(id: string): Leading {
  return useLeadings(({ of }) => of[id] ?? EMPTY);
}

/** Brings back what was typed, once. */
export function openLeading(id: string): void {
  if (useLeadings.getState().of[id] === undefined) change(id, { typed: readKept(nameOf(id), Typed) ?? EMPTY.typed });
}

export function typeAct(id: string, what: Partial<Typed>): void {
  const typed = { ...(useLeadings.getState().of[id] ?? EMPTY).typed, ...what };
  change(id, { typed, done: null });
  keep(nameOf(id), typed);
}

/** Hands it on, stops it, takes it up again or gives it up. True once it is recorded. */
export async function lead(id: string, draft: ReleaseDraft, act: ReleaseActName, step: number | null, signer: ActSigner): Promise<boolean> {
  const { reason, supersededBy } = (useLeadings.getState().of[id] ?? EMPTY).typed;
  change(id, { working: true, error: null });
  try {
    const done = await client.call('release.act', { release: draft.version, act, key: signer.key, passphrase: signer.passphrase, reason, step: act === 'advance' ? step : null, supersededBy: act === 'supersede' ? supersededBy.trim() : null });
    change(id, { done: { ...done, act }, typed: EMPTY.typed });
    keep(nameOf(id), null);
    void readRecords(draft);
    void evaluateRelease(id);
    return true;
  } catch (cause) {
    change(id, { error: shownError(cause) });
    return false;
  } finally {
    change(id, { working: false });
  }
}

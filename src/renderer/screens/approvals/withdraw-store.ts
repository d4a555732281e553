import { create } from 'zustand';
import { z } from 'zod';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { readRecords } from '../release/records-store.ts';
import { evaluateRelease } from '../release/release-store.ts';

const Typed = z.object({ reason: z.string(), role: z.string().nullable(), folder: z.string() });
type Typed = z.infer<typeof Typed>;

interface Withdrawal {
  readonly typed: Typed;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly done: Output<'release.withdraw'> | null;
}

const EMPTY: Withdrawal = { typed: { reason: '', role: null, folder: '' }, working: false, error: null, done: null };
const useWithdrawals = create<{ readonly of: Readonly<Record<string, Withdrawal>> }>(() => ({ of: {} }));
whenAnotherSits(() => useWithdrawals.setState({ of: {} }));
const nameOf = (id: string): string => `withdraw.${id}`;

function change(id: string, what: Partial<Withdrawal>): void {
  useWithdrawals.setState(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? EMPTY), ...what } } }));
}

function now(id: string): Withdrawal {
  return useWithdrawals.getState().of[id] ?? EMPTY;
}

export function useWithdrawal(id: string): Withdrawal {
  return useWithdrawals(({ of }) => of[id] ?? EMPTY);
}

/** Brings back what was typed, once. */
export function openWithdrawal(id: string): void {
  if (useWithdrawals.getState().of[id] === undefined) change(id, { typed: readKept(nameOf(id), Typed) ?? EMPTY.typed });
}

export function typeWithdrawal(id: string, what: Partial<Typed>): void {
  const typed = { ...now(id).typed, ...what };
  change(id, { typed });
  keep(nameOf(id), typed);
}

/** Takes a release back. True once it is recorded. */
export async function withdraw(id: string, draft: ReleaseDraft, role: string, signer: ActSigner): Promise<boolean> {
  const { reason, folder } = now(id).typed;
  change(id, { working: true, error: null });
  try {
    const done = await runTask('release.withdraw', { release: draft.version, reason, role, key: signer.key, passphrase: signer.passphrase, policyFile: draft.policyFile, out: folder.trim() === '' ? null : folder.trim() }, {
      label: `Withdrawing ${draft.version}`, address: addressOf.release(id, 'approvals'), done: ({ person }) => `${person} withdrew ${draft.version}.`,
    });
    change(id, { done, typed: EMPTY.typed });
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

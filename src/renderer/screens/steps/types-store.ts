import { z } from 'zod';
import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { ReleaseType } from '../../../core/model/primitives.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { evaluateRelease } from '../release/release-store.ts';

const Typed = z.object({ types: z.array(ReleaseType), askedBy: z.string(), statement: z.string() });
type Typed = z.infer<typeof Typed>;

interface Lowering {
  readonly typed: Typed;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly done: Output<'statement.sign'> | null;
}

const EMPTY: Lowering = { typed: { types: [], askedBy: '', statement: '' }, working: false, error: null, done: null };
const useLowerings = create<{ readonly of: Readonly<Record<string, Lowering>> }>(() => ({ of: {} }));
whenAnotherSits(() => useLowerings.setState({ of: {} }));
const nameOf = (id: string): string => `types.${id}`;

function change(id: string, what: Partial<Lowering>): void {
  useLowerings.setState(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? EMPTY), ...what } } }));
}

export function useLowering(id: string): Lowering {
  return useLowerings(({ of }) => of[id] ?? EMPTY);
}

/** Brings back what was typed, once. */
export function openLowering(id: string): void {
  if (useLowerings.getState().of[id] === undefined) change(id, { typed: readKept(nameOf(id), Typed) ?? EMPTY.typed });
}

export function typeLowering(id: string, what: Partial<Typed>): void {
  const typed = { ...(useLowerings.getState().of[id] ?? EMPTY).typed, ...what };
  change(id, { typed, done: null });
  keep(nameOf(id), typed);
}

/** Signs that the release is not of these types, as somebody else asked. True once it is recorded. */
export async function leaveOut(id: string, { version, repo, policyFile }: ReleaseDraft, signer: ActSigner): Promise<boolean> {
  const { types, askedBy, statement } = (useLowerings.getState().of[id] ?? EMPTY).typed;
  change(id, { working: true, error: null });
  try {
    const done = await runTask('statement.sign', { key: signer.key, passphrase: signer.passphrase, statement: { kind: 'types', repo, release: version, policyFile, types, askedBy, statement } }, {
      label: `Signing what ${version} is not`, address: addressOf.release(id, 'overview'), done: ({ person }) => `${person} signed that ${version} is not ${types.join(' and ')}.`,
    });
    change(id, { done, typed: EMPTY.typed });
    keep(nameOf(id), null);
    void evaluateRelease(id);
    return true;
  } catch (cause) {
    change(id, { error: shownError(cause) });
    return false;
  } finally {
    change(id, { working: false });
  }
}

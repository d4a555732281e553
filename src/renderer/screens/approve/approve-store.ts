import { z } from 'zod';
import { create } from 'zustand';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { readRecords } from '../release/records-store.ts';
import { evaluateRelease } from '../release/release-store.ts';

/** What whoever decides typed; kept until it is signed. */
const Typed = z.object({
  decision: z.enum(['approve', 'reject']), role: z.string().nullable(), reason: z.string(), securityImpact: z.string(),
  /** The statement is written to a folder too. */
  writes: z.boolean(), folder: z.string(),
});
export type Typed = z.infer<typeof Typed>;

export interface Decided {
  readonly decision: Typed['decision'];
  readonly role: string;
  readonly result: Output<'approval.sign'>;
  /** The statement's file; null where the archive alone holds it. */
  readonly file: string | null;
}

interface Desk {
  readonly typed: Typed;
  readonly signing: boolean;
  readonly error: AppError | null;
  readonly decided: Decided | null;
}

const BLANK: Typed = { decision: 'approve', role: null, reason: '', securityImpact: '', writes: false, folder: '' };
const EMPTY: Desk = { typed: BLANK, signing: false, error: null, decided: null };

const useDesks = create<{ readonly of: Readonly<Record<string, Desk>> }>(() => ({ of: {} }));
whenAnotherSits(() => useDesks.setState({ of: {} }));

const deskOf = (id: string, of: Readonly<Record<string, Desk>>): Desk | null => of[id] ?? null;
const nameOf = (id: string): string => `approve.${id}`;

function change(id: string, what: Partial<Desk>): void {
  useDesks.setState(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? EMPTY), ...what } } }));
}

/** Where somebody decides on a release, with what they typed before. */
export function useDesk(id: string): Desk {
  const desk = useDesks(({ of }) => deskOf(id, of));
  return desk ?? EMPTY;
}

/** Brings back what was typed, once. */
export function openDesk(id: string): void {
  if (deskOf(id, useDesks.getState().of) === null) change(id, { typed: readKept(nameOf(id), Typed) ?? BLANK });
}

export function type(id: string, what: Partial<Typed>): void {
  const typed = { ...(deskOf(id, useDesks.getState().of)?.typed ?? BLANK), ...what };
  change(id, { typed });
  keep(nameOf(id), typed);
}

/** Signs the decision; then the release is judged again, because the gate may stand otherwise. True once it is recorded. */
export async function decide(id: string, { draft, report }: Pick<Assessment, 'draft' | 'report'>, role: string, signer: ActSigner): Promise<boolean> {
  const { decision, reason, securityImpact, writes, folder } = deskOf(id, useDesks.getState().of)?.typed ?? BLANK;
  const file = writes && folder.trim() !== '' ? `${folder.trim().replace(/[/\\]+$/, '')}/${decision === 'approve' ? 'approval' : 'rejection'}-${draft.version}-${role}.json` : null;
  change(id, { signing: true, error: null });
  try {
    const result = await runTask('approval.sign', { draft, key: signer.key, passphrase: signer.passphrase, role, decision, reason, securityImpact: securityImpact.trim() === '' ? null : securityImpact, shown: report.subjectDigest, out: file }, {
      label: decision === 'approve' ? `Signing the approval of ${draft.version}` : `Signing the rejection of ${draft.version}`,
      address: addressOf.approve(id),
      done: ({ person }) => `${person} ${decision === 'approve' ? 'approved' : 'rejected'} ${draft.version} as ${role}.`,
    });
    change(id, { decided: { decision, role, result, file } });
    type(id, { ...BLANK, writes, folder });
    keep(nameOf(id), null);
    void readRecords(draft);
    void evaluateRelease(id);
    return true;
  } catch (cause) {
    const error = shownError(cause);
    change(id, { error });
    // What is shown is of before: it is judged again, so that what changed can be read.
    if (error.code === 'verification-failed') void evaluateRelease(id);
    return false;
  } finally {
    change(id, { signing: false });
  }
}

/** Leaves what was recorded behind, to decide once more. */
export function decideAgain(id: string): void {
  change(id, { decided: null, error: null });
}

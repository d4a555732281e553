import { create } from 'zustand';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { CommandRun, OfferedCommand } from '../../../core/contract/policy-calls.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { addOutputs, evaluateRelease } from './release-store.ts';

type Offer = Output<'command.list'>;

/** One line's run as this window follows it, by the line's address. */
interface FollowedRun {
  readonly running: boolean;
  readonly result: CommandRun | null;
  readonly error: AppError | null;
}

const NEVER_RUN: FollowedRun = { running: false, result: null, error: null };

/** More of what a command prints is not kept here; its output.log holds it all. */
const KEPT = 64 * 1024;

interface RunState {
  /** What the policy offers, by release. */
  readonly offers: Readonly<Record<string, Offer | AppError>>;
  readonly runs: Readonly<Record<string, FollowedRun>>;
  /** The end of what each command printed, by task. */
  readonly outputs: Readonly<Record<string, string>>;
}

const useRuns = create<RunState>(() => ({ offers: {}, runs: {}, outputs: {} }));

export function useOffer(id: string): Offer | AppError | null {
  return useRuns(({ offers }) => offers[id] ?? null);
}

export function useRun(id: string, check: string): FollowedRun {
  return useRuns(({ runs }) => runs[addressOf.line(id, check)] ?? NEVER_RUN);
}

export function useOutput(task: string | null): string {
  return useRuns(({ outputs }) => (task === null ? '' : (outputs[task] ?? '')));
}

/** Asks what the policy offers for the commit that was judged. */
export async function loadOffer(id: string, { draft }: Assessment): Promise<void> {
  const offer = await client.call('command.list', { repo: draft.repo, version: draft.version, policyFile: draft.policyFile }).catch((cause: unknown) => shownError(cause));
  useRuns.setState(({ offers }) => ({ offers: { ...offers, [id]: offer } }));
}

/** Runs a command that a person looked at and said yes to; then its evidence is among the outputs, and all is judged again. */
export async function runHere(id: string, assessment: Assessment, offer: Offer, { check, name, run }: OfferedCommand, out: string): Promise<void> {
  const address = addressOf.line(id, check);
  const follow = (followed: FollowedRun): void => useRuns.setState(({ runs }) => ({ runs: { ...runs, [address]: followed } }));
  const { draft } = assessment;
  follow({ ...NEVER_RUN, running: true });
  try {
    const result = await runTask('command.run', {
      repo: draft.repo, version: draft.version, policyFile: draft.policyFile, check, name, out, confirmed: true, withoutRoster: offer.authority === 'unproved',
      expected: { policyDigest: offer.policy.digest, commit: offer.commit },
    }, {
      label: `Running ${run}`, address,
      done: ({ exitCode, files }) => `${run} ended with ${exitCode ?? 'no exit code'} and left ${counted(files.length, 'file')}.`,
    });
    follow({ running: false, result, error: null });
    if (draft.outputs.includes(out)) await evaluateRelease(id);
    else await addOutputs(id, [out]);
  } catch (cause) {
    follow({ running: false, result: null, error: shownError(cause) });
  }
}

client.on('command.output', ({ task, text }) => {
  useRuns.setState(({ outputs }) => ({ outputs: { ...outputs, [task]: `${outputs[task] ?? ''}${text}`.slice(-KEPT) } }));
});

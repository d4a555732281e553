import picomatch from 'picomatch';
import type { Handlers } from '../contract/serve.ts';
import type { Payload } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { Roster } from '../model/roster.ts';
import type { CheckId } from '../model/verdict.ts';
import { linesInOrder } from '../policy/load-policy.ts';
import type { PolicyCommand } from '../policy/policy.ts';
import type { PolicyInForce } from '../workflow/assess-release.ts';
import type { ConfinedRunner, RunAuthority } from '../workflow/confined-run.ts';
import type { OpenRepository, Repository } from '../workflow/repository.ts';
import { instant } from './release-handlers.ts';

/** The roster that this console holds; `problem` says why it is not in force. */
export interface HeldRoster {
  readonly signed: { readonly roster: Pick<Roster, 'policy_digests'> };
  readonly problem: string | null;
}

export interface CheckRunPorts {
  readonly openRepository: OpenRepository;
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
  /** Whether a policy file lies in a folder, links followed. */
  readonly liesIn: (file: string, folder: string) => Promise<boolean>;
  readonly heldRoster: (at: string, signal: AbortSignal) => Promise<HeldRoster | null>;
  readonly runner: ConfinedRunner;
  readonly output: (payload: Payload<'command.output'>) => void;
  readonly now: () => Date;
  /** The policy file that was set in the window; null where there is none. */
  readonly standingPolicy: () => Promise<string | null>;
}

/**
 * Whose word lets a policy's commands run (FORMATS §5): the roster pins the files that may, and where there is none only
 * the person who starts it, told apart as unproved. One that is held and not in force (it expired, it forked) blocks.
 * Throws `not-permitted` where nobody's does.
 */
export function authorityToRun(policy: Pick<PolicyInForce, 'digest' | 'file'>, held: HeldRoster | null): RunAuthority {
  if (held === null) return 'unproved';
  if (held.problem !== null) {
    throw new AppError('not-permitted', `The roster is not in force, so no command is run: ${held.problem}.`, { hint: 'Adopt a roster that is in force.' });
  }
  if (held.signed.roster.policy_digests.includes(policy.digest)) return 'proved';
  throw new AppError('not-permitted', `The roster in force does not name ${policy.file}, so no command of it is run.`, {
    hint: 'Use a policy file that the roster names, or have its administrators sign a roster that names this one.', details: { policyDigest: policy.digest },
  });
}

/** Running a policy's commands here: what there is to run, and one run (docs/run-checks-here.md). */
export function checkRunHandlers(ports: CheckRunPorts): Pick<Handlers, 'command.list' | 'command.run'> {
  const opened = async (input: { readonly repo: string; readonly version: string; readonly policyFile: string | null }, shell: string): Promise<Opened> => {
    const repository = await ports.openRepository(input.repo);
    const { path, tags } = await repository.inspect();
    const tag = tags.find(({ name }) => name === input.version);
    const commit = tag?.commit ?? (await repository.resolve('HEAD'));
    const file = input.policyFile ?? (shell === 'cli' ? null : await ports.standingPolicy());
    if (file !== null && (await ports.liesIn(file, path))) {
      throw new AppError('not-permitted', `${file} lies in the repository that is judged, so no command of it is run.`, {
        hint: 'Commands come from a policy file that is kept elsewhere, never from the repository.', details: { path: file, repository: path },
      });
    }
    return { repository, path, commit, inForce: await ports.readPolicy(file) };
  };

  return {
    'command.list': async (input, { caller, signal }) => {
      const { repository, commit, inForce } = await opened(input, caller.shell);
      const standing = refusalOf(inForce, await ports.heldRoster(instant(ports.now()), signal));
      return {
        commit,
        policy: { file: inForce.file, digest: inForce.digest },
        authority: typeof standing === 'string' ? standing : null,
        refusal: (typeof standing === 'string' ? ports.runner.problem() : standing)?.toShape() ?? null,
        commands: (await offered(repository, commit, inForce, signal)).map(({ check, command }) => ({ check, ...shownCommand(command) })),
      };
    },
    'command.run': async (input, { caller, signal, progress }) => {
      const { path, repository, commit, inForce } = await opened(input, caller.shell);
      const authority = authorityToRun(inForce, await ports.heldRoster(instant(ports.now()), signal));
      const found = (await offered(repository, commit, inForce, signal)).find(({ check, command }) => check === input.check && command.name === input.name);
      if (found === undefined) {
        throw new AppError('not-found', `The policy has no command "${input.name}" for ${input.check} and this commit.`, { hint: 'countersign run --list shows them.', details: { check: input.check, name: input.name } });
      }
      assertConfirmed(input, { authority, commit, policyDigest: inForce.digest }, found.command);
      const outcome = await ports.runner.run(
        { repository: path, commit, release: input.version, check: input.check, command: found.command, policyDigest: inForce.digest, authority, at: instant(ports.now()), out: input.out },
        { signal, progress, output: (text) => (input.task === undefined ? undefined : ports.output({ task: input.task, text })) },
      );
      return { ...outcome, files: [...outcome.files], notes: [...outcome.notes], check: input.check, name: input.name, run: found.command.run, commit, authority };
    },
  };
}

interface Opened {
  readonly repository: Repository;
  /** The repository's own folder, links followed. */
  readonly path: string;
  readonly commit: string;
  readonly inForce: PolicyInForce;
}

interface Offer {
  readonly check: CheckId;
  readonly command: PolicyCommand;
}

/** The policy's commands for the files of a commit, in the order of its lines. */
async function offered(repository: Repository, commit: string, { policy }: PolicyInForce, signal: AbortSignal): Promise<Offer[]> {
  const offers = linesInOrder(policy).flatMap(({ id, commands = [] }) => commands.map((command) => ({ check: id, command })));
  if (offers.every(({ command }) => command.when === undefined)) return offers;
  const files = await repository.files(commit, signal);
  return offers.filter(({ command: { when } }) => {
    if (when === undefined) return true;
    const matches = picomatch([...when], { dot: true });
    return files.some((file) => matches(file));
  });
}

function shownCommand({ name, run, folder, prepare, caches, writes, seconds, output_bytes }: PolicyCommand): {
  name: string; run: string; folder: string; prepare: string | null; caches: { name: string; folder: string }[]; writes: string[]; seconds: number; outputBytes: number;
} {
  return { name, run, folder, prepare: prepare ?? null, caches: [...caches], writes: [...writes], seconds, outputBytes: output_bytes };
}

function refusalOf(inForce: PolicyInForce, held: HeldRoster | null): RunAuthority | AppError {
  try {
    return authorityToRun(inForce, held);
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
}

/** Nothing of a repository is run unasked: the caller says yes to this command, of this policy, on this commit. */
function assertConfirmed(
  { confirmed, withoutRoster, expected }: { readonly confirmed: boolean; readonly withoutRoster: boolean; readonly expected: { readonly policyDigest: string; readonly commit: string } },
  { authority, commit, policyDigest }: { readonly authority: RunAuthority; readonly commit: string; readonly policyDigest: string },
  { run, folder }: PolicyCommand,
): void {
  if (!confirmed) {
    throw new AppError('not-permitted', `Nobody confirmed that "${run}" is to be run in ${folder}.`, { hint: 'It runs the repository’s own code. Look at the command, then say yes to it.', details: { run, folder } });
  }
  if (authority === 'unproved' && !withoutRoster) {
    throw new AppError('not-permitted', 'No roster is in force, so nobody vouches for the policy file that names this command.', {
      hint: 'Running it without a roster must be said expressly; what comes of it is marked as unproved.', details: { run },
    });
  }
  if (expected.policyDigest !== policyDigest || expected.commit !== commit) {
    throw new AppError('not-permitted', `What was confirmed is no longer so: ${expected.commit === commit ? 'the policy file' : 'the commit'} has changed.`, { hint: 'Look at the command again.', details: { policyDigest, commit } });
  }
}

import type { AppError } from '../model/errors.ts';
import type { PolicyCommand } from '../policy/policy.ts';
import type { WorkContext } from './assess-release.ts';

/** How a command ended: by itself, or because of a bound that the policy sets. */
export type RunEnd = 'exited' | 'timed-out' | 'too-much-output' | 'too-much-written';

/** Whose word lets a command run: the roster's, which pins the policy file, or only the person's who started it. */
export type RunAuthority = 'proved' | 'unproved';

/** One command of a policy, to be run on one commit. */
export interface RunRequest {
  readonly repository: string;
  readonly commit: string;
  readonly release: string;
  readonly check: string;
  readonly command: PolicyCommand;
  readonly policyDigest: string;
  readonly authority: RunAuthority;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** The folder of the user's choosing; what the run leaves lies in a folder of its own inside. */
  readonly out: string;
}

/** What a run left: its record, its output and the files that it made, bound to the commit by a manifest. */
export interface RunOutcome {
  readonly folder: string;
  readonly end: RunEnd;
  readonly exitCode: number | null;
  readonly seconds: number;
  readonly outputSha256: string;
  readonly outputBytes: number;
  readonly toolVersion: string | null;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[];
  /** Whether a manifest says that the files are of the commit; only where the command ended by itself. */
  readonly bound: boolean;
  /** What was left out or could not be kept, one line each. */
  readonly notes: readonly string[];
}

export interface RunContext extends WorkContext {
  /** What the command prints, as it prints it; of others, to be shown as plain text. */
  readonly output: (text: string) => void;
}

/** Runs commands behind walls. Errors: `environment` where they cannot be confined, `already-exists`, `cancelled`. */
export interface ConfinedRunner {
  /** Why nothing can be confined here; null where it can. */
  readonly problem: () => AppError | null;
  readonly run: (request: RunRequest, context: RunContext) => Promise<RunOutcome>;
}

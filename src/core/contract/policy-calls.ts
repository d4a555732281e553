import { z } from 'zod';
import { AppErrorShape } from '../model/errors.ts';
import { EvidenceKind } from '../model/evidence.ts';
import { ByteSize, CommitId, Sha256 } from '../model/primitives.ts';
import { CheckId } from '../model/verdict.ts';
import { call, event } from './declare.ts';
import { Path, TaskId } from './inputs.ts';

/** A line of the policy in words: the same for the command line and for the window's help. */
export const ExplainedLine = z.strictObject({
  id: CheckId, section: z.string(), sectionTitle: z.string(), words: z.string(), applies: z.string(),
  judgedBy: z.enum(['machine', 'attestation', 'approval']), roles: z.array(z.string()), question: z.string().nullable(), green: z.string(),
  accepts: z.array(z.strictObject({
    what: z.string(), kinds: z.array(EvidenceKind), make: z.array(z.string()), samples: z.array(z.strictObject({ kind: EvidenceKind.nullable(), name: z.string().nullable(), text: z.string() })),
  })),
  rules: z.array(z.strictObject({ name: z.string(), value: z.array(z.string()), source: z.string(), meaning: z.string() })),
  commands: z.array(z.strictObject({ name: z.string(), run: z.string(), folder: z.string() })),
  errata: z.array(z.strictObject({ words: z.string(), instead: z.string(), why: z.string() })),
});
export type ExplainedLine = z.infer<typeof ExplainedLine>;

/** A command of the policy, as it is shown before anybody says yes to it. */
const OfferedCommand = z.strictObject({
  check: CheckId, name: z.string(), run: z.string(), folder: z.string(), prepare: z.string().nullable(),
  caches: z.array(z.strictObject({ name: z.string(), folder: z.string() })), writes: z.array(z.string()), seconds: z.number(), outputBytes: ByteSize,
});
export type OfferedCommand = z.infer<typeof OfferedCommand>;

/** What a command that was run here left; `unproved` where no roster vouched for its policy file. */
export const CommandRun = z.strictObject({
  check: CheckId, name: z.string(), run: z.string(), commit: CommitId, authority: z.enum(['proved', 'unproved']),
  /** The folder of evidence, inside the one that was chosen. */
  folder: z.string(),
  end: z.enum(['exited', 'timed-out', 'too-much-output', 'too-much-written']),
  exitCode: z.number().int().nullable(), seconds: z.number(), outputSha256: Sha256, outputBytes: ByteSize, toolVersion: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), sha256: Sha256, size: ByteSize })),
  bound: z.boolean(), notes: z.array(z.string()),
});
export type CommandRun = z.infer<typeof CommandRun>;

/** What a policy file explains and what it can have run; part of the contract. */
export const policyCalls = {
  'policy.explain': call({
    effect: 'read',
    /** `check`: null is every line. */
    input: z.strictObject({ check: CheckId.nullable(), policyFile: Path.nullable() }),
    output: z.strictObject({ policy: z.strictObject({ id: z.string(), title: z.string(), version: z.string(), file: z.string() }), lines: z.array(ExplainedLine) }),
  }),
  /** The policy's commands for a release's commit, and why none may be run; docs/run-checks-here.md. */
  'command.list': call({
    effect: 'read',
    input: z.strictObject({ repo: Path, version: z.string().min(1).max(128), policyFile: Path.nullable() }),
    output: z.strictObject({
      commit: CommitId, policy: z.strictObject({ file: z.string(), digest: Sha256 }),
      authority: CommandRun.shape.authority.nullable(), refusal: AppErrorShape.nullable(), commands: z.array(OfferedCommand),
    }),
  }),
  'command.run': call({
    effect: 'write', long: true,
    input: z.strictObject({
      repo: Path, version: z.string().min(1).max(128), policyFile: Path.nullable(), check: CheckId, name: z.string().min(1).max(40), out: Path,
      /** A person saw the command and its folder, and said yes. */
      confirmed: z.boolean(),
      /** They also said yes to running it where no roster vouches for the policy file. */
      withoutRoster: z.boolean(),
      /** What they saw it on. */
      expected: z.strictObject({ policyDigest: Sha256, commit: CommitId }),
      task: TaskId.optional(),
    }),
    output: CommandRun,
  }),
  /** What a running command prints; of others, shown as plain text. */
  'command.output': event(z.strictObject({ task: TaskId, text: z.string() })),
} as const;

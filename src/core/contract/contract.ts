import { z } from 'zod';
import { EvidenceFile, EvidenceListing, EvidenceManifest } from '../model/evidence.ts';
import { LocalKey, RotationDue } from '../model/local-keys.ts';
import { ByteSize, CommitId, Fingerprint, Origin, Sha256, UtcTime } from '../model/primitives.ts';
import { Artifact, CommitRange, ReleaseDraft, ReleaseStep } from '../model/release.ts';
import { Standing } from '../model/standing.ts';
import { CheckId, CheckReport, CheckResult } from '../model/verdict.ts';
import { Verification } from '../model/verification.ts';
import { approvalCalls } from './approval-calls.ts';
import { cardCalls } from './card-calls.ts';
import { call, event } from './declare.ts';
import { cvssCalls } from './cvss-calls.ts';
import { emergencyCalls } from './emergency-calls.ts';
import { drillCalls } from './drill-calls.ts';
import { verbalCalls } from './verbal-calls.ts';
import { doctorCalls } from './doctor-calls.ts';
import { exploreCalls } from './explore-calls.ts';
import { imageCalls } from './image-calls.ts';
import { FileName, Passphrase, Path, TaskId } from './inputs.ts';
import { keyCalls } from './key-calls.ts';
import { deploymentCalls } from './deployment-calls.ts';
import { planCalls } from './plan-calls.ts';
import { policyCalls } from './policy-calls.ts';
import { statementCalls } from './statement-calls.ts';
import { rosterCalls } from './roster-calls.ts';
import { seatCalls } from './seat-calls.ts';
import { storeCalls } from './store-calls.ts';
import { metricsCalls } from './metrics-calls.ts';
import { boardCalls } from './board-calls.ts';
import { rollbackCalls } from './rollback-calls.ts';
import { repairCalls } from './repair-calls.ts';
import { reconcileCalls } from './reconcile-calls.ts';
import { archiveCalls } from './archive-calls.ts';
import { attachmentCalls } from './attachment-calls.ts';
import { logKeyCalls } from './log-key-calls.ts';
import { composeCalls } from './compose-calls.ts';
import { proofCalls } from './proof-calls.ts';
import { witnessCalls } from './witness-calls.ts';
import { verifyCalls } from './verify-calls.ts';

export type { ArchiveVerification, EntrySummary, LogState } from './archive-calls.ts';
export type { KeptFork, ProofPath, Timeline } from './explore-calls.ts';

/** A secret key that gpg can use. */
export const SigningKey = z.strictObject({
  fingerprint: Fingerprint,
  /** Fingerprint of the key or subkey that would sign. */
  signing: Fingerprint.nullable(),
  users: z.array(z.string()),
  algorithm: z.string(),
  created: UtcTime,
  expires: UtcTime.nullable(),
  onCard: z.string().nullable(),
  /** Why it cannot sign; null when it can. */
  unusable: z.enum(['expired', 'revoked', 'disabled', 'cannot-sign', 'secret-missing']).nullable(),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** A line of the checklist with everything that the evidence drawer shows. */
export const AssessedLine = z.strictObject({
  result: CheckResult,
  words: z.string(),
  appliesTo: z.string().nullable(),
  judgedBy: z.enum(['machine', 'person']),
  attestableBy: z.array(z.string()),
  /** Roles of whom an approval is asked; empty where none is. */
  approvedBy: z.array(z.string()),
  findings: z.array(z.strictObject({
    severity: z.string().nullable(), title: z.string(), where: z.string().nullable(), evidence: z.string().nullable(),
  })),
  /** How many findings there are in all; `findings` is cut at 500. */
  findingsTotal: z.number().int(),
  needs: z.array(z.string()),
  question: z.string().nullable(),
});
export type AssessedLine = z.infer<typeof AssessedLine>;

/** A release as it stands: what was looked at, and what every line came to. */
export const Assessment = z.strictObject({
  draft: ReleaseDraft,
  report: CheckReport,
  range: CommitRange,
  artifacts: z.array(Artifact),
  evidence: z.array(EvidenceFile.extend({ folder: z.string(), commit: z.string().nullable() })),
  lines: z.array(AssessedLine),
  sections: z.array(z.strictObject({ section: z.string(), title: z.string(), lines: z.array(CheckId) })),
  steps: z.array(ReleaseStep),
  /** The digest of the plan in force, which an approval is about; null where nothing is planned. */
  planDigest: Sha256.nullable(),
  /** The emergency that it mends, with the lines that are skipped for it and owed afterwards (policy §10.2); null where it mends none. */
  emergency: z.strictObject({ id: z.string(), record: z.string(), skipped: z.array(CheckId) }).nullable(),
  standing: Standing,
  /** Who of the roster in force could sign a decision: the roles that they have now, deputising included, and a commit of the range that they authored, which bars their approval. */
  deciders: z.array(z.strictObject({ id: z.string(), name: z.string(), roles: z.array(z.string()), authored: CommitId.nullable() })),
  policy: z.strictObject({ id: z.string(), title: z.string(), version: z.string(), digest: Sha256, file: z.string() }),
  /** The `checklist_run` that this assessment left in the archive; null when nothing had changed since the last one. */
  recorded: z.string().nullable(),
  /** Beside a run that was recorded before; null where none was named. */
  difference: z.strictObject({
    run: z.string(), runAt: UtcTime, policyDigest: Sha256, samePolicy: z.boolean(), evaluator: z.string().nullable(), sameEvaluator: z.boolean(),
    /** Lines that come to something else, or rest on other evidence; null where a line was not there. */
    lines: z.array(z.strictObject({ id: z.string(), was: z.string().nullable(), is: z.string().nullable(), otherEvidence: z.boolean() })),
  }).nullable(),
});
export type Assessment = z.infer<typeof Assessment>;

/** Something that needs this person now. */
const HomeItem = z.strictObject({
  kind: z.enum(['gate-closed', 'unsigned', 'key-expires', 'unsynced', 'fork', 'no-roster', 'never-verified', 'approval', 'gate-asks', 'plan-disputed', 'deployment', 'watch', 'finding', 'rollback', 'root-cause', 'emergency', 'ratification', 'post-mortem', 'action']),
  title: z.string(),
  detail: z.string(),
  due: UtcTime.nullable(),
  /** Address inside the window, such as `#/release/v1.1.0/checklist`. */
  route: z.string().nullable(),
  /** Whose it is, by role or by their id in the roster; nobody's in particular where both are empty. */
  roles: z.array(z.string()), people: z.array(z.string()),
});

export const SavedRelease = z.strictObject({
  id: z.string(),
  draft: ReleaseDraft,
  savedAt: UtcTime,
  last: z.strictObject({
    at: UtcTime, gate: z.enum(['open', 'closed']), authority: z.enum(['proved', 'unproved']),
    tally: z.record(z.string(), z.number().int()), steps: z.array(ReleaseStep),
  }).nullable(),
});
export type SavedRelease = z.infer<typeof SavedRelease>;

export const Settings = z.strictObject({
  appearance: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'dense']),
  policyFile: z.string().nullable(),
  /** Shared archives, by folder or address. */
  archives: z.array(z.string()),
  /** After so many minutes without input the window locks. */
  idleMinutes: z.number().int().min(1).max(240),
});
export type Settings = z.infer<typeof Settings>;

/** Every call and event between the shells and the core, declared once. */
export const contract = {
  'console.status': call({
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({
      product: z.string(), version: z.string(), shell: z.string(), home: z.string(), platform: z.string(), node: z.string(),
      origin: Origin, vkey: z.string(),
      archive: z.strictObject({ entries: z.number().int(), logs: z.number().int(), forks: z.number().int(),
        lastVerified: UtcTime.nullable(), lastSynced: UtcTime.nullable(), unsynced: z.number().int() }),
      gpg: z.strictObject({ version: z.string().nullable(), problem: z.string().nullable() }),
      git: z.strictObject({ version: z.string().nullable(), problem: z.string().nullable() }),
      /** What is held; `problem` says why it is not in force. */
      roster: z.strictObject({ roster: z.string(), version: z.number().int(), expires: UtcTime, problem: z.string().nullable() }).nullable(),
    }),
  }),
  'home.read': call({
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ items: z.array(HomeItem), releases: z.array(SavedRelease) }),
  }),
  /** What is owed by the records of all logs, by deadline; the first time it reads them all, so it comes by itself. */
  'home.owed': call({
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ items: z.array(HomeItem) }),
  }),
  'settings.read': call({ effect: 'read', input: z.strictObject({}), output: Settings }),
  'settings.write': call({ effect: 'write', input: Settings.partial(), output: Settings }),
  /** One folder's contents, for choosing paths inside the window without a system dialog. */
  'files.browse': call({
    effect: 'read',
    input: z.strictObject({ path: Path.nullable() }),
    output: z.strictObject({
      path: z.string(), parent: z.string().nullable(),
      places: z.array(z.strictObject({ name: z.string(), path: z.string() })),
      entries: z.array(z.strictObject({ name: z.string(), path: z.string(), folder: z.boolean(), size: ByteSize.nullable(), repository: z.boolean() })),
      truncated: z.boolean(),
    }),
  }),
  /** What a repository offers: its release tags and branch, before anything is judged. */
  'repository.inspect': call({
    effect: 'read',
    input: z.strictObject({ repo: Path }),
    output: z.strictObject({
      path: z.string(), branch: z.string().nullable(), head: CommitId.nullable(), bare: z.boolean(), shallow: z.boolean(),
      tags: z.array(z.strictObject({ name: z.string(), commit: CommitId })),
      suggestedVersion: z.string().nullable(), suggestedOutputs: z.array(z.string()),
    }),
  }),
  'release.list': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ releases: z.array(SavedRelease) }) }),
  'release.save': call({ effect: 'write', input: z.strictObject({ id: z.string().nullable(), draft: ReleaseDraft }), output: SavedRelease }),
  'release.forget': call({ effect: 'write', input: z.strictObject({ id: z.string() }), output: z.strictObject({}) }),
  'release.evaluate': call({
    effect: 'write', long: true,
    input: z.strictObject({
      draft: ReleaseDraft,
      /** Fixes the clock; null is now. */
      at: UtcTime.nullable(),
      /** Leave a `checklist_run` in the archive if the verdicts differ from the last one recorded. */
      record: z.boolean(),
      /** A `checklist_run` to hold it against: under today's policy, or at its time under the policy that was in force then. */
      against: z.strictObject({ run: z.string().min(1).max(320), policy: z.enum(['today', 'then']) }).nullish(),
      task: TaskId.optional(),
    }),
    output: Assessment,
  }),
  'evidence.list': call({
    effect: 'read', long: true,
    input: z.strictObject({ directory: Path, policyFile: Path.nullable(), task: TaskId.optional() }),
    output: EvidenceListing,
  }),
  'evidence.writeManifest': call({
    effect: 'write', long: true,
    input: z.strictObject({ directory: Path, commit: CommitId, run: z.string().max(1024).nullable(), task: TaskId.optional() }),
    output: z.strictObject({ path: z.string(), manifest: EvidenceManifest }),
  }),
  ...policyCalls,
  ...statementCalls,
  ...approvalCalls,
  ...planCalls,
  ...deploymentCalls,
  ...rollbackCalls,
  ...boardCalls,
  ...metricsCalls,
  ...cvssCalls,
  ...verbalCalls,
  ...drillCalls,
  ...emergencyCalls,
  ...cardCalls,
  ...imageCalls,
  ...verifyCalls,
  ...doctorCalls,
  ...witnessCalls,
  ...proofCalls,
  ...composeCalls,
  ...reconcileCalls,
  ...repairCalls,
  ...exploreCalls,
  ...attachmentCalls,
  ...logKeyCalls,
  'sbom.generate': call({
    effect: 'write', long: true,
    input: z.strictObject({ repo: Path, out: Path, commit: z.string().nullable(), task: TaskId.optional() }),
    output: z.strictObject({
      path: z.string(), sha256: Sha256, components: z.number().int(), sources: z.array(z.string()), skipped: z.array(z.string()),
    }),
  }),
  'keys.list': call({
    effect: 'read',
    input: z.strictObject({}),
    output: z.strictObject({
      keys: z.array(SigningKey), problem: z.string().nullable(),
      /** When gpg's keys are to be rotated, by their fingerprint. */
      rotations: z.array(RotationDue.extend({ fingerprint: Fingerprint })),
      /** Keys in files of this console, with theirs. */
      local: z.array(LocalKey),
    }),
  }),
  ...keyCalls,
  ...rosterCalls,
  ...seatCalls,
  ...storeCalls,
  'signing.sign': call({
    effect: 'sign', long: true,
    input: z.strictObject({
      /** A key that gpg holds, by fingerprint; left out where a local key signs. */
      key: z.string().min(8).max(64).optional(),
      /** A local key by its file; the passphrase is kept no longer than this call, and is written nowhere. */
      local: z.strictObject({ file: Path, passphrase: Passphrase }).optional(),
      files: z.array(Path).min(1).max(10_000), out: Path,
      release: z.strictObject({ version: z.string(), commit: CommitId.nullable() }).nullable(),
      /** Replace signatures and checksums that are there; without it an existing file is an error. */
      replace: z.boolean(),
      /** `manifest`: one signature, over `SHA256SUMS`, covers them all (policy §7.1, erratum); `each` where it is left out. */
      cover: z.enum(['each', 'manifest']).optional(),
      /** Artifacts that are here only as digests: `SHA256SUMS` alone covers them. */
      unseen: z.array(z.strictObject({ name: FileName, sha256: Sha256 })).max(10_000).optional(),
      /** Digests that were shown to whoever signs, by file name: other bytes are not signed. */
      shown: z.record(FileName, Sha256).optional(),
      task: TaskId.optional(),
    }),
    output: z.strictObject({
      key: Fingerprint,
      artifacts: z.array(z.strictObject({ name: z.string(), sha256: Sha256, size: ByteSize })),
      written: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })),
      record: z.string(),
      /** The exact commands with which anyone can check it. */
      commands: z.array(z.string()),
    }),
  }),
  'signing.verify': call({
    effect: 'read', long: true,
    input: z.strictObject({
      artifact: Path, signature: Path.nullable(), keyring: Path.nullable(),
      /** Keys that the caller names as the expected signers, by fingerprint. */
      signers: z.array(Fingerprint),
      /** Good signatures by so many different keys; one where it is left out. */
      atLeast: z.number().int().min(1).max(64).optional(), task: TaskId.optional(),
    }),
    output: Verification,
  }),
  ...archiveCalls,
  'task.cancel': call({ effect: 'read', input: z.strictObject({ task: TaskId }), output: z.strictObject({ cancelled: z.boolean() }) }),

  'task.progress': event(z.strictObject({
    task: TaskId, label: z.string(), item: z.string().nullable(), done: z.number(), total: z.number().nullable(), unit: z.enum(['bytes', 'files', 'entries', 'steps']),
  })),
  /** A watch is over, and is to be closed; told once as long as the console runs. */
  'watch.ended': event(z.strictObject({ record: z.string(), title: z.string(), detail: z.string(), route: z.string().nullable() })),
  'archive.changed': event(z.strictObject({ entries: z.number().int() })),
} as const;

export type Contract = typeof contract;

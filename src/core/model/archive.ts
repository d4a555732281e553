import { z } from 'zod';
import { CardId } from './card.ts';
import { ByteSize, Fingerprint, Origin, Sequence, Sha256, UtcTime } from './primitives.ts';

/** An entry is serialised with RFC 8785 and is at most this many bytes (C2SP entry bundles prefix 16-bit lengths). */
export const MAX_ENTRY_BYTES = 65_535;

/** Event types of policy §11 and of the design; others are kept too, and said to be unknown. */
export const KNOWN_EVENT_TYPES = [
  'release', 'deployment', 'rollback', 'approval', 'rejection', 'withdrawal', 'verbal_request', 'verbal_approval', 'ratification', 'dispute',
  'risk_acceptance', 'attestation', 'checklist_run', 'signing', 'sbom', 'pipeline_execution', 'pipeline_access',
  'pipeline_modification', 'configuration_baseline', 'drift', 'emergency_patch', 'post_mortem', 'key_rotation',
  'key_revocation', 'card_enrolment', 'roster_change', 'monitoring', 'correction', 'tombstone', 'legal_hold',
  'release_plan', 'release_act', 'deployment_stage', 'rollback_stage',
] as const;

export const MAX_EVENT_TYPE = 64;
export const EVENT_TYPE = /^[a-z][a-z0-9_]*$/;
/** Characters of the name of a run of the machine. */
export const MAX_BOOT = 64;

/** What is recorded. Its own fields follow policy §11 word for word; `imported` marks what this console did not compose. */
export const GenesisRecord = z.looseObject({
  event_type: z.string().max(MAX_EVENT_TYPE).regex(EVENT_TYPE, 'event_type is lower-case words joined by "_"'),
  imported: z.boolean().optional(),
});
export type GenesisRecord = z.infer<typeof GenesisRecord>;

/** A pointer to an earlier entry, by place and by the SHA-256 of its leaf. */
export const EntryRef = z.strictObject({
  rel: z.string().max(64).regex(/^[a-z][a-z0-9-]*$/, 'rel is lower-case words joined by "-"'),
  origin: Origin,
  seq: Sequence,
  leaf: Sha256,
});
export type EntryRef = z.infer<typeof EntryRef>;

/** A file kept beside the log by its digest. */
export const AttachmentRef = z.strictObject({ name: z.string().min(1).max(255), size: ByteSize, sha256: Sha256 });
export type AttachmentRef = z.infer<typeof AttachmentRef>;

/** A person's detached OpenPGP signature over JCS of `{context, record, refs, attachments}` (FORMATS §4). */
export const PersonalSignature = z.strictObject({
  fingerprint: Fingerprint,
  asc: z.string().max(32_768).regex(/^-----BEGIN PGP SIGNATURE-----/, 'a signature is a detached, armored one'),
});
export type PersonalSignature = z.infer<typeof PersonalSignature>;

/** One leaf of a log (FORMATS §4). Leaf hash = SHA-256(0x00 ‖ JCS(entry)). */
export const Entry = z.strictObject({
  v: z.literal(1),
  origin: Origin,
  seq: Sequence,
  time: UtcTime,
  boot: z.string().min(1).max(MAX_BOOT),
  record: GenesisRecord,
  refs: z.array(EntryRef).max(256),
  attachments: z.array(AttachmentRef).max(256),
  signatures: z.array(PersonalSignature).max(16),
});
export type Entry = z.infer<typeof Entry>;

/** Digests of artifacts by name, riding beside the policy's own fields. */
const ArtifactDigests = z.record(z.string(), Sha256);

/** The release record exactly as policy §11.1 prints it. */
export const ReleaseRecord = z.looseObject({
  event_type: z.literal('release'),
  release_version: z.string(),
  release_date: UtcTime,
  release_commit: z.string(),
  release_artifacts: z.array(z.string()),
  release_notes: z.string(),
  deployed_by: z.string(),
  approved_by: z.array(z.string()),
  deployment_environment: z.string(),
  deployment_status: z.string(),
  rollback_plan: z.string(),
  release_artifacts_sha256: ArtifactDigests.optional(),
});

/** The deployment record exactly as policy §11.2 prints it. */
export const DeploymentRecord = z.looseObject({
  event_type: z.literal('deployment'),
  deployment_id: z.string(),
  release_version: z.string(),
  deployment_date: UtcTime,
  deployment_environment: z.string(),
  deployment_method: z.string(),
  deployment_status: z.string(),
  deployed_by: z.string(),
  smoke_tests_passed: z.boolean(),
  regression_tests_passed: z.boolean(),
  monitoring_enabled: z.boolean(),
  rollback_available: z.boolean(),
});

/** The rollback record exactly as policy §11.3 prints it. */
export const RollbackRecord = z.looseObject({
  event_type: z.literal('rollback'),
  rollback_id: z.string(),
  from_version: z.string(),
  to_version: z.string(),
  rollback_date: UtcTime,
  rollback_reason: z.string(),
  rollback_method: z.string(),
  rollback_status: z.string(),
  rolled_back_by: z.string(),
  approved_by: z.array(z.string()),
  root_cause_investigation: z.string(),
});

/** The card that signed, with its signature counter around it: a later reading that differs means that it signed elsewhere. */
export const CardUse = z.strictObject({ id: CardId, signatures_before: z.number().int(), signatures_after: z.number().int() });
export type CardUse = z.infer<typeof CardUse>;

/** What a signing left behind: machine-observed, so no personal signature is needed. */
export const SigningRecord = z.looseObject({
  event_type: z.literal('signing'),
  release_version: z.string().nullable(),
  release_commit: z.string().nullable(),
  signed_at: UtcTime,
  key_fingerprint: Fingerprint,
  release_artifacts: z.array(z.string()),
  release_artifacts_sha256: ArtifactDigests,
  checksums_sha256: ArtifactDigests,
  signatures_sha256: ArtifactDigests,
  card: CardUse.optional(),
});
export type SigningRecord = z.infer<typeof SigningRecord>;

/** A run of the checklist: verdicts and the digests that they rest on. */
export const ChecklistRunRecord = z.looseObject({
  event_type: z.literal('checklist_run'),
  release_version: z.string(),
  release_commit: z.string(),
  run_at: UtcTime,
  gate: z.enum(['open', 'closed']),
  authority: z.enum(['proved', 'unproved']),
  policy_digest: Sha256,
  subject_digest: Sha256,
  report_digest: Sha256,
  verdicts: z.record(z.string(), z.string()),
  /** What was judged with; the same version over the same inputs gives the same bytes. */
  evaluator_version: z.string().optional(),
  roster_digest: Sha256.nullable().optional(),
  release_types: z.array(z.string()).optional(),
  since_commit: z.string().nullable().optional(),
  /** The emergency that it was judged for, and the lines that were skipped for that and are owed afterwards (policy §10.2). */
  emergency: z.string().optional(),
  expedited: z.array(z.string()).optional(),
  /** For each line that rests on files, the SHA-256 of the JCS of their paths and digests. */
  evidence_digests: z.record(z.string(), Sha256).optional(),
});
export type ChecklistRunRecord = z.infer<typeof ChecklistRunRecord>;

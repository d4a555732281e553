import { z } from 'zod';
import { CommitId, Fingerprint, ReleaseType, Sha256, UtcTime } from './primitives.ts';
import { CheckId } from './verdict.ts';

const Words = z.string().trim().min(1).max(4_000);
const PersonId = z.string().min(1).max(64);
/** Digests of what a statement rests on, by the name under which it was looked at. */
const Digests = z.record(z.string().min(1).max(1024), Sha256);

/** Somebody's word on one line of the checklist that only a person can know (FORMATS §3). */
const LineAttestation = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('line'), attested_by: PersonId, attested_at: UtcTime,
  release_version: z.string(), release_commit: CommitId, check: CheckId, statement: Words, evidence_sha256: Digests, roster_digest: Sha256,
  /** What a line asks for by name, such as the firm and the dates of a penetration test. */
  details: z.record(z.string().min(1).max(64), z.string().max(500)).optional(),
});

/** Somebody's word that reports which name no commit were made from one (FORMATS §2, `attested`). */
const BindingAttestation = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('binding'), attested_by: PersonId, attested_at: UtcTime,
  release_version: z.string(), release_commit: CommitId, statement: Words, evidence_sha256: Digests, roster_digest: Sha256,
});

/** A security architect's word that a file of suppressions, a baseline or a VEX document may take findings away (FORMATS §2). */
const SuppressionAttestation = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('suppression'), attested_by: PersonId, attested_at: UtcTime,
  release_version: z.string(), release_commit: CommitId, statement: Words, evidence_sha256: Digests, roster_digest: Sha256,
});

/** Somebody's word that a release is not of types that are derived for it, for which another person asked (FORMATS §1). */
const TypesAttestation = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('types'), attested_by: PersonId, attested_at: UtcTime,
  release_version: z.string(), release_commit: CommitId, types_left_out: z.array(ReleaseType).min(1).max(5), asked_by: PersonId, statement: Words, roster_digest: Sha256,
});

/** A witness's word on a call that was taken by somebody else (FORMATS §7); it points at the verbal approval as `witnesses`. */
export const CallAttestation = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('call'), attested_by: PersonId, attested_at: UtcTime,
  release_version: z.string(), heard: z.boolean(), statement: Words, roster_digest: Sha256,
});
export type CallAttestation = z.infer<typeof CallAttestation>;

/** Somebody's word that a release key is set aside for emergencies; two different people make it so **[house]** (policy §10.2). */
export const KeySetAside = z.looseObject({
  event_type: z.literal('attestation'), attests: z.literal('emergency-key'), attested_by: PersonId, attested_at: UtcTime,
  key_fingerprint: Fingerprint, statement: Words, roster_digest: Sha256,
});
export type KeySetAside = z.infer<typeof KeySetAside>;

export const AttestationRecord = z.discriminatedUnion('attests', [LineAttestation, BindingAttestation, SuppressionAttestation, TypesAttestation, CallAttestation, KeySetAside]);
export type AttestationRecord = z.infer<typeof AttestationRecord>;

/** The acceptance of a risk that is not mended (§3.3): who asked, who accepted, why, what is done instead, until when. */
export const RiskAcceptanceRecord = z.looseObject({
  event_type: z.literal('risk_acceptance'),
  release_version: z.string().nullable(),
  vulnerabilities: z.array(z.string().min(1).max(300)).min(1).max(200),
  packages: z.array(z.string().min(1).max(500)).max(200),
  asked_by: PersonId, accepted_by: PersonId, accepted_at: UtcTime,
  reason: Words, compensating_control: Words, until: UtcTime, roster_digest: Sha256,
});
export type RiskAcceptanceRecord = z.infer<typeof RiskAcceptanceRecord>;

/** What a person can sign into the archive today. */
export type StatementRecord = AttestationRecord | RiskAcceptanceRecord;

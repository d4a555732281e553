import type { Approval, Attestation, RiskAcceptance, Signer, SignedSuppression } from '../checks/check.ts';
import { ApprovalRecord } from '../model/approval.ts';
import type { Entry } from '../model/archive.ts';
import type { RosterInForce } from '../model/roster.ts';
import { AttestationRecord, RiskAcceptanceRecord } from '../model/statements.ts';
import { personByKey, rolesOf } from '../roster/people.ts';

/** What people signed that bears on a release, as far as the roster in force proves whose word it is. */
export interface SignedStatements {
  readonly attestations: readonly Attestation[];
  readonly approvals: readonly Approval[];
  readonly riskAcceptances: readonly RiskAcceptance[];
  readonly signedSuppressions: readonly SignedSuppression[];
  /** Reports that somebody says were made from a commit, by their digest. */
  readonly attestedBindings: ReadonlyMap<string, string>;
}

export const NO_STATEMENTS: SignedStatements = { attestations: [], approvals: [], riskAcceptances: [], signedSuppressions: [], attestedBindings: new Map() };

/** An entry with the keys, by the fingerprint of their primary key, whose personal signatures over it are good. */
export interface VerifiedEntry {
  readonly id: string;
  readonly entry: Entry;
  readonly signers: readonly string[];
}

/**
 * Reads what people said for a release. Somebody's word counts where they are who the record says, by an approver's
 * key of the roster in force; all else is as if it had not been said (FORMATS §4, §5).
 */
export function readStatements(entries: readonly VerifiedEntry[], release: string, { roster }: RosterInForce, at: string): SignedStatements {
  const attestations: Attestation[] = [];
  const approvals: Approval[] = [];
  const riskAcceptances: RiskAcceptance[] = [];
  const signedSuppressions: SignedSuppression[] = [];
  const bindings = new Map<string, Set<string>>();
  for (const { id, entry, signers } of entries) {
    const signerCalled = (person: string): Signer | null => {
      const found = signers.map((key) => personByKey(roster, key, 'approve')).find((holder) => holder?.id === person) ?? null;
      return found === null ? null : { id: found.id, name: found.name, emails: found.emails, roles: rolesOf(roster, found, at) };
    };
    const attested = AttestationRecord.safeParse(entry.record);
    if (attested.success) {
      const { data } = attested;
      const signer = signerCalled(data.attested_by);
      if (signer === null || data.release_version !== release) continue;
      const signed = { signer, record: id, at: data.attested_at };
      if (data.attests === 'line') attestations.push({ ...signed, check: data.check, release: data.release_version, commit: data.release_commit, statement: data.statement, evidence: data.evidence_sha256, details: data.details ?? {} });
      for (const sha256 of Object.values(data.evidence_sha256)) {
        if (data.attests === 'suppression' && signer.roles.has('security-architect')) signedSuppressions.push({ ...signed, sha256, statement: data.statement });
        if (data.attests === 'binding') bindings.set(sha256, (bindings.get(sha256) ?? new Set()).add(data.release_commit));
      }
      continue;
    }
    const decided = ApprovalRecord.safeParse(entry.record);
    if (decided.success) {
      const { data: { approver, approver_role, decided_at, release_version, statement: { predicate } } } = decided;
      const signer = signerCalled(approver);
      if (signer === null || release_version !== release) continue;
      approvals.push({ signer, record: id, at: decided_at, decision: predicate.decision, role: approver_role, subjectDigest: predicate.subjectDigest, reason: predicate.reason });
      continue;
    }
    const accepted = RiskAcceptanceRecord.safeParse(entry.record);
    if (!accepted.success) continue;
    const { data } = accepted;
    const signer = signerCalled(data.accepted_by);
    if (signer === null || (data.release_version !== null && data.release_version !== release)) continue;
    riskAcceptances.push({
      signer, record: id, at: data.accepted_at, vulnerabilities: data.vulnerabilities, packages: data.packages, release: data.release_version,
      askedBy: data.asked_by, why: data.reason, compensatingControl: data.compensating_control, until: data.until,
    });
  }
  // Two words about one report that name different commits say nothing.
  const attestedBindings = new Map([...bindings].flatMap(([sha256, commits]) => (commits.size === 1 ? [[sha256, [...commits][0] ?? ''] as const] : [])));
  return { attestations, approvals, riskAcceptances, signedSuppressions, attestedBindings };
}

/** Fields in which a record says whose act it is. */
const NAMES_PERSON = ['attested_by', 'accepted_by', 'approver', 'rejected_by', 'withdrawn_by', 'decided_by', 'withheld_by'] as const;

/** Whether the personal signatures of an entry prove who said it: somebody of the roster, and whom the record names where it names one. */
export function provesPerson({ record }: Entry, signers: readonly string[], { roster }: RosterInForce): boolean {
  const people = signers.flatMap((key) => personByKey(roster, key, 'approve') ?? []);
  const named = NAMES_PERSON.map((field) => record[field]).find((value) => typeof value === 'string');
  return named === undefined ? people.length > 0 : people.some(({ id }) => id === named);
}

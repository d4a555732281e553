import type { Approval, Attestation, LeftOutType, RiskAcceptance, Signer, SignedSuppression, UncountedAct, Withdrawal } from '../checks/check.ts';
import { ApprovalRecord } from '../model/approval.ts';
import type { Entry } from '../model/archive.ts';
import { WithdrawalRecord } from '../model/records/people.ts';
import type { RosterInForce } from '../model/roster.ts';
import { AttestationRecord, RiskAcceptanceRecord } from '../model/statements.ts';
import { personByKey } from '../roster/people.ts';
import { personNamed, type JudgedEntry } from './acts.ts';

/** What people signed that bears on a release, as far as the roster in force proves whose word it is. */
export interface SignedStatements {
  readonly attestations: readonly Attestation[];
  readonly approvals: readonly Approval[];
  readonly riskAcceptances: readonly RiskAcceptance[];
  readonly signedSuppressions: readonly SignedSuppression[];
  /** Reports that somebody says were made from a commit, by their digest. */
  readonly attestedBindings: ReadonlyMap<string, string>;
  readonly withdrawals: readonly Withdrawal[];
  readonly leftOutTypes: readonly LeftOutType[];
  /** What was recorded for the release and does not count, with the reason. */
  readonly uncounted: readonly UncountedAct[];
}

export const NO_STATEMENTS: SignedStatements = { attestations: [], approvals: [], riskAcceptances: [], signedSuppressions: [], attestedBindings: new Map(), withdrawals: [], leftOutTypes: [], uncounted: [] };

/**
 * Reads what people said for a release. Somebody's word counts as far as its act does, held against the roster that it names
 * (FORMATS §4, §5); what does not count is told beside it, with the reason, and opens nothing.
 */
export function readStatements(entries: readonly JudgedEntry[], release: string): SignedStatements {
  const attestations: Attestation[] = [];
  const approvals: Approval[] = [];
  const riskAcceptances: RiskAcceptance[] = [];
  const signedSuppressions: SignedSuppression[] = [];
  const withdrawals: Withdrawal[] = [];
  const leftOutTypes: LeftOutType[] = [];
  const uncounted: UncountedAct[] = [];
  const bindings = new Map<string, Set<string>>();
  for (const { id, entry, act } of entries) {
    const about = aboutOf(entry, release);
    if (about === null) continue;
    const { person } = act;
    if (act.standing !== 'counts' || person === null) {
      uncounted.push({ record: id, event_type: entry.record.event_type, by: person?.name ?? personNamed(entry.record) ?? 'nobody', about, standing: act.standing, why: act.why });
      continue;
    }
    const signer: Signer = { id: person.id, name: person.name, emails: person.emails, roles: act.roles };
    const attested = AttestationRecord.safeParse(entry.record);
    // Of a call and of a key, which are read elsewhere: they decide no line.
    if (attested.success && (attested.data.attests === 'call' || attested.data.attests === 'emergency-key')) continue;
    if (attested.success && attested.data.attests !== 'call' && attested.data.attests !== 'emergency-key') {
      const { data } = attested;
      const signed = { signer, record: id, at: data.attested_at };
      if (data.attests === 'line') attestations.push({ ...signed, check: data.check, release: data.release_version, commit: data.release_commit, statement: data.statement, evidence: data.evidence_sha256, details: data.details ?? {} });
      if (data.attests === 'types') leftOutTypes.push({ ...signed, commit: data.release_commit, types: data.types_left_out, askedBy: data.asked_by, statement: data.statement });
      for (const sha256 of Object.values(data.attests === 'types' ? {} : data.evidence_sha256)) {
        if (data.attests === 'suppression' && signer.roles.has('security-architect')) signedSuppressions.push({ ...signed, sha256, statement: data.statement });
        if (data.attests === 'binding') bindings.set(sha256, (bindings.get(sha256) ?? new Set()).add(data.release_commit));
      }
      continue;
    }
    const decided = ApprovalRecord.safeParse(entry.record).data;
    if (decided !== undefined) {
      const { approver_role, decided_at, statement: { predicate } } = decided;
      approvals.push({ signer, record: id, at: decided_at, decision: predicate.decision, role: approver_role, subjectDigest: predicate.subjectDigest, reason: predicate.reason });
      continue;
    }
    const withdrawn = WithdrawalRecord.safeParse(entry.record).data;
    if (withdrawn !== undefined) {
      withdrawals.push({ signer, record: id, at: withdrawn.withdrawn_at, role: withdrawn.withdrawn_role ?? '', release: withdrawn.release_version, reason: withdrawn.reason, artifacts: withdrawn.release_artifacts_sha256 ?? {} });
      continue;
    }
    const accepted = RiskAcceptanceRecord.safeParse(entry.record).data;
    if (accepted === undefined) continue;
    riskAcceptances.push({
      signer, record: id, at: accepted.accepted_at, vulnerabilities: accepted.vulnerabilities, packages: accepted.packages, release: accepted.release_version,
      askedBy: accepted.asked_by, why: accepted.reason, compensatingControl: accepted.compensating_control, until: accepted.until,
    });
  }
  // Two words about one report that name different commits say nothing.
  const attestedBindings = new Map([...bindings].flatMap(([sha256, commits]) => (commits.size === 1 ? [[sha256, [...commits][0] ?? ''] as const] : [])));
  return { attestations, approvals, riskAcceptances, signedSuppressions, attestedBindings, withdrawals, leftOutTypes, uncounted };
}

/** What an entry decides for a release: a check's id, an approver's role, or its own type; null where it is about another release, or nothing that counts. */
function aboutOf({ record }: Entry, release: string): string | null {
  const attested = AttestationRecord.safeParse(record).data;
  if (attested?.attests === 'call' || attested?.attests === 'emergency-key') return null;
  if (attested !== undefined) return attested.release_version !== release ? null : attested.attests === 'line' ? attested.check : attested.attests;
  const decided = ApprovalRecord.safeParse(record).data;
  if (decided !== undefined) return decided.release_version === release ? decided.approver_role : null;
  const withdrawn = WithdrawalRecord.safeParse(record).data;
  if (withdrawn !== undefined) return withdrawn.release_version === release ? 'withdrawal' : null;
  const accepted = RiskAcceptanceRecord.safeParse(record).data;
  return accepted === undefined || (accepted.release_version !== null && accepted.release_version !== release) ? null : 'risk';
}

/** Whether the personal signatures of an entry prove who said it: somebody of the roster, and whom the record names where it names one. */
export function provesPerson({ record }: Entry, signers: readonly string[], { roster }: RosterInForce): boolean {
  const people = signers.flatMap((key) => personByKey(roster, key, 'approve') ?? []);
  const named = personNamed(record);
  return named === null ? people.length > 0 : people.some(({ id }) => id === named);
}

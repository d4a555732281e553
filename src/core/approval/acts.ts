import { canonicalJson } from '../archive/canonical-json.ts';
import { ApprovalRecord } from '../model/approval.ts';
import type { Entry, GenesisRecord } from '../model/archive.ts';
import { RatificationRecord } from '../model/records/verbal.ts';
import type { JudgedAct } from '../roster/judge-act.ts';

/** An entry of the archive with what it comes to as somebody's act. */
export interface JudgedEntry {
  readonly id: string;
  readonly entry: Entry;
  readonly act: JudgedAct;
}

/** Fields in which a record says whose act it is. */
const NAMES_PERSON = ['attested_by', 'accepted_by', 'approver', 'rejected_by', 'withdrawn_by', 'decided_by', 'withheld_by', 'declared_by', 'corrected_by', 'disputed_by'] as const;

/** Whose act a record says it is; null where it does not say. What was said by word is the act of whoever took it, whoever is told to have approved (FORMATS §7). */
export function personNamed(record: GenesisRecord): string | null {
  if (record.event_type === 'verbal_approval' || record.event_type === 'verbal_request') return typeof record['taken_by'] === 'string' ? record['taken_by'] : null;
  if (record.event_type === 'post_mortem') return typeof record['recorded_by'] === 'string' ? record['recorded_by'] : null;
  return NAMES_PERSON.map((field) => record[field]).find((value): value is string => typeof value === 'string') ?? null;
}

/**
 * Digest of the roster under which a record says it was done: beside its own fields, or in the statement of an approval. Acts that
 * name none are held against the newest roster alone.
 */
export function rosterNamed(record: GenesisRecord): string | null {
  const decided = ApprovalRecord.safeParse(record).data?.statement.predicate.rosterDigest;
  const said = decided ?? record['roster_digest'];
  return typeof said === 'string' ? said : null;
}

/** The statement of an approval, or of a ratification, with the signature that outsiders check: it has to be the approver's as well. Null for other records. */
export function statementOf(record: GenesisRecord): { readonly text: string; readonly asc: string } | null {
  if (record.event_type === 'ratification') {
    const { statement, statement_signature: asc } = RatificationRecord.safeParse(record).data ?? {};
    // One that carries no statement ratifies nothing: no key has signed the empty text.
    return { text: statement ?? '', asc: asc ?? '' };
  }
  const approval = ApprovalRecord.safeParse(record).data;
  return approval === undefined ? null : { text: canonicalJson(approval.statement), asc: approval.statement_signature };
}

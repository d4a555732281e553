import { canonicalJson } from '../archive/canonical-json.ts';
import { ApprovalRecord } from '../model/approval.ts';
import type { Entry, GenesisRecord } from '../model/archive.ts';
import type { JudgedAct } from '../roster/judge-act.ts';

/** An entry of the archive with what it comes to as somebody's act. */
export interface JudgedEntry {
  readonly id: string;
  readonly entry: Entry;
  readonly act: JudgedAct;
}

/** Fields in which a record says whose act it is. */
const NAMES_PERSON = ['attested_by', 'accepted_by', 'approver', 'rejected_by', 'withdrawn_by', 'decided_by', 'withheld_by', 'declared_by', 'corrected_by', 'disputed_by'] as const;

/** Whose act a record says it is; null where it does not say. */
export function personNamed(record: GenesisRecord): string | null {
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

/** The statement of an approval with the signature that outsiders check: it has to be the approver's as well. Null for other records. */
export function statementOf(record: GenesisRecord): { readonly text: string; readonly asc: string } | null {
  const approval = ApprovalRecord.safeParse(record).data;
  return approval === undefined ? null : { text: canonicalJson(approval.statement), asc: approval.statement_signature };
}

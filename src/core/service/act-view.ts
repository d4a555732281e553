import { personNamed, type JudgedEntry } from '../approval/acts.ts';
import type { ActView } from '../contract/approval-calls.ts';
import { ApprovalRecord } from '../model/approval.ts';
import type { GenesisRecord } from '../model/archive.ts';

/** A signed act as it is shown: who, what it comes to, and what exactly it is about. */
export function actView({ id, entry: { record, time }, act }: JudgedEntry): ActView {
  return {
    record: id, event_type: record.event_type, claimed: time, by: personNamed(record), person: act.person?.name ?? null, roles: [...act.roles].sort(),
    standing: act.standing, why: act.why, interval: act.interval, rosterVersion: act.life?.roster.version ?? null, about: aboutOf(record), words: wordsOf(record), decision: decisionOf(record),
  };
}

function decisionOf(record: GenesisRecord): ActView['decision'] {
  const decided = ApprovalRecord.safeParse(record).data;
  if (decided === undefined) return null;
  const { statement: { subject, predicate }, approver_role: role, decided_at: at, release_commit: commit, security_impact: securityImpact } = decided;
  const { decision, types, subjectDigest, planDigest, rosterDigest } = predicate;
  return { decision, role, at, commit, types, subjectDigest, planDigest, rosterDigest, subject: subject.map(({ name, digest: { sha256 } }) => ({ name, sha256 })), securityImpact: securityImpact ?? null };
}

/** Records come from other consoles as well, and may say anything. */
function aboutOf(record: GenesisRecord): string {
  const said = [record['check'], record['approver_role'], record['withdrawn_role'], record['attests']].find((value): value is string => typeof value === 'string');
  return said ?? record.event_type;
}

function wordsOf(record: GenesisRecord): string {
  const decided = ApprovalRecord.safeParse(record).data;
  if (decided !== undefined) return decided.statement.predicate.reason;
  return [record['statement'], record['reason']].find((value): value is string => typeof value === 'string') ?? '';
}

import type { Assessment } from '../contract/contract.ts';
import type { ChecklistRunRecord } from '../model/archive.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';

/** The `checklist_run` record of a run: verdicts and the digests that they rest on; never the evidence itself. */
export function checklistRunRecord({ report, range, draft }: Pick<Assessment, 'report' | 'range' | 'draft'>): ChecklistRunRecord {
  return {
    event_type: 'checklist_run',
    release_version: draft.version,
    release_commit: range.commit,
    run_at: report.at,
    gate: report.gate,
    authority: report.authority,
    policy_digest: report.policyDigest,
    subject_digest: report.subjectDigest,
    report_digest: report.digest,
    verdicts: Object.fromEntries(report.results.map(({ id, status }) => [id, status])),
  };
}

/**
 * Records a run, unless the last one of this console for this release says the same: looking again is not an event.
 * Returns the record's id, or null where nothing had changed.
 */
export async function recordRun(archive: ArchivePort, assessment: Omit<Assessment, 'recorded'>): Promise<string | null> {
  const record = checklistRunRecord(assessment);
  const [last] = await recordsOf(archive, { event_type: 'checklist_run', release: record.release_version, origin: archive.origin, limit: 1 });
  if (last !== undefined && last.record.imported !== true && saysTheSame(last.record, record)) return null;
  const [appended] = await archive.appendRecords([record]);
  return appended?.id ?? null;
}

function saysTheSame(before: Record<string, unknown>, now: ChecklistRunRecord): boolean {
  return (
    before['release_commit'] === now.release_commit &&
    before['subject_digest'] === now.subject_digest &&
    before['gate'] === now.gate &&
    before['authority'] === now.authority &&
    JSON.stringify(sorted(before['verdicts'])) === JSON.stringify(sorted(now.verdicts))
  );
}

function sorted(verdicts: unknown): [string, unknown][] {
  return typeof verdicts === 'object' && verdicts !== null ? Object.entries(verdicts).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}

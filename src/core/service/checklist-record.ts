import type { Assessment } from '../contract/contract.ts';
import { ChecklistRunRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { digestOf } from '../workflow/canonical.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';

/** The `checklist_run` record of a run: verdicts and the digests that they rest on; never the evidence itself. */
export function checklistRunRecord({ report, range, draft, emergency }: Pick<Assessment, 'report' | 'range' | 'draft' | 'emergency'>, evaluatorVersion: string): ChecklistRunRecord {
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
    evaluator_version: evaluatorVersion,
    roster_digest: report.rosterDigest,
    release_types: report.types.declared,
    ...(emergency === null ? {} : { emergency: emergency.id, expedited: emergency.skipped }),
    since_commit: range.since?.commit ?? null,
    evidence_digests: Object.fromEntries(report.results.flatMap(({ id, evidence }) => (evidence.length === 0 ? [] : [[id, digestOf(evidence)]]))),
  };
}

/**
 * Records a run, unless the last one of this console for this release says the same: looking again is not an event.
 * Returns the record's id, or null where nothing had changed.
 */
export async function recordRun(archive: ArchivePort, assessment: Omit<Assessment, 'recorded' | 'difference'>, evaluatorVersion: string): Promise<string | null> {
  const record = checklistRunRecord(assessment, evaluatorVersion);
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

/** A run as the archive holds it, to be judged again: then's verdicts beside today's. */
export interface RecordedRun {
  readonly id: string;
  readonly record: ChecklistRunRecord;
}

/** Reads a `checklist_run` of the archive. Errors: `bad-input`, and those of `show`. */
export async function recordedRun(archive: ArchivePort, id: string, release: string): Promise<RecordedRun> {
  const shown = await archive.show(id);
  const parsed = ChecklistRunRecord.safeParse(shown.entry.record);
  if (!parsed.success) throw new AppError('bad-input', `${shown.id} is no checklist run, but ${shown.entry.record.event_type}.`, { hint: 'countersign archive list --json shows the event type of each entry.' });
  if (parsed.data.release_version !== release) throw new AppError('bad-input', `${shown.id} is a checklist run for ${parsed.data.release_version}, not ${release}.`);
  return { id: shown.id, record: parsed.data };
}

/** What a line came to then and comes to now; lines that came to the same on the same evidence are left out. */
export function differenceFrom({ id, record }: RecordedRun, { report }: Pick<Assessment, 'report'>, evaluatorVersion: string): NonNullable<Assessment['difference']> {
  const now = new Map(report.results.map((result) => [result.id as string, result]));
  const ids = [...new Set([...Object.keys(record.verdicts), ...now.keys()])];
  return {
    run: id, runAt: record.run_at, policyDigest: record.policy_digest, samePolicy: record.policy_digest === report.policyDigest,
    evaluator: record.evaluator_version ?? null, sameEvaluator: record.evaluator_version === evaluatorVersion,
    lines: ids.flatMap((line) => {
      const result = now.get(line);
      const [was, is] = [record.verdicts[line] ?? null, result?.status ?? null];
      const rests = result === undefined || result.evidence.length === 0 ? null : digestOf(result.evidence);
      const otherEvidence = record.evidence_digests !== undefined && (record.evidence_digests[line] ?? null) !== rests;
      return was === is && !otherEvidence ? [] : [{ id: line, was, is, otherEvidence }];
    }),
  };
}

import type { GenesisRecord } from '../model/archive.ts';
import { RECORD_FORMS, type RecordForm } from '../model/records/forms.ts';

const FORMS: ReadonlyMap<string, RecordForm> = new Map(Object.entries(RECORD_FORMS));

/**
 * What a record lacks of the fields that policy §11 gives its type. Recording is never gated (FORMATS §4): what is
 * missing is said, and the record is kept.
 */
export function warningsOf(record: GenesisRecord): string[] {
  const form = FORMS.get(record.event_type);
  if (form === undefined) return [`"${record.event_type}" is not a type of event that this version knows.`];
  // The mark of an import is no field of the type.
  const { imported: _, ...fields } = record;
  const result = form.schema.safeParse(fields);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    const field = issue.path[0];
    const missing = typeof field === 'string' && !Object.hasOwn(record, field);
    return missing ? `${name} is missing (${form.clause}).` : `${name}: ${issue.message} (${form.clause}).`;
  });
}

import { z } from 'zod';
import { ChecklistRunRecord, DeploymentRecord, KNOWN_EVENT_TYPES, ReleaseRecord, RollbackRecord, SigningRecord } from '../model/archive.ts';
import { CardEnrolmentRecord, KeyRevocationRecord, KeyRotationRecord } from '../model/key-records.ts';
import type { GenesisRecord } from '../model/archive.ts';

const KNOWN = new Set<string>(KNOWN_EVENT_TYPES);

/** Only the named fields are looked at, so that the others are not copied for nothing. */
const FORMS = new Map<string, { readonly schema: z.ZodType; readonly clause: string }>([
  ['release', { schema: z.object(ReleaseRecord.shape), clause: 'policy §11.1' }],
  ['deployment', { schema: z.object(DeploymentRecord.shape), clause: 'policy §11.2' }],
  ['rollback', { schema: z.object(RollbackRecord.shape), clause: 'policy §11.3' }],
  ['signing', { schema: z.object(SigningRecord.shape), clause: 'the signing record' }],
  ['checklist_run', { schema: z.object(ChecklistRunRecord.shape), clause: 'the checklist record' }],
  ['key_rotation', { schema: z.object(KeyRotationRecord.shape), clause: 'the key rotation record' }],
  ['card_enrolment', { schema: z.object(CardEnrolmentRecord.shape), clause: 'the card enrolment record' }],
  ['key_revocation', { schema: z.object(KeyRevocationRecord.shape), clause: 'the key revocation record' }],
]);

/**
 * What a record lacks of the fields that policy §11 gives its type. Recording is never gated (FORMATS §4): what is
 * missing is said, and the record is kept.
 */
export function warningsOf(record: GenesisRecord): string[] {
  if (!KNOWN.has(record.event_type)) return [`"${record.event_type}" is not a type of event that this version knows.`];
  const form = FORMS.get(record.event_type);
  if (form === undefined) return [];
  const result = form.schema.safeParse(record);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    const field = issue.path[0];
    const missing = typeof field === 'string' && !Object.hasOwn(record, field);
    return missing ? `${name} is missing (${form.clause}).` : `${name}: ${issue.message} (${form.clause}).`;
  });
}

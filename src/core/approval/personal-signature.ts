import { canonicalJson } from '../archive/canonical-json.ts';
import type { Entry } from '../model/archive.ts';

/** What a personal signature is over (FORMATS §4): the record with all that goes with it, and what kind of act it is. */
export function signedBytes({ record, refs, attachments }: Pick<Entry, 'record' | 'refs' | 'attachments'>): string {
  return canonicalJson({ context: `countersign/${record.event_type}/v1`, record, refs, attachments });
}

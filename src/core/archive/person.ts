import type { Entry } from '../model/archive.ts';

/**
 * Event types that say what a machine observed, and so need nobody's proof (FORMATS §4). Whatever is not here,
 * unknown types too, is somebody's word.
 */
const OBSERVED = new Set(['checklist_run', 'signing', 'sbom', 'deployment', 'drift', 'release']);

/** Tells whether the personal signatures of an entry prove who said it (FORMATS §4); errors are those of the verifier. */
export type VerifyPerson = (entry: Entry) => Promise<boolean>;

/** Whether a person must be proved for an entry, and is. A signature that nobody verified proves none. */
export async function personOf(entry: Entry, verify: VerifyPerson | null): Promise<'not-needed' | 'not-proven' | 'proven'> {
  if (!personNeeded(entry.record.event_type)) return 'not-needed';
  // A roster is proved by its administrators' signatures over its own bytes, which the record carries.
  return (entry.signatures.length > 0 || entry.record.event_type === 'roster_change') && verify !== null && (await verify(entry)) ? 'proven' : 'not-proven';
}

/** Whether records of a type are somebody's word (FORMATS §4). */
export function personNeeded(type: string): boolean {
  return !OBSERVED.has(type) && !type.startsWith('pipeline_');
}

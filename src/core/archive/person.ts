/**
 * Event types that say what a machine observed, and so need nobody's proof (FORMATS §4). Whatever is not here,
 * unknown types too, is somebody's word.
 */
const OBSERVED = new Set(['checklist_run', 'signing', 'sbom', 'deployment', 'drift', 'release']);

/** Whether a person must be proved for this type of event; a signature that nobody verified proves none. */
export function personOf(eventType: string): 'not-needed' | 'not-proven' {
  return OBSERVED.has(eventType) || eventType.startsWith('pipeline_') ? 'not-needed' : 'not-proven';
}

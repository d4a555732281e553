/** What records are drawn as where there are too many to be read: four kinds, told apart by shape. */
export const RECORD_KINDS = ['shipped', 'said', 'trouble', 'observed'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

const KIND_OF: Readonly<Record<string, RecordKind>> = {
  release: 'shipped', deployment: 'shipped', signing: 'shipped', sbom: 'shipped', deployment_stage: 'shipped',
  approval: 'said', verbal_approval: 'said', ratification: 'said', risk_acceptance: 'said', attestation: 'said', roster_change: 'said',
  key_rotation: 'said', card_enrolment: 'said', post_mortem: 'said', correction: 'said', tombstone: 'said', release_plan: 'said', release_act: 'said',
  rollback: 'trouble', rollback_stage: 'trouble', rejection: 'trouble', withdrawal: 'trouble', dispute: 'trouble', emergency_patch: 'trouble', key_revocation: 'trouble', drift: 'trouble',
};

/** What machines saw, and types that are not known, are `observed`. */
export function kindOf(type: string): RecordKind {
  return Object.hasOwn(KIND_OF, type) ? (KIND_OF[type] ?? 'observed') : 'observed';
}

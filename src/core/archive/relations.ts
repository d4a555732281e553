import type { GenesisRecord } from '../model/archive.ts';

/** What one record says of another that it points at, by `rel`: which types it joins, and which fields must agree. */
interface Relation {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Pairs of fields, of the one that points and of the other. */
  readonly agree: readonly (readonly [string, string])[];
}

/** A release, its deployments and their rollbacks hang together (policy §11). */
const RELATIONS: ReadonlyMap<string, Relation> = new Map([
  ['deployed-by', { from: ['release'], to: ['deployment'], agree: [['release_version', 'release_version'], ['deployment_environment', 'deployment_environment']] }],
  ['deploys', { from: ['deployment', 'deployment_stage'], to: ['signing', 'approval', 'release'], agree: [['release_version', 'release_version']] }],
  ['rolls-back', { from: ['rollback'], to: ['deployment', 'release'], agree: [['from_version', 'release_version']] }],
  ['restores', { from: ['rollback'], to: ['deployment', 'release'], agree: [['to_version', 'release_version']] }],
  ['documents', { from: ['deployment', 'release', 'rollback'], to: ['deployment_stage', 'rollback_stage'], agree: [['release_version', 'release_version'], ['from_version', 'release_version']] }],
  ['replaces', { from: ['release_plan'], to: ['release_plan'], agree: [['release_version', 'release_version']] }],
  ['resumes', { from: ['release_act'], to: ['release_act'], agree: [['release_version', 'release_version']] }],
  ['continues', { from: ['deployment_stage', 'rollback_stage', 'monitoring'], to: ['deployment_stage', 'rollback_stage', 'monitoring'], agree: [['release_version', 'release_version']] }],
  ['watches', { from: ['monitoring'], to: ['deployment_stage', 'rollback_stage'], agree: [['release_version', 'release_version']] }],
  ['closes', { from: ['monitoring'], to: ['monitoring'], agree: [['release_version', 'release_version']] }],
  ['judged-by', { from: ['deployment_stage'], to: ['checklist_run'], agree: [['release_version', 'release_version']] }],
  ['planned-by', { from: ['deployment_stage'], to: ['release_plan'], agree: [['release_version', 'release_version']] }],
  ['approved-by', { from: ['deployment_stage'], to: ['approval', 'verbal_approval'], agree: [['release_version', 'release_version']] }],
  ['allowed-by', { from: ['deployment_stage'], to: ['release_act'], agree: [['release_version', 'release_version']] }],
  ['declared-by', { from: ['deployment_stage', 'rollback_stage'], to: ['emergency_patch'], agree: [['release_version', 'release_version']] }],
  ['of-emergency', { from: ['emergency_patch'], to: ['emergency_patch'], agree: [['emergency_id', 'emergency_id']] }],
  ['staged-by', { from: ['deployment_stage'], to: ['deployment_stage'], agree: [['release_version', 'release_version']] }],
  ['decided-by', { from: ['rollback_stage'], to: ['rollback_stage'], agree: [['release_version', 'release_version'], ['to_version', 'to_version']] }],
  ['rolls-back-stage', { from: ['rollback_stage'], to: ['deployment_stage'], agree: [['release_version', 'release_version']] }],
  ['ratifies', { from: ['ratification'], to: ['verbal_approval'], agree: [['release_version', 'release_version']] }],
  ['lifts', { from: ['legal_hold'], to: ['legal_hold'], agree: [['hold', 'hold']] }],
  ['withdraws', { from: ['withdrawal'], to: ['release', 'approval', 'signing'], agree: [['release_version', 'release_version']] }],
]);

/** Why a record cannot point at another as it does; null where it can, and for relations that are not known. */
export function relationProblem(rel: string, from: GenesisRecord, to: GenesisRecord): string | null {
  const relation = RELATIONS.get(rel);
  if (relation === undefined) return null;
  if (!relation.from.includes(from.event_type) || !relation.to.includes(to.event_type)) return `"${rel}" does not lead from a record of ${from.event_type} to one of ${to.event_type}.`;
  const differs = relation.agree.find(([own, others]) => typeof from[own] === 'string' && from[own] !== to[others]);
  return differs === undefined ? null : `${differs[0]} is ${String(from[differs[0]])}, and ${differs[1]} there is ${typeof to[differs[1]] === 'string' ? String(to[differs[1]]) : 'not said'} ("${rel}").`;
}

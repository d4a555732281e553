import { ApprovalRecord } from '../model/approval.ts';
import { EMERGENCY_ACTS, type EmergencyPatchRecord, type EmergencyStep } from '../model/records/emergency.ts';
import { ofForm, ofRelease } from './acts.ts';
import { CRITERIA, type Said } from './emergency.ts';
import type { EmergencyFacts } from './emergency-facts.ts';
import { nameOf } from './emergency-owed.ts';

/** Something that happened in an emergency, in words, with its record. */
export interface StoryLine {
  readonly at: string;
  readonly words: string;
  readonly by: string | null;
  readonly record: string;
  /** Of which of the seven steps it is. */
  readonly step: number;
}

/** What happened, the oldest first, by the records alone: what a post-mortem begins with. */
export function storyOf(facts: EmergencyFacts): StoryLine[] {
  const lines = [...facts.one.declarations.flatMap(declarationLines), ...facts.one.said.flatMap((said) => saidLine(facts, said)), ...spokenLines(facts), ...releaseLines(facts), ...deploymentLines(facts), ...rollbackLines(facts), ...postMortemLine(facts)];
  const placed = lines.map((line) => ({ line: { ...line, at: line.at.replace('.000Z', 'Z') }, place: /^(.*)#(\d+)$/.exec(line.record) }));
  // Of one second the order of a log is the truth.
  return placed.sort((a, b) => Date.parse(a.line.at) - Date.parse(b.line.at) || inOrder(a.place?.[1] ?? '', b.place?.[1] ?? '') || Number(a.place?.[2]) - Number(b.place?.[2]) || a.line.step - b.line.step).map(({ line }) => line);
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function declarationLines({ act, record, by }: Said): StoryLine[] {
  const detected = record.detected_at ?? record.declared_at;
  const criterion = CRITERIA.find(({ id }) => id === record.criterion)?.words;
  return [
    { at: detected, words: `Detected${record.detected_said_by === undefined ? '' : `, as ${record.detected_said_by} said`}.`, by: null, record: act.id, step: 1 },
    { at: record.declared_at, words: `${record.emergency_id} is declared: ${criterion ?? 'no criterion is named'}. ${record.reason}`, by: by?.name ?? null, record: act.id, step: 1 },
  ];
}

const STEP_WORDS: Readonly<Record<EmergencyStep, readonly [words: string, step: number]>> = {
  'review': ['The security architect reviewed the patch', 2], 'development-test': ['The patch was tested in development', 2], 'qa-test-begun': ['QA began its expedited test', 3], 'qa-test': ['QA ended its expedited test', 3], 'production-verified': ['QA verified the patch in production', 6],
};
type Kind = (typeof EMERGENCY_ACTS)[number];

/** How each kind of act is told; one that is not known here is left out. */
const TOLD: Readonly<Record<Exclude<Kind, 'declare'>, (record: EmergencyPatchRecord, facts: EmergencyFacts) => readonly [words: string, step: number]>> = {
  'severity': (record) => [`It is decided that it is ${record.severity}`, 1],
  'release': (record) => [`${record.release_version ?? 'A version'} is named as what mends it`, 2],
  'notify': (record) => [(record.notified ?? []).map(({ who, as, at, by }) => `${who}${as === 'cto' || as === 'ciso' ? ` (${as.toUpperCase()})` : ''} was told at ${at} by ${by}`).join('; '), 1],
  'affected': (record) => [`Affected: ${(record.affected_versions ?? []).join(', ')}`, 1],
  'roll-back-instead': (record) => [record.roll_back === 'instead' ? 'It is rolled back in place of a patch' : 'It is patched, and not rolled back', 1],
  'step': ({ step, release_commit: commit }) => [`${step === undefined ? 'A step was done' : STEP_WORDS[step][0]}${commit === undefined ? '' : ` (${commit.slice(0, 12)})`}`, step === undefined ? 2 : STEP_WORDS[step][1]],
  'deviation': (record) => [record.deviation === 'unsigned' ? 'It is deployed unsigned' : `It goes on without the approval of ${record.approver_role ?? 'somebody'}`, record.deviation === 'unsigned' ? 5 : 4],
  'breach': (record) => [`Why ${record.clock ?? 'a clock'} was missed`, 7],
  'call-attempt': ({ attempt }, facts) => [attempt === undefined ? 'Somebody was called' : `${nameOf(facts, attempt.approver)} was called as ${attempt.role} at ${attempt.called}: ${attempt.outcome}`, 4],
  'notice': (record) => [`Told outside: ${record.notice ?? ''}`, 6],
  'hand-over': (record, facts) => [`Handed over to ${nameOf(facts, record.hand_over?.to ?? '')}`, 2],
  'accept-hand-over': () => ['The hand-over is accepted', 2],
  'merge': (record) => [`It is told with ${record.merged_into ?? 'another'} from now on`, 1],
  'action-closed': (record) => [`Action ${record.action ?? ''} of the post-mortem is done`, 7],
  'clock-jump': (record) => [`The clock of this console was set back by ${record.set_back_seconds ?? 0} seconds`, 1],
  'close': () => ['It is closed', 7],
};
const TELLING = new Map(Object.entries(TOLD));

function saidLine(facts: EmergencyFacts, { act, record, by }: Said): StoryLine[] {
  const told = TELLING.get(record.act)?.(record, facts);
  if (told === undefined) return [];
  const reason = record.reason.trim().replace(/[.\s]+$/, '');
  return [{ at: record.declared_at, words: `${told[0].replace(/[.\s]+$/, '')}: ${reason}.`.slice(0, 4_000), by: by?.name ?? null, record: act.id, step: told[1] }];
}

function spokenLines({ spoken, approvals }: EmergencyFacts): StoryLine[] {
  return [
    ...approvals.map(({ act, by, role }) => ({ at: act.entry.time, words: `Approved as ${role}, by signature.`, by: by.name, record: act.id, step: 4 })),
    ...spoken.flatMap(({ act, record, who, taker, decision, opens, why, witness, ratification }): StoryLine[] => [
      { at: record.spoken_at, words: `${who.name} ${decision === 'approve' ? 'approved' : 'refused'} as ${who.role}, by word${opens ? '' : ', which opens nothing'}. ${why}`, by: taker?.name ?? null, record: act.id, step: 4 },
      ...(witness?.record == null || witness.at === null ? [] : [{ at: witness.at, words: witness.state === 'denied' ? `${witness.name} signed that they did not hear it.` : `${witness.name} signed that they heard it.`, by: witness.name, record: witness.record, step: 4 }]),
      ...(ratification.record === null || ratification.at === null ? [] : [{ at: ratification.at, words: ratification.state === 'disputed' ? `${who.name} disputed it.` : `${who.name} ratified it.`, by: who.name, record: ratification.record, step: 4 }]),
    ]),
  ];
}

/** Runs of the checklist as far as the gate changed in them, signings, and approvals that were refused by signature. */
function releaseLines({ runs, signings, one, acts }: EmergencyFacts): StoryLine[] {
  const own = one.release === null ? [] : ofRelease(acts, one.release);
  return [
    ...runs.filter(({ record }, index) => record.gate !== runs[index - 1]?.record.gate).map(({ act, record }) => ({ at: record.run_at, words: `The checklist is run: the gate is ${record.gate}.`, by: null, record: act.id, step: 3 })),
    ...signings.map(({ act, record }) => ({ at: act.entry.time, words: `${Object.keys(record.release_artifacts_sha256).length} ${Object.keys(record.release_artifacts_sha256).length === 1 ? 'artifact' : 'artifacts'} of ${one.release ?? ''} signed.`, by: null, record: act.id, step: 3 })),
    ...ofForm(own, ApprovalRecord).filter(({ act, record }) => act.by.length > 0 && record.event_type === 'rejection').map(({ act, record }) => ({ at: act.entry.time, words: `Rejected: ${record.statement.predicate.reason}`, by: act.by[0]?.name ?? null, record: act.id, step: 4 })),
  ];
}

function deploymentLines({ begun }: EmergencyFacts): StoryLine[] {
  return begun.flatMap(({ start, record, deployer, stages, watch, observations, authority, documented }): StoryLine[] => [
    { at: record.at, words: `The deployment to production begins (${record.deployment_id}${authority === 'unauthorised' ? ', unauthorised' : ''}).`, by: deployer?.name ?? record.decided_by, record: start.id, step: 5 },
    ...stages.map(({ act, record: stage }) => ({ at: stage.at, words: stage.act === 'finish' ? 'The deployment is finished, and its smoke tests passed.' : stage.act === 'failed' ? `The deployment failed: ${stage.reason ?? ''}` : `${stage.percent} % have it.`, by: stage.decided_by, record: act.id, step: 5 })),
    ...[...observations, ...(watch?.observations ?? [])].map(({ at, words, record: seen }) => ({ at, words: `Seen: ${words}`, by: null, record: seen, step: 6 })),
    ...(watch?.closed == null ? [] : [{ at: watch.closed.at, words: 'The watch is closed.', by: watch.closed.by, record: watch.closed.record, step: 6 }]),
    ...(documented === null ? [] : [{ at: documented.entry.time, words: 'The deployment is recorded (§11.2).', by: null, record: documented.id, step: 6 }]),
  ]);
}

function rollbackLines({ rolledBack }: EmergencyFacts): StoryLine[] {
  if (rolledBack === null) return [];
  const { start, record, decision, execution, finish } = rolledBack;
  return [
    { at: record.at, words: `A rollback is called for: ${record.reason}`, by: start.by[0]?.name ?? record.decided_by, record: start.id, step: 5 },
    ...(decision === null ? [] : [{ at: decision.record.at, words: `The rollback to ${decision.record.to_version ?? 'the version before'} is decided.`, by: decision.by, record: decision.act.id, step: 5 }]),
    ...(execution === null ? [] : [{ at: execution.record.at, words: 'The rollback is carried out.', by: execution.record.decided_by, record: execution.act.id, step: 5 }]),
    ...(finish === null ? [] : [{ at: finish.record.at, words: 'The rollback is finished, and its smoke tests passed.', by: finish.record.decided_by, record: finish.act.id, step: 5 }]),
  ];
}

function postMortemLine({ postMortem }: EmergencyFacts): StoryLine[] {
  return postMortem === null ? [] : [{ at: postMortem.record.held_at, words: 'The post-mortem is held.', by: postMortem.by.name, record: postMortem.act.id, step: 7 }];
}

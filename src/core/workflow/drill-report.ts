import type { DrillReport } from '../contract/drill-calls.ts';

/** A record of a drill's archive, as far as the report asks. */
export interface DrillRecord {
  readonly id: string;
  readonly seq: number;
  readonly time: string;
  readonly record: Readonly<Record<string, unknown>> & { readonly event_type: string };
  /** Somebody's signature proves it. */
  readonly proven: boolean;
  /** Of an approval by word: it opens what it was asked for. */
  readonly opens: boolean;
}

export interface DrillTold {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly release: string;
  readonly records: readonly DrillRecord[];
}

type TimeId = DrillReport['times'][number]['id'];

/** How long each should take at most, in seconds from the beginning. The policy gives none: these are the drill's own. */
const TARGETS: readonly (readonly [id: TimeId, words: string, within: number])[] = [
  ['declare', 'The emergency was declared', 2 * 60],
  ['first-approval', 'The first of CTO and CISO approved', 25 * 60],
  ['approvals', 'CTO and CISO had both approved', 40 * 60],
  ['deploy', 'The patch was in production, with smoke tests', 60 * 60],
];
const POINTS_EACH = 20;
const POINTS_FOR_ORDER = 20;
const POINTS_LOST = 5;
const DECIDERS = ['cto', 'ciso'] as const;

/** How a drill went, worked out of its own archive alone. */
export function drillReport(told: DrillTold): DrillReport {
  const records = [...told.records].sort((a, b) => a.seq - b.seq);
  const reached = whenReached(records, told.release);
  const times = TARGETS.map(([id, words, within]) => {
    const at = reached[id];
    const seconds = at === null ? null : Math.max(0, Math.round((Date.parse(at.time) - Date.parse(told.startedAt)) / 1000));
    return { id, words, seconds, within, good: seconds !== null && seconds <= within };
  });
  const outOfOrder = disorder(records, reached, told.release);
  const points = [
    ...times.map(({ words, seconds, within, good }) => ({ words: seconds === null ? `${words}: not reached` : `${words} after ${lengthOf(seconds)}`, points: seconds === null ? 0 : good ? POINTS_EACH : Math.floor((POINTS_EACH * within) / seconds), of: POINTS_EACH })),
    { words: reached.deploy === null ? 'Steps in their order: counted once the patch is in production' : outOfOrder.length === 0 ? 'Every step came in its order' : `Steps out of order: ${outOfOrder.length}`, points: reached.deploy === null ? 0 : Math.max(0, POINTS_FOR_ORDER - POINTS_LOST * outOfOrder.length), of: POINTS_FOR_ORDER },
  ];
  const score = points.reduce((sum, one) => sum + one.points, 0);
  const { id, startedAt, endedAt } = told;
  return { id, startedAt, endedAt, times, outOfOrder, score, points, markdown: markdownOf(told, score, points, outOfOrder) };
}

function whenReached(records: readonly DrillRecord[], release: string): Readonly<Record<TimeId, DrillRecord | null>> {
  const first = (wanted: (one: DrillRecord) => boolean): DrillRecord | null => records.find(wanted) ?? null;
  const approved = DECIDERS.map((role) => first((one) => approves(one, role)));
  const [earliest, latest] = [...approved].sort((a, b) => (a?.seq ?? Infinity) - (b?.seq ?? Infinity));
  return {
    'declare': first(({ record, proven }) => record.event_type === 'emergency_patch' && record['act'] === 'declare' && proven),
    'first-approval': earliest ?? null,
    'approvals': approved.includes(null) ? null : (latest ?? null),
    'deploy': first((one) => isProduction(one, release) && one.record['act'] === 'finish' && hasPassed(one.record['smoke'])),
  };
}

/** An approval by word that opens nothing is none, and neither is one that nobody's signature proves. */
function approves({ record, proven, opens }: DrillRecord, role: string): boolean {
  if (record['approver_role'] !== role || !proven) return false;
  return record.event_type === 'approval' || (record.event_type === 'verbal_approval' && (record['decision'] ?? 'approve') === 'approve' && opens);
}

function isProduction({ record }: DrillRecord, release: string): boolean {
  return record.event_type === 'deployment_stage' && record['environment'] === 'production' && record['release_version'] === release;
}

function hasPassed(smoke: unknown): boolean {
  return typeof smoke === 'object' && smoke !== null && 'passed' in smoke && smoke.passed === true;
}

/** What came before something that it stands on (policy §10.2). What was not reached at all is no disorder, but for what a deployment stands on. */
function disorder(records: readonly DrillRecord[], reached: ReturnType<typeof whenReached>, release: string): string[] {
  const act = (name: string, step: string | null = null): number | null => records.find(({ record, proven }) => proven && record.event_type === 'emergency_patch' && record['act'] === name && (step === null || record['step'] === step))?.seq ?? null;
  const asked = records.find(({ record }) => record.event_type === 'verbal_request' && record['act'] === 'statement')?.seq ?? null;
  const started = records.find((one) => isProduction(one, release) && one.record['act'] === 'start')?.seq ?? null;
  const [reviewed, developed, tested, answered, told] = [act('step', 'review'), act('step', 'development-test'), act('step', 'qa-test'), act('roll-back-instead'), act('notify')];
  /** `later` happened, and `earlier` had not. */
  const before = (later: number | null, earlier: number | null): boolean => later !== null && (earlier === null || later < earlier);
  const rules: readonly (readonly [boolean, string])[] = [
    [before(asked, told), 'An approval was asked before anybody was noted as told of the emergency (§10.2, step 1).'],
    [before(tested, developed), 'QA tested the patch before it had been tested in development (§10.2, step 2).'],
    [before(asked, reviewed), 'An approval was asked before the security architect had reviewed the patch (§10.2, step 2).'],
    [before(asked, tested), 'An approval was asked before QA had tested the patch (§10.2, step 3).'],
    [before(started, answered), 'It was deployed before anybody had said whether to roll back instead.'],
    [before(started, reviewed), 'It was deployed before the security architect had reviewed it (§10.2, step 2).'],
    [before(started, tested), 'It was deployed before QA had tested it (§10.2, step 3).'],
    [before(started, reached.approvals?.seq ?? null), 'It was deployed before the CTO and the CISO had both approved it (§10.2, step 4).'],
  ];
  return rules.flatMap(([broken, words]) => (broken ? [words] : []));
}

function lengthOf(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function markdownOf({ id, startedAt, endedAt, release }: DrillTold, score: number, points: DrillReport['points'], outOfOrder: readonly string[]): string {
  return [
    `# Drill ${id}: ${score} of 100`, '',
    `A practice emergency, in a log of its own. Nothing of it is a record of the real archive.`, '',
    `- Begun: ${startedAt}`, `- Ended: ${endedAt ?? 'it runs'}`, `- Practice version: ${release}`, '',
    '| what | points |', '| --- | ---: |', ...points.map((one) => `| ${one.words} | ${one.points} of ${one.of} |`), '',
    '## Steps out of order', '', ...(outOfOrder.length === 0 ? ['None.'] : outOfOrder.map((words) => `- ${words}`)), '',
    `Reached in time each of the four is worth ${POINTS_EACH} points, later a part of them: ${TARGETS.map(([, words, within]) => `${words.charAt(0).toLowerCase()}${words.slice(1)} within ${within / 60} min`).join('; ')}. Each step out of order costs ${POINTS_LOST} of ${POINTS_FOR_ORDER}. The policy sets no such times; they are the drill’s own.`, '',
  ].join('\n');
}

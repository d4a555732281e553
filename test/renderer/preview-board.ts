import type { Output } from '../../src/core/contract/types.ts';
import { commitId, digest, minutesBefore, NOW } from './preview-releases.ts';

export type Board = Output<'deployment.board'>;
export type Deployment = Board['deployments'][number];
export type Rollback = Board['rollbacks'][number];

const OURS = 'countersign.invalid/console-7f3a';
const record = (seq: number): string => `${OURS}#${seq}`;
const LONG = 'The release manager was on a train without a network, and payments had been failing for eleven minutes when it was decided to go on without the second approval; everybody on the call agreed, and it was read back twice word for word.';
const HOSTILE = '<img src=x onerror=alert(1)> ‮evil‬ <b>not markup</b> & "quotes"';

const LINES: Deployment['lines'] = [
  { id: 'deployer', good: true, words: 'Jörg Weiß deploys, by their own signature.', who: null },
  { id: 'standing', good: true, words: 'The release goes on.', who: null },
  { id: 'plan', good: true, words: `Planned by Ana García Núñez (${record(2880)}).`, who: null },
  { id: 'gate', good: true, words: 'The gate was open at 2026-03-02T21:02:11Z (report 9f3c1a2b7d40).', who: null },
  { id: 'approvals', good: true, words: 'Approved by Priya Raghunathan as cto, 王小明 as ciso.', who: null },
  { id: 'not-alone', good: true, words: 'Who deploys is not the only one who approved.', who: null },
  { id: 'window', good: true, words: 'Maintenance window, until 2026-03-03T01:00:00Z.', who: null },
  { id: 'staging', good: true, words: 'The same artifacts were deployed to staging, and smoke and regression tests passed there.', who: null },
  { id: 'artifacts', good: true, words: '3 artifacts are what was signed.', who: null },
  { id: 'configuration', good: true, words: 'The target is configured as the policy says.', who: null },
  { id: 'clock', good: true, words: 'It began at 2026-03-02T21:02:30Z.', who: null },
];
const CLOSED: Readonly<Record<string, readonly [string, string]>> = {
  gate: ['The gate was closed, with authority proved.', 'countersign check says who, line by line'],
  approvals: ['No approval of exactly this release by ciso.', 'ciso: countersign approve'],
  window: ['It is in no maintenance window. The next is Maintenance window, from 2026-03-03T21:00:00Z to 2026-03-04T01:00:00Z.', 'release-manager by planning it anew, or cto or ciso or on-call by declaring an emergency'],
  configuration: ['The target is configured otherwise: DEBUG is True, and should be False; LOG_LEVEL is DEBUG, and should be WARNING.', 'devops, by configuring it'],
};
const UNAUTHORISED = LINES.map((line) => {
  const [words, who] = CLOSED[line.id] ?? [];
  return words === undefined || who === undefined ? line : { id: line.id, good: false, words, who };
});

const ARTIFACTS = ['ghostquant-v1.1.0.tar.gz', 'ghostquant-v1.1.0-py3-none-manylinux_2_28_x86_64.whl', 'ghostquant-v1.1.0-with-a-name-that-goes-on-for-rather-longer-than-any-column-is-wide-on-any-screen.container.tar'].map((name) => ({ name, sha256: digest(name) }));

function deployment(seq: number, more: Partial<Deployment>): Deployment {
  const startedAt = more.startedAt ?? minutesBefore(60);
  return {
    id: `deploy-${startedAt.slice(0, 10).replaceAll('-', '')}-${String(seq % 1000).padStart(3, '0')}`, record: record(seq), release: 'v1.1.0', environment: 'staging', method: 'direct', state: 'finished', percent: 100, startedAt, finishedAt: null, by: 'Jörg Weiß', proven: true, aside: null,
    authority: 'not-needed', lines: [], stages: [], reason: null, commit: commitId('v1.1.0/head'), artifacts: ARTIFACTS, differences: [], smoke: null, regression: null, next: null, finding: null, observations: [], watch: null, documented: null, rolledBack: [], ...more,
  };
}

const stage = (act: string, percent: number, at: string, seq: number, reason: string | null = null): Deployment['stages'][number] => ({ act, percent, at, by: 'Jörg Weiß', reason, record: record(seq) });
const seen = (at: string, status: string, words: string, seq: number): Deployment['observations'][number] => ({ at, status, words, record: record(seq) });
const PASSED = { passed: true, tests: 42, failed: 0 };
const watch = (since: string, left: number, more: Partial<NonNullable<Deployment['watch']>> = {}): NonNullable<Deployment['watch']> => ({
  record: record(2940), since, due: minutesBefore(-left), state: left > 0 ? 'running' : 'due', notes: [], secondsLeft: Math.max(0, left * 60), observations: [], closed: null, ...more,
});

const SEEN = [
  seen(minutesBefore(38), 'ok', 'Errors 0.1 %, p95 212 ms, queue 4 (Sentinel, board "prices")', 2950),
  seen(minutesBefore(22), 'issue', `p95 rose to 640 ms for two minutes while the cache filled. ${LONG}`, 2951),
  seen(minutesBefore(9), 'ok', HOSTILE, 2952),
  seen(minutesBefore(3), 'ok', 'Fehlerquote 0,08 %; 响应时间正常; معدل الخطأ طبيعي', 2953),
];

const STAGING_FAILED = deployment(901, {
  startedAt: minutesBefore(60 * 30), state: 'failed', percent: 0, smoke: { passed: false, tests: 42, failed: 3 }, stages: [stage('failed', 100, minutesBefore(60 * 29), 2902, 'The tests did not pass.')], documented: record(2903), differences: null,
});
const STAGED = deployment(910, {
  startedAt: minutesBefore(60 * 26), finishedAt: minutesBefore(60 * 25), smoke: PASSED, regression: { passed: true, tests: 318, failed: 0 }, stages: [stage('finish', 100, minutesBefore(60 * 25), 2911)], documented: record(2912),
  watch: watch(minutesBefore(60 * 25), -60),
});
const CANARY = deployment(930, {
  startedAt: minutesBefore(42), environment: 'production', method: 'canary', state: 'running', percent: 10, authority: 'authorised', lines: LINES, next: { percent: 50, from: minutesBefore(-18) }, observations: SEEN,
});

const WATCHED = deployment(931, {
  release: 'v0.9.0', startedAt: minutesBefore(60 * 9), environment: 'production', method: 'blue-green', finishedAt: minutesBefore(60 * 8 + 12), authority: 'unauthorised', lines: UNAUTHORISED, reason: LONG, smoke: PASSED,
  differences: ['DEBUG is True, and should be False', 'LOG_LEVEL is DEBUG, and should be WARNING'], stages: [stage('finish', 100, minutesBefore(60 * 8 + 12), 2933)], documented: record(2934),
  watch: watch(minutesBefore(60 * 8 + 12), 60 * 15 + 48, { observations: SEEN, notes: [`${record(2935)} closes it, and nobody who may signed that.`] }),
});

const TRIGGERS: Board['rules']['triggers'] = [
  { id: 'critical-bug', clause: '§9.1', words: 'Critical bug detected (system crash, data corruption)' }, { id: 'vulnerability-exploited', clause: '§9.1', words: 'Security vulnerability exploited (active attack)' },
  { id: 'performance-degradation', clause: '§9.1', words: 'Performance degradation (> 50% slower)' }, { id: 'data-loss', clause: '§9.1', words: 'Data loss detected' }, { id: 'compliance-violation', clause: '§9.1', words: 'Compliance violation detected' },
];

export const PROOF: NonNullable<Rollback['decision']>['proof'] = [
  { id: 'artifacts-here', status: 'good', words: '3 artifacts of v1.0.3 are here, byte for byte as signed.' }, { id: 'artifacts-verify', status: 'good', words: 'Their signatures are good.' },
  { id: 'deployed-before', status: 'good', words: `v1.0.3 was deployed to production at 2026-02-01T21:30:00Z (${record(2011)}).` },
  { id: 'no-migration', status: 'bad', words: 'Migrations lie between, which going back does not undo: db/migrate/20260214_add_venue_weights.rb.' }, { id: 'no-configuration', status: 'unknown', words: 'The repository does not have both versions, so nobody can say what configuration lies between.' },
];

function rollback(more: Partial<Rollback>): Rollback {
  return {
    id: 'rollback-20260302-001', record: record(2960), from: 'v0.9.0', to: null, environment: 'production', state: 'detected', trigger: 'performance-degradation', reason: `Prices take 1.3 s instead of 0.4 s since the deployment. ${HOSTILE}`, detectedAt: minutesBefore(31), finishedAt: null,
    notified: [{ who: 'Sentinel on-call', as: 'incident-team', at: minutesBefore(30), by: 'pager' }, { who: 'Priya Raghunathan', as: 'cto', at: minutesBefore(27), by: 'telephone, +49 30 5550199' }], untold: ['ciso'], decision: null, authority: 'undecided', deployment: WATCHED.record,
    documented: null, watch: null, execution: null, smoke: null, slowerPercent: 212.4, by: 'Наталья Иванова', observations: [], cause: { state: 'open', owner: null, due: null, found: null }, ...more,
  };
}

const DECIDED: Partial<Rollback> = { state: 'decided', to: 'v1.0.3', untold: [], decision: { by: 'Priya Raghunathan', at: minutesBefore(20), reason: 'Customers cannot pay.', record: record(2965), proof: PROOF.map((line) => ({ ...line, status: 'good' as const })) } };
const FINISHED: Partial<Rollback> = {
  ...DECIDED, state: 'finished', authority: 'authorised', finishedAt: minutesBefore(8), documented: record(2970), smoke: PASSED,
  execution: { by: 'Jörg Weiß', proven: true, at: minutesBefore(15), method: 'blue-green', reason: '', record: record(2967) },
  watch: watch(minutesBefore(8), 60 * 23 + 52, { record: record(2969), observations: SEEN.slice(2) }), cause: { state: 'open', owner: 'natalia', due: minutesBefore(-60 * 24 * 5), found: null },
};

const RULES: Board['rules'] = {
  deployers: ['devops', 'devops-lead', 'release-manager'], watchers: ['qa', 'devops', 'on-call'], rollers: ['cto'], hours: 24, canary: [{ percent: 10, minutes: 60 }, { percent: 50, minutes: 60 }, { percent: 100, minutes: 0 }],
  environments: [{ environment: 'development', settings: { DEBUG: 'True', LOG_LEVEL: 'DEBUG' } }, { environment: 'staging', settings: { DEBUG: 'False', LOG_LEVEL: 'INFO' } }, { environment: 'production', settings: { DEBUG: 'False', LOG_LEVEL: 'WARNING' } }],
  triggers: TRIGGERS, slowerPercent: 50, causeDays: 5,
};
const PEOPLE: Board['people'] = [
  { id: 'priya', name: 'Priya Raghunathan', roles: ['cto'], phones: ['+49 30 5550199'] }, { id: 'xiaoming', name: '王小明', roles: ['ciso'], phones: ['+49 30 5550144'] }, { id: 'joerg', name: 'Jörg Weiß', roles: ['devops', 'on-call'], phones: [] },
  { id: 'natalia', name: 'Наталья Иванова', roles: ['senior-developer', 'on-call'], phones: ['+49 171 5550101'] },
];

/** Sixty deployments of a release that was tried again and again. */
function many(): Deployment[] {
  return Array.from({ length: 60 }, (_, index) => deployment(index, {
    release: 'v2.0.0-rc.1', startedAt: minutesBefore(60 * 24 * 52 - index * 60 * 20), environment: ['staging', 'canary-eu', 'production'][index % 3] ?? 'staging', by: index % 7 === 3 ? 'sentinel' : 'Jörg Weiß', proven: index % 7 !== 3, aside: index % 11 === 5 ? 'imported' : null,
    state: index % 4 === 1 ? 'failed' : 'finished', authority: index % 3 === 2 ? (index % 2 === 0 ? 'authorised' : 'unauthorised') : 'not-needed', lines: index % 3 === 2 ? (index % 2 === 0 ? LINES : UNAUTHORISED) : [],
    rolledBack: index === 56 ? [record(2960)] : [], watch: index === 59 ? watch(minutesBefore(60 * 25), -60, { observations: Array.from({ length: 40 }, (_one, at) => seen(minutesBefore(60 * 20 - at * 20), at % 9 === 8 ? 'issue' : 'ok', `Errors ${(at % 7) / 10} %`, 2700 + at)) }) : null,
    finding: index % 6 === 5 ? { by: 'Priya Raghunathan', at: minutesBefore(60 * 24), words: LONG, record: record(2800 + index) } : null,
  }));
}

/** Where a release is deployed, by its version, so that every picture has something to show. */
export function boardOf(release: string): Board {
  const shown = { release, at: NOW, planned: { method: 'canary' as const, previous: 'v1.0.3', rollbackPlan: 'Canary, back to v1.0.3 within five minutes.' }, rules: RULES, people: PEOPLE };
  switch (release) {
    case 'v1.1.0': return { ...shown, deployments: [STAGING_FAILED, STAGED, CANARY], rollbacks: [] };
    case 'v0.9.0': return { ...shown, deployments: [{ ...WATCHED, rolledBack: [record(2960)] }, deployment(940, { release, environment: 'production', record: record(9401) }), deployment(941, { release, environment: 'production', record: record(9411) })], rollbacks: [rollback({}), rollback({ ...DECIDED, id: 'rollback-20260302-002', record: record(2980), deployment: record(9401) }), rollback({ ...FINISHED, id: 'rollback-20260302-003', record: record(2990), deployment: record(9411) })] };
    case 'v2.0.0-rc.1': return { ...shown, planned: null, deployments: many(), rollbacks: [] };
    default: return { ...shown, planned: null, deployments: [], rollbacks: [] };
  }
}

/** What a look at a target comes to: clean for staging, with faults for production. */
export function checkedOf(environment: string): Output<'deployment.check'> {
  const good = ARTIFACTS.map(({ name, sha256 }) => ({ name, found: sha256, signed: sha256, fault: null }));
  if (environment !== 'production') return { environment, method: 'direct', target: good, lines: [], differences: [], faults: [] };
  const [first, second, third] = good;
  const target = [
    ...(first === undefined ? [] : [first]), ...(second === undefined ? [] : [{ ...second, found: digest('other'), fault: `${second.name} on the target is ${digest('other').slice(0, 12)}, and ${second.signed.slice(0, 12)} was signed` }]),
    ...(third === undefined ? [] : [{ ...third, found: null, fault: `${third.name} was signed for this release and is not on the target` }]), { name: HOSTILE, found: digest('hostile'), signed: null, fault: `${HOSTILE} on the target was not signed for this release` },
  ];
  return { environment, method: 'canary', target, lines: UNAUTHORISED, differences: ['DEBUG is True, and should be False', 'LOG_LEVEL is DEBUG, and should be WARNING'], faults: [...target.flatMap(({ fault }) => fault ?? []), ...UNAUTHORISED.flatMap(({ good: isGood, words }) => (isGood ? [] : [words]))] };
}

/** What is owed by the records, of every kind. */
export function owedItems(): Output<'home.owed'>['items'] {
  const route = '#/release/v1.1.0/deployment';
  return [
    { kind: 'root-cause', title: 'v1.0.2: the root cause is overdue', detail: `Наталья Иванова looks for it (rollback-20260224-001): ${LONG}`, due: minutesBefore(60 * 30), route: '#/release/v0.9.0/rollback', roles: [], people: ['natalia'] },
    { kind: 'watch', title: 'v1.0.4: the watch of deploy-20260301-004 is over', detail: 'qa or devops or on-call can close it by their signature.', due: minutesBefore(75), route, roles: ['qa', 'devops', 'on-call'], people: [] },
    { kind: 'deployment', title: 'v1.1.0 is at 10 % in production', detail: 'deploy-20260302-930: the stage of 50 % may begin then.', due: minutesBefore(-18), route, roles: ['devops'], people: ['joerg'] },
    { kind: 'watch', title: 'v1.0.3: rollback-20260302-003 is watched', detail: 'Record what is seen meanwhile. qa or devops or on-call can close it from then on.', due: minutesBefore(-60 * 23), route, roles: ['qa', 'devops', 'on-call'], people: [] },
    { kind: 'rollback', title: 'v0.9.0: rollback-20260302-001 asks for a decision', detail: HOSTILE, due: null, route: '#/release/v0.9.0/rollback', roles: ['cto'], people: [] },
    { kind: 'finding', title: 'v0.9.0 was deployed, unauthorised', detail: 'cto is asked what they find of deploy-20260302-931.', due: null, route, roles: ['cto'], people: [] },
    { kind: 'approval', title: 'v1.2.0 asks cto, ciso to approve', detail: 'Everything else is green. What is approved stands on one page.', due: null, route: '#/release/v1.1.0/approve', roles: ['cto', 'ciso'], people: [] },
    { kind: 'gate-asks', title: 'v1.3.0: only people keep the gate closed', detail: '6 lines ask qa; nothing else is red.', due: null, route: '#/release/v1.1.0/checklist', roles: ['qa'], people: [] },
    { kind: 'plan-disputed', title: 'v2.0.0-rc.1: 2 plans stand beside each other', detail: 'Neither rules until release-manager signs one that replaces them.', due: null, route: '#/release/v2.0.0-rc.1/plan', roles: ['release-manager'], people: [] },
  ];
}

/** Figures over a stretch of time in which much was deployed, or nothing. */
export function metricsOf(rich: boolean, from: string | null, to: string | null): Output<'metrics.read'> {
  const stretch = { from: from ?? minutesBefore(60 * 24 * 90), to: to ?? NOW };
  const days = (Date.parse(stretch.to) - Date.parse(stretch.from)) / 86_400_000;
  const total = rich ? Math.round(days / 2) : 0;
  const shipped = Array.from({ length: total }, (_, index) => {
    const imported = index % 8 === 5;
    return { id: record(1000 + index), release: `v1.${index}.0`, at: `${new Date(Date.parse(stretch.from) + (index + 0.5) * 2 * 86_400_000 + (index % 5) * 7_200_000).toISOString().slice(0, 19)}Z`, leadHours: imported ? null : 12 + ((index * 37) % 90), failed: index % 9 === 4, imported };
  });
  const restored = shipped.filter(({ failed }) => failed).map(({ release, at }, index) => ({ id: record(2000 + index), from: release, at, hours: index === 1 ? null : 0.4 + index * 0.7 }));
  const failed = shipped.filter((one) => one.failed).length;
  return {
    ...stretch, days: Math.round(days), deployments: total, imported: shipped.filter(({ imported }) => imported).length, deploymentFrequency: { perWeek: total === 0 ? 0 : 3.5 }, leadTime: { medianHours: total === 0 ? null : 54.5, counted: total },
    changeFailureRate: { share: total === 0 ? null : failed / total, failed }, timeToRestore: { medianHours: restored.length === 0 ? null : 1.8, counted: restored.length }, shipped, restored,
    emergencies: { declared: total === 0 ? 0 : 3, denied: total === 0 ? 0 : 1, releases: { of: total === 0 ? 0 : 2, all: total, percent: total === 0 ? null : Math.round((2 / total) * 1_000) / 10 } },
  };
}

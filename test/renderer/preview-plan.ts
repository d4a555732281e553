import type { ActView } from '../../src/core/contract/approval-calls.ts';
import type { Handlers } from '../../src/core/contract/serve.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { AppError } from '../../src/core/model/errors.ts';
import type { ReleasePlan } from '../../src/core/model/plan.ts';
import { assessmentOf, commitId, digest, draftOf, minutesBefore, NOW } from './preview-releases.ts';
import type { View } from './preview-views.ts';

const LONG = 'Weigh every venue by its fill ratio over the last hour, over the last day and over the last week, whichever of the three says most about the order at hand, and say in the log which one it was and why it was that one';
const HOSTILE = '<b>not markup</b> \u202Eesrever & <img src=x onerror=alert(1)> — ' + 'x'.repeat(90);
const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';

function planOf(version: string, more: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    release: version, previous: 'v1.0.4', method: 'canary', calendar: CALENDAR,
    scope: { features: ['Weigh venues by fill ratio over the last hour', LONG.slice(0, 200).trim(), 'مسار الأوامر الجديد', HOSTILE.slice(0, 180)], fixes: ['Refuse a price with more decimals than the instrument has', '修复夜间批处理中的时区错误'], security: ['Rotate the webhook secret on every reconnect (CVE-2026-10231)'] },
    timeline: [{ on: '2026-03-03T22:00:00Z', what: 'Staging' }, { on: '2026-03-04T21:00:00Z', what: 'Canary begins, 10 %' }, { on: '2026-03-05T01:00:00Z', what: 'All of production' }],
    rollback_plan: 'Blue-green deployment, instant rollback to v1.0.4 if issues detected.\nThe migration adds a column and can stay.', security_impact: 'Closes CVE-2026-10231: a webhook secret outlived its connection.',
    ...more,
  };
}

const SCHEDULE = { open: false, reason: 'It is in no maintenance window. The next is Maintenance window, from 2026-03-03T21:00:00Z to 2026-03-04T01:00:00Z.', until: null, next: { from: '2026-03-03T21:00:00Z', until: '2026-03-04T01:00:00Z', window: 'Maintenance window' } };

const MAY = { plan: ['release-manager'], end: ['release-manager', 'cto'], withdraw: ['cto', 'ciso', 'release-manager'], leaveOutTypes: ['cto', 'ciso', 'release-manager'] };
const RUNNING = { state: 'running', by: null, at: null, reason: null, record: null, supersededBy: null } as const;

function shownOf(version: string): Output<'release.show'> {
  const { steps } = assessmentOf(draftOf(version));
  const told = (present: number, blocks: { what: string; who: string }[], state: 'current' | 'blocked' = 'current'): Output<'release.show'>['steps'] => steps.map(({ number, title }) => ({
    number, title, state: number === 8 ? 'not-needed' : number < present ? 'done' : number === present ? state : 'ahead',
    by: number < present ? 'Rita Release' : null, since: number <= present ? minutesBefore(3_000 - number * 400) : null, blocks: number === present ? blocks : [],
  }));
  if (version === 'v1.0.5') return { release: version, at: NOW, plan: null, disputed: [], beside: [], standing: RUNNING, may: MAY, unratified: null, deployments: [], steps: told(1, [{ what: 'nothing is planned', who: 'release-manager' }]) };
  if (version === 'v2.0.0-rc.1') {
    const beside = [
      { record: 'countersign.invalid/console-7f3a#2911', by: 'Rita Release', at: minutesBefore(400), digest: digest('one plan'), plan: planOf(version) },
      { record: 'countersign.invalid/ciso-desk#311', by: 'Rolf Release', at: minutesBefore(380), digest: digest('other plan'), plan: planOf(version, { method: 'direct', rollback_plan: 'Deploy v1.0.4 again.', calendar: null, scope: { features: Array.from({ length: 200 }, (_, index) => `Feature ${index + 1}`), fixes: [], security: [] } }) },
    ];
    return {
      release: version, at: NOW, plan: null, disputed: beside.map(({ record }) => record), beside, may: MAY, unratified: null, deployments: [],
      standing: { state: 'suspended', by: 'مريم الحداد', at: minutesBefore(95), reason: `A doubt about the migration of the order book. ${HOSTILE}`, record: 'countersign.invalid/console-7f3a#2950', supersededBy: null },
      steps: told(1, [{ what: 'suspended by مريم الحداد: a doubt about the migration', who: 'release-manager or cto' }, { what: 'plans stand beside each other: countersign.invalid/console-7f3a#2911, countersign.invalid/ciso-desk#311', who: 'release-manager' }], 'blocked'),
    };
  }
  return {
    release: version, at: NOW, disputed: [], beside: [], standing: RUNNING, may: MAY, unratified: null, deployments: [],
    plan: { record: 'countersign.invalid/console-7f3a#2870', by: 'Rita Release', at: minutesBefore(2_880), digest: digest(`plan ${version}`), plan: planOf(version), schedule: SCHEDULE },
    steps: told(2, [{ what: 'sast-scans failed', who: 'whoever builds it' }, { what: 'unit-tests missing', who: 'whoever builds it' }, { what: 'high-risk-reviewed needs-person', who: 'senior-developer or security-architect' }]),
  };
}

function actsOf(version: string): ActView[] {
  if (version === 'v1.0.5') return [];
  const { report, range, artifacts } = assessmentOf(draftOf(version));
  const interval = { from: minutesBefore(200), to: minutesBefore(190) };
  const base = { claimed: minutesBefore(200), interval, rosterVersion: 4, why: `done between ${interval.from} and ${interval.to}, under version 4 of the roster` };
  const decision = (more: Partial<NonNullable<ActView['decision']>> = {}): NonNullable<ActView['decision']> => ({
    decision: 'approve', role: 'ciso', at: minutesBefore(200), commit: range.commit, types: report.types.effective, subjectDigest: report.subjectDigest, planDigest: digest(`plan ${version}`), rosterDigest: report.rosterDigest ?? digest('roster'),
    subject: artifacts.map(({ path, sha256 }) => ({ name: path, sha256 })), securityImpact: null, ...more,
  });
  const approval = (number: number, by: string, name: string | null, more: Partial<ActView> = {}): ActView => ({ ...base, record: `countersign.invalid/ciso-desk#${number}`, event_type: 'approval', by, person: name, roles: ['ciso'], standing: 'counts', about: 'ciso', words: 'It closes the hole, and nothing else changed that matters.', decision: decision(), ...more });
  const attestation = (number: number): ActView => ({ ...base, record: `countersign.invalid/console-7f3a#${number}`, event_type: 'attestation', by: 'quinn', person: 'Quinn Quality', roles: ['qa'], standing: number % 7 === 3 ? 'undetermined' : 'counts', why: number % 7 === 3 ? 'nobody else is known to have seen it before 2026-03-01T00:00:00Z, and version 3 of the roster, which it names, had ended' : base.why, about: ['qa-staging-tested', 'qa-release-notes', 'monitoring-configured'][number % 3] ?? '', words: number % 5 === 0 ? HOSTILE : 'I looked at it on staging.', decision: null });
  return [
    approval(290, 'ines', 'Ines Security', { decision: decision({ securityImpact: 'Closes CVE-2026-10231.' }) }),
    approval(281, 'ines', 'Ines Security', { claimed: minutesBefore(900), words: 'As it was on Monday.', decision: decision({ at: minutesBefore(900), subjectDigest: digest('older'), commit: commitId('older'), planDigest: null, subject: [{ name: artifacts[0]?.path ?? 'a', sha256: digest('older file') }] }) }),
    approval(275, 'cleo', 'Cleo Chief', { about: 'cto', roles: ['cto'], event_type: 'rejection', words: `The migration was never run against a copy of production. ${LONG}`, decision: decision({ decision: 'reject', role: 'cto', at: minutesBefore(120) }) }),
    approval(270, 'eve', null, { standing: 'forged', why: 'no signature over exactly this is good by a key of version 4 of the roster', roles: [], words: HOSTILE }),
    approval(269, 'alan', 'Alan Left', { standing: 'late', why: 'it was done after the life of version 3 of the roster, which it names: version 4 took its place at 2026-02-20T10:00:00Z' }),
    approval(268, 'rita', 'Rita Release', { standing: 'not-permitted', why: 'it is signed with Rita Release’s key for release, which is none for approvals', roles: [] }),
    approval(267, 'mallory', null, { standing: 'unsigned', why: 'nobody signed it', interval: null, rosterVersion: null, roles: [] }),
    ...Array.from({ length: version === 'v2.0.0-rc.1' ? 3_000 : 14 }, (_, index) => attestation(100 + index)),
  ];
}

const KINDS = ['release_plan', 'checklist_run', 'attestation', 'signing', 'approval', 'release_act', 'deployment_stage', 'sbom'] as const;

function timelineOf(version: string): Output<'release.timeline'>['events'] {
  const count = version === 'v1.0.5' ? 0 : version === 'v2.0.0-rc.1' ? 3_000 : 34;
  return Array.from({ length: count }, (_, index): Output<'release.timeline'>['events'][number] => {
    const type = KINDS[index % KINDS.length] ?? 'sbom';
    const signed = type !== 'checklist_run' && type !== 'sbom' && type !== 'signing';
    return {
      at: minutesBefore((count - index) * 61), recorded: minutesBefore((count - index) * 61 - (index % 9 === 4 ? 50 : 0)), record: `countersign.invalid/${index % 3 === 0 ? 'ciso-desk' : 'console-7f3a'}#${2_000 + index}`, type,
      summary: index % 11 === 5 ? `Attestation of qa-staging-tested for ${version} because: ${HOSTILE}` : `${type.replaceAll('_', ' ')} of ${version}`, people: signed && index % 13 !== 6 ? [['Rita Release', 'Quinn Quality', '王小明', 'مريم الحداد'][index % 4] ?? ''] : [],
      person: signed ? (index % 13 === 6 ? 'not-proven' : 'proven') : 'not-needed', aside: index % 17 === 9 ? 'imported' : index % 29 === 20 ? 'forked' : null,
      refs: index % 4 === 3 ? [{ rel: 'replaces', id: 'countersign.invalid/console-7f3a#2001' }, { rel: 'seen', id: 'countersign.invalid/ciso-desk#290' }] : [],
    };
  });
}

/** Stand-ins for the calls of planning, approving and leading a release. */
export function planAnswers(): Pick<Handlers, 'approval.sign' | 'release.act' | 'release.acts' | 'release.plan' | 'release.propose' | 'release.schedule' | 'release.show' | 'release.timeline' | 'release.withdraw' | 'statement.sign'> {
  return {
    'release.withdraw': async () => Promise.reject(new Error('nothing is withdrawn in a preview')),
    'release.acts': async ({ release }) => ({ acts: actsOf(release) }),
    'statement.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'approval.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.propose': async ({ release }) => {
      const plan = planOf(release, { timeline: [], calendar: null, security_impact: '' });
      return { release, previous: 'v1.0.4', scope: plan.scope, others: 12, commits: 38, document: '', plan, notes: `## ${release.replace(/^v/, '')}\n\n### Security\n\n- Rotate the webhook secret on every reconnect (CVE-2026-10231)\n\n### Added\n\n- Weigh venues by fill ratio over the last hour\n- ${LONG}\n` };
    },
    'release.plan': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.schedule': async ({ calendar }) => {
      if ('file' in calendar && calendar.file.includes('floating')) throw new AppError('malformed', 'Event "Maintenance window" has a DTSTART in no time zone.', { hint: 'Give it a time in UTC or with TZID=Area/City, and an end.' });
      return {
        text: CALENDAR, at: NOW, schedule: SCHEDULE, others: 3,
        spans: Array.from({ length: 12 }, (_, index) => ({ kind: index === 4 ? 'freeze' as const : 'window' as const, summary: index === 4 ? `Freeze over the audit ${HOSTILE}` : 'Maintenance window', from: minutesBefore(-(index * 1_440 + 1_400)), until: minutesBefore(-(index * 1_440 + 1_640)) })),
      };
    },
    'release.show': async ({ release }) => shownOf(release),
    'release.act': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.timeline': async ({ release, out }) => ({ release, written: out?.file ?? null, events: timelineOf(release), markdown: `# ${release}: what was done\n` }),
  };
}

/** Their places that have a picture. */
export const PLAN_VIEWS: readonly View[] = [
  { name: 'approve', address: '#/release/v1.1.0/approve', act: (page) => page.waitForTimeout(900) },
  { name: 'approve-form', address: '#/release/v1.1.0/approve', act: async (page) => { await page.getByTestId('sign-decision').scrollIntoViewIfNeeded(); await page.getByTestId('decision-reject').check(); } },
  { name: 'approve-many', address: '#/release/v2.0.0-rc.1/approve', act: (page) => page.waitForTimeout(2_000) },
  { name: 'approve-none', address: '#/release/v1.0.5/approve', act: (page) => page.waitForTimeout(900) },
  { name: 'overview-suspended', address: '#/release/v2.0.0-rc.1/overview', act: async (page) => { await page.getByTestId('act-abandon').click(); await page.getByTestId('leave-out-types').click({ timeout: 2_000 }).catch(() => undefined); } },
  { name: 'told-many', address: '#/release/v2.0.0-rc.1/record', act: (page) => page.waitForTimeout(1_200) },
  { name: 'told-none', address: '#/release/v1.0.5/record', act: (page) => page.waitForTimeout(900) },
  { name: 'told-records', address: '#/release/v1.1.0/record', act: (page) => page.getByTestId('view-records').click() },
  { name: 'plan-tab', address: '#/release/v1.1.0/plan', act: (page) => page.waitForTimeout(900) },
  { name: 'plan-tab-none', address: '#/release/v1.0.5/plan', act: (page) => page.waitForTimeout(900) },
  {
    name: 'plan-edit', address: '#/release/v1.1.0/plan',
    act: async (page) => {
      await page.getByTestId('change-plan').click();
      await page.getByTestId('plan-features-add').click();
      await page.getByTestId('plan-features').scrollIntoViewIfNeeded();
    },
  },
  { name: 'plan-edit-below', address: '#/release/v1.1.0/plan', act: async (page) => { if (!(await page.getByTestId('sign-plan').isVisible())) await page.getByTestId('change-plan').click(); await page.getByTestId('schedule').scrollIntoViewIfNeeded(); await page.getByTestId('plan-rollback').scrollIntoViewIfNeeded(); } },
  { name: 'plan-beside', address: '#/release/v2.0.0-rc.1/plan', act: (page) => page.waitForTimeout(900) },
  { name: 'plan-notes', address: '#/release/v1.0.5/plan', act: async (page) => { await page.getByTestId('draft-notes').click(); await page.getByTestId('notes').scrollIntoViewIfNeeded(); } },
  { name: 'approvals-tab', address: '#/release/v1.1.0/approvals', act: (page) => page.waitForTimeout(900) },
  { name: 'approvals-tab-none', address: '#/release/v1.0.5/approvals', act: (page) => page.waitForTimeout(900) },
  { name: 'approvals-tab-many', address: '#/release/v2.0.0-rc.1/approvals', act: async (page) => { await page.getByTestId('open-withdraw').click(); await page.getByTestId('withdraw').scrollIntoViewIfNeeded(); } },
];

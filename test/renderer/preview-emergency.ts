import type { Page } from 'playwright-core';
import type { EmergencyShown, EmergencyTerms } from '../../src/core/contract/emergency-calls.ts';
import type { Handlers } from '../../src/core/contract/serve.ts';
import { AppError } from '../../src/core/model/errors.ts';
import type { EmergencyCriterion, EmergencySeverity } from '../../src/core/model/records/emergency.ts';
import { callsKept, INSIDE_VIEWS, insideAnswers } from './preview-emergency-detail.ts';
import { minutesBefore, NOW } from './preview-releases.ts';
import { CALL_VIEWS, verbalAnswers } from './preview-verbal.ts';
import type { View } from './preview-views.ts';

const CRITERIA: EmergencyTerms['criteria'] = [
  { id: 'critical-vulnerability', clause: '§10.1', words: 'Critical security vulnerability (CVSS 9.0-10.0)' },
  { id: 'active-exploitation', clause: '§10.1', words: 'Active exploitation (attack in progress)' },
  { id: 'data-breach', clause: '§10.1', words: 'Data breach (customer data compromised)' },
  { id: 'system-outage', clause: '§10.1', words: 'System outage (production down)' },
];
const TERMS: EmergencyTerms = { criteria: CRITERIA, declarers: ['cto', 'ciso', 'on-call', 'qa'], deployers: ['on-call', 'release-manager'], hours: { critical: 24, high: 72, unknown: 24 }, atRiskPercent: 75, scores: { critical: 9, high: 7 } };
const LONG = 'Everybody who knows the number of an order can read it, with the name, the address and the last four digits of the card of whoever placed it, through the export that was added for the auditors and that was never meant to be reached from outside';
const HOSTILE = `<b>not markup</b> \u202Eesrever & <img src=x onerror=alert(1)> — ${'x'.repeat(120)}`;
const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N';

interface Told {
  readonly number: number;
  readonly by?: string | null;
  readonly criterion?: EmergencyCriterion | null;
  readonly reason: string;
  readonly severity?: EmergencySeverity;
  readonly minutesAgo: number;
  readonly saidBy?: string;
  readonly release?: string;
  readonly metMinutesAgo?: number;
  readonly decisions?: EmergencyShown['decisions'];
}

function told({ number, by = 'Olga Operations', criterion = 'critical-vulnerability', reason, severity = 'unknown', minutesAgo, saidBy, release, metMinutesAgo, decisions = [] }: Told): EmergencyShown {
  const from = minutesBefore(minutesAgo);
  const hours = TERMS.hours[severity];
  const due = `${new Date(Date.parse(from) + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
  const met = metMinutesAgo === undefined ? null : minutesBefore(metMinutesAgo);
  const secondsLeft = met !== null ? 0 : Math.max(0, Math.floor((Date.parse(due) - Date.parse(NOW)) / 1_000));
  const state = met !== null ? (Date.parse(met) <= Date.parse(due) ? 'met' : 'breached') : Date.parse(NOW) > Date.parse(due) ? 'breached' : minutesAgo >= hours * 45 ? 'at-risk' : 'running';
  return {
    id: `emergency-20260302-${String(number).padStart(3, '0')}`, record: `countersign.invalid/console-7f3a#${2_900 + number}`, by, declaredBy: by === null ? 'eve' : 'olga', declaredAt: minutesBefore(Math.max(0, minutesAgo - 12)), detectedAt: from, detectedSaidBy: saidBy ?? null,
    criterion: CRITERIA.find(({ id }) => id === criterion) ?? null, reason, severity, decisions, release: release ?? null, namedBy: release === undefined ? null : (by ?? null), mergedInto: null, closed: number === 2 ? { by: 'Olga Operations', at: minutesBefore(60), record: 'countersign.invalid/console-7f3a#2988' } : null, unratified: number === 4 ? { count: 2, due: minutesBefore(70), overdue: true } : null, sla: { from, hours, due, secondsLeft, state, met },
  };
}

function rich(): EmergencyShown[] {
  return [
    told({ number: 1, reason: 'The night batch stopped, and no order is taken.', criterion: 'system-outage', severity: 'critical', minutesAgo: 60 * 24 * 40, release: 'v1.0.4', metMinutesAgo: 60 * 24 * 39 + 300 }),
    told({ number: 2, reason: 'A copied key opened the warehouse.', criterion: 'data-breach', severity: 'critical', minutesAgo: 60 * 24 * 30, release: 'v1.0.3', metMinutesAgo: 60 * 24 * 29 - 200 }),
    told({ number: 3, by: null, criterion: null, reason: HOSTILE, minutesAgo: 90 }),
    told({
      number: 4, reason: LONG, severity: 'critical', minutesAgo: 60 * 18 + 42, saidBy: 'The bank’s incident desk, on the telephone', release: 'v1.1.0',
      decisions: [
        { record: 'countersign.invalid/console-7f3a#2911', by: 'Olga Operations', at: minutesBefore(900), severity: 'high', reason: 'The export needs a session.', vector: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N' },
        { record: 'countersign.invalid/ciso-desk#320', by: '王小明', at: minutesBefore(700), severity: 'critical', reason: `It does not: any session will do, and one is given to everybody.\n${HOSTILE}`, vector: VECTOR },
      ],
    }),
    told({ number: 5, reason: 'شخص ما يقرأ الطلبات الآن', criterion: 'active-exploitation', minutesAgo: 25, by: '王小明' }),
  ];
}

type Owned = Extract<keyof Handlers, `emergency.${string}` | `verbal.${string}`>;

/** Stand-ins for the calls of an emergency. */
export function emergencyAnswers(scenario: 'rich' | 'first' | 'broken'): Pick<Handlers, Owned> {
  const all = scenario === 'rich' ? rich() : [];
  const one = (record: string): EmergencyShown => {
    const found = all.find((emergency) => emergency.record === record);
    if (found === undefined) throw new AppError('not-found', `No emergency is called ${record}.`, { hint: 'countersign emergency status shows them with their records.' });
    return found;
  };
  const put = (next: EmergencyShown): EmergencyShown => {
    const at = all.findIndex(({ record }) => record === next.record);
    all.splice(at < 0 ? all.length : at, 1, next);
    return next;
  };
  const kept = callsKept();
  return {
    ...verbalAnswers(kept),
    ...insideAnswers(one, kept),
    'emergency.declare': async ({ criterion, reason, severity, detectedSaidBy, release }) => put(told({ number: all.length + 1, reason, criterion, severity: severity ?? 'unknown', minutesAgo: 0, ...(detectedSaidBy === null ? {} : { saidBy: detectedSaidBy }), ...(release === null ? {} : { release }) })),
    'emergency.severity': async ({ emergency, severity, vector, reason }) => {
      const before = one(emergency);
      const decided = severity ?? 'critical';
      return put({ ...before, severity: decided, decisions: [...before.decisions, { record: 'countersign.invalid/console-7f3a#2999', by: 'Quinn Quality', at: NOW, severity: decided, reason, vector }] });
    },
    'emergency.release': async ({ emergency, release }) => put({ ...one(emergency), release }),
    'emergency.status': async ({ emergency }) => {
      if (scenario === 'broken') throw new AppError('storage-failed', 'The archive cannot be opened: the disk is full.', { hint: 'Free some space in the data folder, then try again.', details: { path: '/root/.countersign/archive.db' } });
      return { at: NOW, emergencies: emergency === null ? all : [one(emergency)], terms: TERMS };
    },
  };
}

const AT = (number: number): string => `#/emergency?of=${encodeURIComponent(`countersign.invalid/console-7f3a#${2_900 + number}`)}`;
const calculate = async (page: Page): Promise<void> => {
  await page.getByTestId('open-calculator').click();
  for (const [metric, code] of [['AV', 'N'], ['AC', 'L'], ['PR', 'N'], ['UI', 'N'], ['S', 'U'], ['C', 'H'], ['I', 'H'], ['A', 'N']]) await page.getByTestId(`metric-${metric ?? ''}`).locator(`input[value="${code ?? ''}"]`).check();
  await page.waitForTimeout(400);
};

/** Their places that have a picture. */
export const EMERGENCY_VIEWS: readonly View[] = [
  ...INSIDE_VIEWS,
  ...CALL_VIEWS,
  { name: 'emergency', address: '#/emergency' },
  { name: 'emergency-unknown', address: AT(5) },
  { name: 'emergency-nothing', address: AT(3) },
  { name: 'emergency-met', address: AT(1) },
  { name: 'emergency-late', address: AT(2) },
  { name: 'emergency-nowhere', address: '#/emergency?of=countersign.invalid%2Fnowhere%231' },
  { name: 'emergency-calculator', address: AT(5), act: async (page) => {
    if ((await page.getByTestId('open-calculator').count()) === 0) return;
    await calculate(page);
    await page.getByTestId('severity-reason').fill('Anybody can read every order, and change it.');
    await page.getByTestId('vector').scrollIntoViewIfNeeded();
  } },
  { name: 'emergency-vector-wrong', address: AT(5), act: async (page) => {
    if ((await page.getByTestId('vector').count()) === 0) return;
    await page.getByTestId('vector').fill('CVSS:3.1/AV:N/AC:Q/PR:N/UI:N/S:U/C:H/I:H/A:N');
    await page.getByTestId('vector-wrong').waitFor();
    await page.getByTestId('vector').scrollIntoViewIfNeeded();
  } },
  { name: 'emergency-declare', address: '#/emergency?act=declare' },
  { name: 'emergency-declare-filled', address: '#/emergency?act=declare', act: async (page) => {
    if ((await page.getByTestId('declare').count()) === 0) return;
    await page.getByTestId('criteria').getByRole('radio').nth(1).check();
    await page.getByTestId('declare-reason').fill(LONG);
    await page.getByRole('radio', { name: 'Earlier', exact: true }).check();
    await page.getByTestId('declare-time').fill('2026-03-02 20:10');
    await page.getByTestId('declare-more').click();
    await page.getByTestId('vector').fill(VECTOR);
    await page.getByTestId('declare-release').fill('v1.1.1');
    await page.waitForTimeout(400);
    await page.getByTestId('declare-send').scrollIntoViewIfNeeded();
  } },
  { name: 'emergency-band-in-room', address: '#/release/v1.1.0/sign', act: (page) => page.waitForTimeout(800) },
  { name: 'emergency-band-on-home', address: '#/home' },
];

import type { Handlers } from '../../src/core/contract/serve.ts';
import type { DrillReport, DrillShown } from '../../src/core/contract/drill-calls.ts';
import { pgpWords } from '../../src/core/model/pgp-words.ts';
import type { DrillCalls } from '../../src/core/service/drill-handlers.ts';
import { PRACTICE_PEOPLE, PRACTICE_SCENARIO, PRACTICE_VERSION } from '../../src/core/workflow/practice-release.ts';
import { drillReport } from '../../src/core/workflow/drill-report.ts';
import type { Scenario } from './preview-bridge.ts';
import { digest, minutesBefore } from './preview-releases.ts';
import type { View } from './preview-views.ts';

const HOME = '/root/.countersign/drills/drill-20260301-131800';
const { you, cast } = PRACTICE_PEOPLE;

const RUNNING: DrillShown = {
  id: 'drill-20260301-131800', home: HOME, startedAt: minutesBefore(14), endedAt: null, scenario: PRACTICE_SCENARIO, release: { version: PRACTICE_VERSION, repo: `${HOME}/practice/harbour.git`, outputs: `${HOME}/practice/outputs`, target: `${HOME}/practice/target`, smoke: `${HOME}/practice/smoke.xml` },
  you: { id: you.id, name: you.name, key: `${HOME}/keys/you.asc`, passphrase: 'practice only', roles: [...you.roles] },
  cast: cast.map(({ id, name, roles, phones }) => ({ id, name, role: roles[0], phone: phones[0], key: `${HOME}/keys/${id}.asc`, passphrase: 'practice only', codes: ['c01', 'c02', 'c03'].map((code) => ({ id: code, words: pgpWords(digest(`${id} ${code}`)).slice(0, 6) })) })),
};

const at = (seconds: number): string => new Date(Date.parse(RUNNING.startedAt) + seconds * 1000).toISOString();
const REPORT: DrillReport = drillReport({
  id: RUNNING.id, startedAt: RUNNING.startedAt, endedAt: at(2_900), release: PRACTICE_VERSION,
  records: [
    { id: 'a#1', seq: 1, time: at(74), record: { event_type: 'emergency_patch', act: 'declare' }, proven: true, opens: false },
    { id: 'a#2', seq: 2, time: at(400), record: { event_type: 'verbal_request', act: 'statement' }, proven: true, opens: false },
    { id: 'a#3', seq: 3, time: at(700), record: { event_type: 'verbal_approval', approver_role: 'cto' }, proven: true, opens: true },
    { id: 'a#4', seq: 4, time: at(2_800), record: { event_type: 'verbal_approval', approver_role: 'ciso' }, proven: true, opens: true },
  ],
});

/** A drill that runs only once it was begun, so that every other picture is of the console's own archive. */
export function drillAnswers(_scenario: Scenario): Pick<Handlers, DrillCalls> {
  let running: DrillShown | null = null;
  return {
    'drill.begin': async (_input, { progress }) => {
      progress({ label: 'Preparing the drill', item: 'Making practice keys', done: 0, total: 4, unit: 'steps' });
      running = RUNNING;
      return RUNNING;
    },
    'drill.status': async () => ({ running, past: [{ id: 'drill-20260201-090000', startedAt: '2026-02-01T09:00:00Z', endedAt: '2026-02-01T09:48:10Z', score: 85 }] }),
    'drill.report': async () => REPORT,
    'drill.end': async () => {
      running = null;
      return REPORT;
    },
  };
}

const begun = async (page: Parameters<NonNullable<View['act']>>[0]): Promise<void> => {
  if ((await page.getByTestId('begin-drill').count()) > 0) await page.getByTestId('begin-drill').click();
  await page.getByTestId('drill-band').waitFor();
};

/** The last of all: from the third on a drill runs. */
export const DRILL_VIEWS: readonly View[] = [
  { name: 'drill', address: '#/drill' },
  { name: 'drill-report', address: `#/drill?of=${RUNNING.id}` },
  { name: 'drill-running', address: '#/drill', act: begun },
  {
    name: 'drill-panel', address: '#/drill',
    act: async (page) => {
      await begun(page);
      await page.evaluate(() => (window.location.hash = '#/emergency?act=declare'));
      await page.getByTestId('open-drill-panel').click();
    },
  },
];

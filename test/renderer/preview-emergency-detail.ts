import type { EmergencyDetail, EmergencyItem, EmergencyShown } from '../../src/core/contract/emergency-calls.ts';
import type { Handlers } from '../../src/core/contract/serve.ts';
import { AppError } from '../../src/core/model/errors.ts';
import { minutesBefore, NOW } from './preview-releases.ts';
import { requestOf, VERBAL, type Calls } from './preview-verbal.ts';
import type { View } from './preview-views.ts';

const OURS = 'countersign.invalid/console-7f3a';
const LONG = 'The reviewer had the change on two screens, compared it with the export that was added for the auditors, ran the three tests that touch it and read the diff aloud to the developer; nothing of it is left out.';
const HOSTILE = `<i>none</i> \u202Eesrever & ${'y'.repeat(140)}`;

const item = (id: string, words: string, more: Partial<EmergencyItem> = {}): EmergencyItem => ({ id, words, source: '§10.2', state: 'open', by: null, at: null, record: null, note: '', begun: null, roles: [], ...more });
const done = (by: string, minutes: number, note = ''): Partial<EmergencyItem> => ({ state: 'done', by, at: minutesBefore(minutes), record: `${OURS}#${2_900 + (minutes % 97)}`, note });

/** The seven steps as far as one of them; what comes before it is done but for what `bad` says. */
function stepsOf(current: number, minutes: number, full: boolean): EmergencyDetail['steps'] {
  const was = (step: number, more: Partial<EmergencyItem>): Partial<EmergencyItem> => (step < current ? more : {});
  const items: readonly (readonly EmergencyItem[])[] = [
    [
      item('declared', 'Declared by somebody who may', done('Olga Operations', minutes)), item('cto-told', 'CTO told', current > 1 ? done('Olga Operations', minutes - 9, 'Grace Hopper, by +49 30 901820 11.') : { roles: ['cto', 'ciso', 'on-call'] }),
      item('ciso-told', 'CISO told', current > 1 ? done('Olga Operations', minutes - 14) : { roles: ['cto', 'ciso', 'on-call', 'qa'] }), item('roll-back', 'Roll back instead?', current > 1 ? { ...done('Olga Operations', minutes - 20, 'No: it is patched.'), source: '§9.1' } : { source: '§9.1', roles: ['qa'] }),
      item('affected', 'Which versions are affected', { source: 'house', roles: ['qa'], state: current > 1 ? 'owed' : 'open' }),
    ],
    [
      item('version', 'The version that mends it is named', { source: 'house', roles: ['qa'], ...was(2, done('Olga Operations', minutes - 60, 'v1.1.0, 3f9a2c71b0e4')) }), item('review', 'Reviewed by the security architect', { roles: ['security-architect'], ...was(2, { ...done('Sven Architect', minutes - 140, full ? LONG : ''), }) }),
      item('development-test', 'Tested in development', { roles: ['qa', 'on-call'], ...was(2, done('Dana Developer', minutes - 150)) }),
      item('unrelated', 'Nothing unrelated in it', { source: 'house', roles: ['security-architect'], ...(current > 2 && full ? { state: 'bad', note: `No trailer "Emergency: ID" and no word of the review ties 9ab1c02d44e1, 77aa10b2c3d4 to it. ${HOSTILE}` } : {}) }),
    ],
    [
      item('qa-test', 'Tested by QA, expedited (1-2 h)', { roles: ['qa'], ...was(3, done('Quinn Quality', minutes - 300, 'It took more than 2 h.')) }), item('sast-scans', 'SAST run', was(3, done('', minutes - 310))), item('dast-scans', 'DAST run', was(3, done('', minutes - 310))),
      item('regression-tests', 'Regression tests of the critical paths', { note: 'No checklist of this commit was run yet.', ...was(3, { ...done('', minutes - 311), note: '' }) }),
    ],
    [
      item('cto-approval', 'CTO approves', { roles: ['cto'], ...was(4, done('Grace Hopper', minutes - 360)), ...(current === 4 && full ? done('Grace Hopper', 70, 'By word: their voice code is right, and the words were read back.') : {}) }),
      item('ciso-approval', 'CISO approves', { roles: ['ciso'], note: current === 4 && full ? 'It is the taker’s word alone.' : '', ...was(4, done('王小明', minutes - 365)) }),
    ],
    [item('deployed', 'Deployed outside the maintenance window', { roles: ['on-call', 'release-manager'], ...was(5, done('Olga Operations', minutes - 420)) }), item('smoke', 'Smoke tests passed', { roles: ['on-call'], ...was(5, done('Olga Operations', minutes - 430, '14 tests')) })],
    [item('production-verified', 'QA verified it in production', { roles: ['qa'], ...was(6, done('Quinn Quality', minutes - 500)) }), item('watch', 'Watched for 24 hours', { source: '§2', roles: ['qa'], ...was(6, done('Quinn Quality', minutes - 2_000)) }), item('documented', 'Recorded as policy §11.1 asks', was(6, done('', minutes - 2_001)))],
    [item('post-mortem', 'Post-mortem held and recorded', { roles: ['qa'], ...was(7, done('Olga Operations', minutes - 2_600)) }), item('actions', 'Its actions are done', { note: current > 7 ? '1 of 3 are closed.' : '', state: 'open' })],
  ];
  const titles = ['Emergency declared', 'Patch development', 'Expedited testing', 'Emergency approval', 'Emergency deployment', 'Post-deployment verification', 'Post-mortem'];
  return items.map((list, index) => ({ number: index + 1, title: titles[index] ?? '', source: '§10.2', items: [...list], state: list.every(({ state }) => state === 'done') ? 'done' : index + 1 === current || (current > 7 && index === 6) ? 'current' : index + 1 < current ? 'owed' : 'ahead' }));
}

const PEOPLE: EmergencyDetail['people'] = [
  { id: 'grace', name: 'Grace Hopper', roles: ['cto'], phones: ['+49 30 901820 11', '+49 171 555 0199', 'Room 4.12'], codesLeft: 8, asked: ['cto'] },
  { id: 'xiaoming', name: '王小明', roles: ['ciso'], phones: ['+86 10 5555 0142'], codesLeft: 1, asked: ['ciso'] },
  { id: 'ines', name: 'Ines Security', roles: ['security-architect', 'ciso'], phones: [], codesLeft: 0, asked: ['ciso'] },
  { id: 'olga', name: 'Olga Operations', roles: ['on-call', 'devops'], phones: ['+49 30 901820 44'], codesLeft: 3, asked: [] },
];

/** One emergency whole: of the newest nothing is done, of the fourth nearly everything went as it does at night, of the second all is over. */
export function detailOf(emergency: EmergencyShown, kept: Calls): EmergencyDetail {
  const number = Number(emergency.record.slice(-1));
  const minutes = Math.round((Date.parse(NOW) - Date.parse(emergency.sla.from)) / 60_000);
  const rich = number === 4;
  const over = number === 1 || number === 2;
  const steps = stepsOf(rich ? 4 : over ? 8 : 1, minutes, rich);
  const clock = (id: string, words: string, source: string, from: number | null, hours: number, state: EmergencyDetail['clocks'][number]['state'], met: number | null, more: Partial<EmergencyDetail['clocks'][number]> = {}): EmergencyDetail['clocks'][number] => ({
    id, words, source, from: from === null ? null : minutesBefore(from), due: from === null ? null : minutesBefore(from - hours * 60), state, secondsLeft: 0, met: met === null ? null : minutesBefore(met), roles: ['qa'], reason: null, ...more,
  });
  return {
    at: NOW, emergency, steps,
    clocks: [
      { ...clock('sla', 'The patch is deployed', '§10.3', minutes, emergency.sla.hours, emergency.sla.state, null), met: emergency.sla.met, reason: number === 2 ? { by: 'Olga Operations', at: minutesBefore(40_000), words: 'The build machine had no power, and nobody could reach it before the morning.' } : null },
      ...(rich ? [clock('notice-regulator', `The data protection authority is told. ${HOSTILE}`, 'house', minutes, 72, 'running', null)] : []),
      clock('expedited-test', 'QA tests the patch, expedited', '§10.2', rich ? minutes - 180 : null, 2, rich ? 'breached' : 'not-begun', rich ? minutes - 320 : null),
      ...(rich ? [clock('ratification-1', 'Grace Hopper ratifies what they approved by word', 'house', 60 * 25, 24, 'breached', null), clock('witness-1', 'Quinn Quality signs that they heard 王小明', 'house', 60 * 14, 24, 'running', null), clock('watch', 'What was deployed is watched for 24 hours', '§2', 60 * 25, 24, 'at-risk', null)] : []),
      clock('post-mortem', 'The post-mortem is held', '§10.2', over ? minutes - 500 : null, 48, over ? 'met' : 'not-begun', over ? minutes - 2_600 : null),
    ],
    people: PEOPLE, requests: rich ? kept.requests : [], verbal: rich ? kept.verbal : [],
    attempts: rich ? Array.from({ length: 2 + kept.attempts }, (_, index): EmergencyDetail['attempts'][number] => ({ record: `${OURS}#${2_950 + index}`, approver: 'grace', role: 'cto', called: index % 2 === 0 ? '+49 30 901820 11' : '+49 171 555 0199', at: minutesBefore(90 - index * 6), outcome: index % 2 === 0 ? 'no-answer' : 'voicemail', words: index % 2 === 0 ? 'No answer, at +49 30 901820 11.' : LONG, by: 'Quinn Quality' })) : [],
    owed: rich ? [
      { id: 'ratification-1', words: 'Grace Hopper ratifies what they approved by word', due: minutesBefore(70), overdue: true, roles: [], people: ['grace'] },
      { id: 'breach-expedited-test', words: 'Why it was late: QA tests the patch, expedited.', due: null, overdue: false, roles: ['cto', 'ciso', 'on-call'], people: [] },
      { id: 'witness-1', words: 'Quinn Quality signs that they heard 王小明', due: minutesBefore(-600), overdue: false, roles: [], people: ['quinn'] },
      { id: 'notice-regulator', words: `The data protection authority is told. ${HOSTILE}`, due: minutesBefore(minutes - 72 * 60), overdue: false, roles: ['ciso'], people: [] },
      ...['Documentation is updated', 'Performance tests passed', 'The SBOM is whole'].map((words, index) => ({ id: `skipped-${index}`, words: `Left out of the checklist: ${words}`, due: null, overdue: false, roles: ['qa'], people: [] })),
    ] : [],
    deviations: rich ? [{ record: `${OURS}#2960`, deviation: 'unsigned', role: null, by: 'Olga Operations', at: minutesBefore(200), reason: 'The card is with the release manager, who sleeps.' }] : [],
    skipped: rich ? [{ line: 'documentation', words: 'Documentation is updated', state: 'owed', run: null }, { line: 'performance', words: 'Performance tests passed (no regression of more than 10%)', state: 'closed', run: `${OURS}#2970` }] : [],
    notified: rich ? [{ who: 'Grace Hopper', as: 'cto', at: minutesBefore(minutes - 9), by: '+49 30 901820 11' }, { who: HOSTILE, as: 'other', at: minutesBefore(minutes - 12), by: 'the on-call channel' }] : [], affected: rich ? ['v1.0.3', 'v1.0.4'] : [],
    rollBack: rich || over ? { answer: 'patch', by: 'Olga Operations', at: minutesBefore(minutes - 20), reason: 'The version before has the same hole.' } : null,
    handOvers: rich ? [{ record: `${OURS}#2966`, from: 'Olga Operations', at: minutesBefore(45), handOver: { to: 'ines', known: LONG, running: 'The deployment to 10 %.', owed: 'Ratification by the CTO.' }, accepted: null }] : [],
    postMortem: over ? {
      record: `${OURS}#2975`, at: minutesBefore(1_400), by: 'Olga Operations', rootCause: LONG, lessons: 'An export is reviewed like an interface.', contributing: ['Nobody owned the export.', HOSTILE],
      actions: [{ number: 1, what: 'Review every export', who: 'Ines Security', until: minutesBefore(-60 * 24 * 9), state: 'open', closedBy: null, words: null }, { number: 2, what: LONG, who: 'olga', until: minutesBefore(60 * 24 * 2), state: 'overdue', closedBy: null, words: null }, { number: 3, what: 'Take the export off', who: 'dana', until: minutesBefore(900), state: 'closed', closedBy: 'Dana Developer', words: 'It is gone from every version that runs.' }],
    } : null,
    story: steps.flatMap(({ number: step, items }) => items.flatMap(({ state, at, by, words, record, note }) => (state === 'done' && at !== null && record !== null ? [{ at, by: by === '' ? null : by, words: `${words}${note === '' ? '' : `. ${note}`}`, record, step }] : []))).sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    merged: rich ? ['countersign.invalid/ciso-desk#318'] : [],
    notes: rich ? ['The clock of this console was set back by 1 h 2 min.'] : [],
    handOverDraft: { known: `${emergency.reason.slice(0, 200)}\nSeverity: ${emergency.severity}.`, running: 'Step 4, emergency approval.', owed: 'Ratification by the CTO until 2026-03-02 20:34 UTC.' },
  };
}

export function callsKept(): Calls {
  return { requests: [requestOf(2_927, 'grace', 'cto'), requestOf(2_929, 'ines', 'ciso', { triesLeft: 0, failed: 3 })], verbal: [...VERBAL], attempts: 0 };
}

/** Stand-ins for what is done inside an emergency. */
export function insideAnswers(one: (record: string) => EmergencyShown, kept: Calls): Pick<Handlers, 'emergency.detail' | 'emergency.act' | 'emergency.draftPostMortem' | 'emergency.recordPostMortem'> {
  return {
    'emergency.detail': async ({ emergency }) => detailOf(one(emergency), kept),
    'emergency.act': async ({ emergency, done: said, reason }) => {
      if (said.kind === 'close') throw new AppError('not-permitted', 'It is not closed: 7 things are owed.', { hint: 'They stand under "What is owed".' });
      const before = detailOf(one(emergency), kept);
      return said.kind === 'roll-back-instead' ? { ...before, rollBack: { answer: said.answer, by: 'Quinn Quality', at: NOW, reason } } : before;
    },
    'emergency.draftPostMortem': async ({ emergency, out, written }) => ({ path: out, markdown: written ?? `# Post-mortem of ${one(emergency).id}\n\n## What happened\n\n- 2026-03-02 03:02 UTC: detected\n- 2026-03-02 03:14 UTC: declared by Olga Operations\n\n## Root cause\n\n\n## Contributing factors\n\n- \n\n## Lessons\n\n\n## Actions\n\n- [ ] what — who — until 2026-03-31\n` }),
    'emergency.recordPostMortem': async () => { throw new AppError('bad-input', 'Line 10: the root cause is empty.', { hint: 'Write it below its heading.', details: { line: 10 } }); },
  };
}

const AT = (number: number, part: string): string => `#/emergency?of=${encodeURIComponent(`${OURS}#${2_900 + number}`)}&part=${part}`;

/** The parts of an emergency that have a picture. */
export const INSIDE_VIEWS: readonly View[] = [
  { name: 'inside-steps', address: AT(4, 'steps'), act: async (page) => page.getByTestId('steps').scrollIntoViewIfNeeded() },
  { name: 'inside-step-form', address: AT(5, 'steps'), act: async (page) => {
    await page.getByTestId('item-cto-told').getByTestId('do-item').click();
    await page.getByTestId('item-cto-told').scrollIntoViewIfNeeded();
  } },
  { name: 'inside-roll-back', address: AT(5, 'steps'), act: async (page) => page.getByTestId('roll-back').first().scrollIntoViewIfNeeded() },
  { name: 'inside-calls', address: AT(4, 'calls'), act: async (page) => page.getByTestId('people').scrollIntoViewIfNeeded() },
  { name: 'inside-calls-said', address: AT(4, 'calls'), act: async (page) => page.getByTestId('verbal').nth(2).scrollIntoViewIfNeeded() },
  { name: 'inside-clocks', address: AT(4, 'clocks'), act: async (page) => {
    await page.getByTestId('reason-expedited-test').click();
    await page.getByTestId('clocks').scrollIntoViewIfNeeded();
  } },
  { name: 'inside-burn', address: AT(4, 'clocks'), act: async (page) => page.getByTestId('burn-picture').scrollIntoViewIfNeeded() },
  { name: 'inside-burn-over', address: AT(2, 'clocks'), act: async (page) => page.getByTestId('burn-picture').scrollIntoViewIfNeeded() },
  { name: 'inside-shift', address: AT(4, 'shift'), act: async (page) => {
    await page.getByTestId('shift-hand-over').click();
    await page.getByTestId('shift-hand-over').scrollIntoViewIfNeeded();
  } },
  { name: 'inside-shift-lists', address: AT(4, 'shift'), act: async (page) => page.getByTestId('notified').scrollIntoViewIfNeeded() },
  { name: 'inside-close', address: AT(4, 'shift'), act: async (page) => {
    await page.getByTestId('shift-close').click();
    await page.getByTestId('act-words').fill('It is mended.');
    await page.getByTestId('act-passphrase').fill('x');
    await page.getByTestId('act-close-form-send').click();
    await page.getByTestId('error').scrollIntoViewIfNeeded();
  } },
  { name: 'inside-story', address: AT(2, 'story'), act: async (page) => page.getByTestId('post-mortem').scrollIntoViewIfNeeded() },
  { name: 'inside-post-mortem', address: `#/emergency?of=${encodeURIComponent(`${OURS}#2904`)}&act=post-mortem` },
  { name: 'inside-post-mortem-wrong', address: `#/emergency?of=${encodeURIComponent(`${OURS}#2904`)}&act=post-mortem`, act: async (page) => {
    await page.getByTestId('act-passphrase').fill('x');
    await page.getByTestId('record-post-mortem').click();
    await page.getByTestId('to-line').click();
  } },
  { name: 'inside-unratified', address: '#/release/v1.1.0/deployment' },
  { name: 'inside-unratified-list', address: '#/releases' },
];

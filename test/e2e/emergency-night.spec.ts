import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { EmergencyDone } from '../../src/core/contract/emergency-calls.ts';
import { NightRelease } from '../support/night-release.ts';
import { PASSPHRASE } from '../support/seated-release.ts';
import { expect, expectSound, keepPicture, test, type Console } from './console.ts';
import { takeSeat } from './seat.ts';
import { takeCall, type Call } from './take-call.ts';

const V = 'v1.1.0';
const E = 'emergency-20260214-001';
/** In the night of the 15th of February 2026 the clocks of Casablanca go back by an hour; a deadline is a length of time and does not. */
const ZONE = 'Africa/Casablanca';

let night: NightRelease;
let window_: Console;
let of: string;
const zone = process.env['TZ'];

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browserName }, info) => {
  if (info.project.name === 'electron' || browserName === undefined) return;
  process.env['TZ'] = ZONE;
  night = new NightRelease();
  await night.prepareNight();
  night.time = '2026-02-14T23:40:00Z';
  window_ = await night.restart('#/emergency?act=declare');
  page().setDefaultTimeout(20_000);
  await takeSeat(window_.page, 'otto', PASSPHRASE);
});
test.afterAll(async () => {
  await window_?.close();
  await night?.close();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});
test.beforeEach(({ shell }) => test.skip(shell === 'electron', 'This opens the other shell, over a console whose clock the test moves.'));

const page = (): Page => window_.page;
const at = (id: string): ReturnType<Page['getByTestId']> => page().getByTestId(id);

/** Another place, read anew as it is at this time. */
async function go(route: string): Promise<void> {
  await page().goto(`${new URL(page().url()).origin}/${route}`);
  await page().reload();
}
const emergency = (part?: string): string => `#/emergency?of=${encodeURIComponent(of)}${part === undefined ? '' : `&part=${part}`}`;

/** Whoever sits there gives the seat up for somebody else. */
async function sits(id: string): Promise<void> {
  await night.now.call('seat.leave', {});
  await page().reload();
  await takeSeat(page(), id, PASSPHRASE);
  await expect(at('seat')).toContainText(id);
}

/** Fills in and signs the act that stands open. */
async function sign(form: string): Promise<void> {
  const act = at(`act-${form}-form`);
  await act.getByTestId('act-passphrase').fill(PASSPHRASE);
  await act.getByTestId(`act-${form}-form-send`).click();
  await expect(act).toBeHidden();
}

/** What the others do on consoles of their own. */
async function elsewhere(key: string, reason: string, done: EmergencyDone): Promise<void> {
  await night.now.call('emergency.act', { emergency: E, key, ...(key.length === 40 && Object.values(night.keys_).includes(key) ? { passphrase: PASSPHRASE } : {}), reason, done, task: undefined });
}
const step = (which: 'review' | 'development-test' | 'qa-test-begun' | 'qa-test' | 'production-verified'): EmergencyDone => ({ kind: 'step', step: which, commit: null, repo: night.repository.path, files: [] });

/** One call from its beginning to what it came to. */
async function call(one: Call): Promise<void> {
  await go(`#/emergency?of=${encodeURIComponent(of)}&act=call&who=${one.who}&role=${one.role}`);
  await takeCall(page(), one, (time) => {
    night.time = time;
  });
}

test('it is declared with a detection before midnight, and not rolled back', async () => {
  await page().keyboard.press('2');
  await at('declare-reason').fill('Somebody reads every order.');
  await at('declare-when').getByLabel('Earlier').check();
  await at('declare-time').fill('2026-02-14 23:30');
  await at('declare').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('declare-send').click();
  await expect(at('emergency')).toContainText('Active exploitation (attack in progress)');
  of = (await night.now.call('emergency.status', { emergency: null })).emergencies[0]?.record ?? '';
  // 23 hours of wall clock later in Casablanca, 24 hours later all the same.
  await expect(at('due').first()).toContainText('2026-02-15 23:30 UTC');
  const rollBack = at('roll-back');
  await expect(rollBack).toContainText('cannot be looked at here');
  await rollBack.getByTestId('answer-patch').click();
  await rollBack.getByTestId('roll-back-why').fill('The version before has the same fault.');
  await sign('roll-back');
  await at('vector').fill('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H');
  await expect(at('score')).toContainText('9.8');
  await at('severity-reason').fill('It happens now.');
  await at('severity-form').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('severity-form-send').click();
  await expect(at('severity-now')).toHaveText('Critical');
  await at('mending-release').fill(V);
  await at('release-reason').fill('It asks who reads.');
  await at('release-form').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('release-form-send').click();
  await expect(at('mended-by')).toContainText(V);
  await expectSound(window_);
});

test('it is led through notifying, review and testing, by whoever has the role', async () => {
  for (const who of ['cto', 'ciso']) {
    const item = at(`item-${who}-told`);
    await item.getByTestId('do-item').click();
    await item.getByTestId('notify-by').fill('telephone');
    await sign(`notify-${who}`);
    await expect(item).toContainText('Done');
  }
  await elsewhere(night.keys_.otto ?? '', 'As far as is known.', { kind: 'affected', versions: ['v1.0.0'] });
  await elsewhere(night.keys.grace, `I read it, and ${night.commit.slice(0, 7)} too.`, step('review'));
  await go(emergency());
  const tested = at('item-development-test');
  await tested.getByTestId('do-item').click();
  await tested.getByTestId('step-words').fill('It asks who reads, in development.');
  await sign('step-development-test');
  await elsewhere(night.keys.quinn, 'Begun.', step('qa-test-begun'));
  night.time = '2026-02-15T00:50:00Z';
  await elsewhere(night.keys.quinn, 'The paths that matter are green.', step('qa-test'));
});

test('who is not reached is logged by one key, and words that were heard wrongly are in the log until no try is left', async () => {
  await go(`#/emergency?of=${encodeURIComponent(of)}&act=call&who=mara&role=cto`);
  await expect(at('proceed-without')).toBeDisabled();
  await at('act-passphrase').fill(`${PASSPHRASE}!`);
  await at('call-risk').fill('The cache is cold for a minute.');
  await at('call-next').click();
  // A passphrase that is wrong is told before anybody is called, and typed again where it was.
  await expect(at('error')).toContainText('The passphrase was wrong.');
  await expect(at('act-passphrase')).toBeFocused();
  await expect(at('act-passphrase')).toHaveValue('');
  await page().keyboard.type(PASSPHRASE);
  await at('call-next').click();
  // Whoever signed what is read goes on at the number.
  await expect(at('number-1')).toBeFocused({ timeout: 30_000 });
  await page().keyboard.press('1');
  await expect(at('attempts-here')).toContainText('1 attempt logged; the newest: No answer');
  await expect(at('proceed-without')).toBeEnabled();
  // A window that is locked in the middle of a call forgets the passphrase, and all of it is typed anew.
  await page().keyboard.press('Control+l');
  const lock = at('lock-screen');
  await lock.getByTestId('seat-passphrase').fill(PASSPHRASE);
  await lock.getByTestId('take-seat').click();
  await expect(lock).toHaveCount(0);
  await at('act-passphrase').focus();
  await page().keyboard.type(PASSPHRASE);
  await expect(at('act-passphrase')).toHaveValue(PASSPHRASE);
  await page().keyboard.press('Enter');
  await expect(at('number-1')).toBeFocused();
  await page().keyboard.press('Enter');
  await expect(at('statement')).toBeFocused();
  await at('call-next').press('Enter');
  for (const left of [2, 1, 0]) {
    await expect(at('read-back').locator('input').first()).toBeFocused();
    await expect(at('read-back-words')).toBeVisible();
    await page().keyboard.type('none of these words');
    await expect(at('read-back-words')).toBeHidden();
    await page().keyboard.press('Enter');
    await at('no-code').press('Enter');
    await at('call-next').press('Enter');
    if (left === 2) {
      await at('call-decision').getByLabel('Approve').check();
      await at('call-words').fill('Yes, deploy it.');
    }
    await at('sign-call').press('Enter');
    await expect(at('error')).toContainText(left === 0 ? 'No try is left' : `${left} ${left === 1 ? 'try is' : 'tries are'} left`);
  }
  // Then it is asked anew, from the beginning.
  await expect(at('call-1')).toHaveAttribute('data-state', 'now');
  await expectSound(window_);
});

test('a forged approval, whose taker types both sides, opens nothing', async () => {
  await call({ who: 'mara', role: 'cto' });
  await expect(at('came-to')).toContainText('rests on the word of otto alone');
  await expectSound(window_);
  const { report } = await night.now.call('release.evaluate', { draft: night.draft(), at: null, record: false, task: undefined });
  expect(report.results.find(({ id }) => id === 'cto-approval')?.status).toBe('needs-person');
});

test('a coded one and a witnessed one open it', async () => {
  await call({ who: 'mara', role: 'cto', code: night.codes['c01'] ?? [] });
  await expect(at('came-to')).toContainText('mara approved it by word as cto: by their own code.');
  await keepPicture(page(), 'approved-by-word');
  const file = join(night.folder.path, 'form-of-the-call.txt');
  writeFileSync(file, 'Nils said yes, and so it was written down.\n');
  await call({ who: 'nils', role: 'ciso', witness: 'will', paper: { saidAt: '2026-02-15 00:55', enteredAt: '2026-02-15T01:10:00Z', file } });
  await expect(at('came-to')).toContainText('will was on the line, and has not signed yet');
  await expectSound(window_);
  await go(emergency('calls'));
  const written = at('verbal').filter({ hasText: 'entered later from paper' });
  await expect(written).toContainText('2026-02-15 00:55 UTC');
  await expect(written).toContainText('form-of-the-call.txt');
});

test('it is deployed outside the window, and wears that it is unratified', async () => {
  night.time = '2026-02-15T01:30:00Z';
  const judged = await night.now.call('release.evaluate', { draft: night.draft(), at: null, record: false, task: undefined });
  expect(judged.report.results.filter(({ status }) => status !== 'passed' && status !== 'not-applicable').map(({ id, summary }) => [id, summary])).toEqual([]);
  await go(`#/release/${V}/deployment`);
  await at('deploy-environment').selectOption('production');
  await page().getByRole('radio', { name: 'A folder' }).check();
  await at('deploy-target').fill(join(night.outputs, 'release'));
  await at('check-deployment').click();
  await expect(at('checked')).toContainText('The authority for production is whole', { timeout: 30_000 });
  await at('deploy').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('deploy-send').click();
  await expect(at('environment-production')).toContainText(`${V} at 100 %`, { timeout: 30_000 });
  const deployment = at('deployment').first();
  await deployment.getByTestId('act-finish').click();
  await deployment.getByTestId('finish-smoke').fill(join(night.folder.path, 'smoke.xml'));
  await deployment.getByTestId('act-passphrase').fill(PASSPHRASE);
  await deployment.getByTestId('finish-send').click();
  await expect(at('environment-production')).toContainText('watched for 24 h more', { timeout: 30_000 });
  await expect(at('unratified').first()).toContainText(/Unratified: \d approvals by word/);
  await expectSound(window_);
});

test('the shift is handed over, with what the records tell drafted', async () => {
  await go(emergency('shift'));
  await at('shift-hand-over').click();
  await expect(at('hand-over-known')).toHaveValue(/Somebody reads every order/);
  await at('hand-over-to').selectOption('nils');
  await sign('hand-over');
  await expect(at('hand-overs')).toContainText('Not accepted');
  await at('accept-hand-over').click();
  await at('act-accept-form').getByTestId('act-words').fill('I take it.');
  await at('act-accept-form').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('act-accept-form-send').click();
  await expect(at('error')).toContainText('nils');
});

test('after a restart in another hour of the same night every deadline is where it was', async () => {
  const before = await night.now.call('emergency.detail', { emergency: E });
  await window_.close();
  // An hour that Casablanca has twice that night.
  night.time = '2026-02-15T02:30:00Z';
  window_ = await night.restart(emergency('clocks'));
  page().setDefaultTimeout(20_000);
  const after = await night.now.call('emergency.detail', { emergency: E });
  expect(after.clocks.map(({ id, from, due, met }) => [id, from, due, met])).toEqual(before.clocks.map(({ id, from, due, met }) => [id, from, due, met]));
  expect(Object.fromEntries(after.clocks.filter(({ id }) => ['sla', 'expedited-test', 'watch', 'post-mortem'].includes(id)).map(({ id, due, state }) => [id, [due, state]]))).toEqual({
    'sla': ['2026-02-15T23:30:00Z', 'met'], 'expedited-test': ['2026-02-15T01:40:00Z', 'met'], 'watch': ['2026-02-16T01:30:00Z', 'running'], 'post-mortem': ['2026-02-17T01:30:00Z', 'running'],
  });
  await expect(at('clocks')).toContainText('47 h 00 min left');
  await keepPicture(page(), 'emergency-clocks');
  await expectSound(window_);
});

test('in the morning the CTO ratifies the very words and disputes the forged ones, and the witness signs', async () => {
  night.time = '2026-02-15T08:00:00Z';
  await sits('mara');
  await go('#/home');
  await expect(at('need').filter({ hasText: /ratif/i }).first()).toBeVisible();
  await go(emergency('calls'));
  const said = at('verbal').filter({ hasText: 'by their own code' });
  await said.getByTestId('open-ratify').click();
  await expect(at('statement')).toContainText('Do you approve that exactly this is deployed now?');
  await at('ratify-way').getByLabel('Yes, I ratify it').check();
  await at('criterion-confirmed').getByLabel('Yes, it held').check();
  await at('ratify').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('ratify-send').click();
  await expect(at('word-done')).toContainText('It is signed and recorded');
  await expectSound(window_);
  await go(emergency('calls'));
  await at('verbal').filter({ hasText: 'rests on the word of otto alone' }).getByTestId('open-ratify').click();
  await at('ratify-way').getByLabel('No, I dispute it').check();
  await at('ratify-reason').fill('Nobody called me then.');
  await at('ratify').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('ratify-send').click();
  await expect(at('word-done')).toContainText('mara disputes it');
  await sits('will');
  await go(emergency('calls'));
  await at('verbal').filter({ hasText: 'will was on the line' }).getByTestId('open-witness').click();
  await at('witness-heard').getByLabel('Yes, I heard it').check();
  await at('witness-words').fill('He said yes.');
  await at('witness').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('witness-send').click();
  await expect(at('word-done')).toBeVisible();
});

test('what is not ratified in time escalates, and is ratified all the same', async () => {
  night.time = '2026-02-16T03:00:00Z';
  await sits('nils');
  await go(emergency('shift'));
  await at('accept-hand-over').click();
  await at('act-words').fill('I take it.');
  await sign('accept');
  await expect(at('hand-overs')).toContainText('Accepted by nils');
  await go('#/home');
  await expect(at('need').filter({ hasText: /ratif/i }).first()).toHaveAttribute('data-overdue', 'true');
  await go(`#/release/${V}/deployment`);
  await expect(at('unratified').first()).toContainText('overdue');
  await go(emergency('calls'));
  await at('verbal').filter({ hasText: 'nils' }).getByTestId('open-ratify').click();
  await at('ratify-way').getByLabel('Yes, I ratify it').check();
  await at('criterion-confirmed').getByLabel('Yes, it held').check();
  await at('ratify').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('ratify-send').click();
  await expect(at('word-done')).toBeVisible();
  await go(`#/release/${V}/deployment`);
  await expect(at('environment-production')).toBeVisible();
  await expect(at('unratified')).toBeHidden();
});

test('it is verified, watched, checked in full, explained and closed', async () => {
  const { now } = night;
  await elsewhere(night.keys.quinn, 'It asks who reads, in production.', step('production-verified'));
  const { deployments } = await now.call('deployment.board', { release: V });
  await now.call('deployment.close', { deployment: deployments[0]?.record ?? '', key: night.keys.quinn, status: 'ok', words: 'Quiet.', repo: night.repository.path });
  // What the night left out is checked in full.
  const { report } = await now.call('release.evaluate', { draft: night.draft(), at: null, record: true, task: undefined });
  expect(report.results.filter(({ status }) => status !== 'passed' && status !== 'not-applicable').map(({ id, summary }) => [id, summary])).toEqual([]);
  await sits('otto');
  await go(emergency('clocks'));
  const breached = (await now.call('emergency.detail', { emergency: E })).clocks.filter(({ state }) => state === 'breached');
  expect(breached.map(({ words }) => words)).toEqual(['nils ratifies what they approved by word']);
  await at(`reason-${breached[0]?.id ?? ''}`).click();
  await at('act-words').fill('He slept, and was told at noon.');
  await sign(`breach-${breached[0]?.id ?? ''}`);
  await expect(at('clocks')).toContainText('He slept, and was told at noon.');
  await go(`${emergency()}&act=post-mortem`);
  await expect(at('post-mortem-text')).toHaveValue(/## Timeline/);
  const draft = await at('post-mortem-text').inputValue();
  const written = draft.replace(/^- Held by:.*$/m, '- Held by: otto').replace(/## Root cause\n+/, '## Root cause\n\nNobody asked who reads.\n\n').replace(/## Lessons\n+/, '## Lessons\n\nA forged call is disputed in the morning.\n\n').replace(/## Actions\n+/, '## Actions\n\n- [ ] Ask for a session everywhere — otto — until 2026-02-28\n');
  await at('post-mortem-text').fill(written.replace(' — until 2026-02-28', ''));
  await at('post-mortem-form').getByTestId('act-passphrase').fill(PASSPHRASE);
  await at('record-post-mortem').click();
  await expect(at('error')).toContainText(/line \d+/);
  await at('post-mortem-text').fill(written);
  // What was typed goes out as it is, for whoever goes on elsewhere.
  const file = join(night.folder.path, 'post-mortem.md');
  await page().getByText('Write it to a file').click();
  await at('draft-out').fill(file);
  await at('write-draft').click();
  await expect(at('post-mortem-form')).toContainText(`Written to ${file}`);
  expect(readFileSync(file, 'utf8')).toBe(written);
  await at('record-post-mortem').click();
  await expect(at('actions')).toContainText('Ask for a session everywhere');
  await at('close-action-1').click();
  await at('act-words').fill('Every export asks.');
  await sign('action-1');
  expect((await now.call('emergency.detail', { emergency: E })).owed).toEqual([]);
  await go(emergency('shift'));
  await at('shift-close').click();
  await at('act-words').fill('It is mended.');
  await sign('close');
  await expect(page().locator('main')).toContainText('Closed by');
  await expect(at('emergency-band')).toBeHidden();
  await expectSound(window_);
  expect(await now.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good' });
});

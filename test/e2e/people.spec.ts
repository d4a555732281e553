import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectSound, keepPicture, loadRelease, test, type Sample } from './console.ts';
import { makeSampleOutputs } from '../../scripts/demo/sample-outputs.ts';
import { makeSampleRepository } from '../../scripts/demo/sample-repository.ts';
import { compose } from '../../src/main/compose.ts';
import { pgpWords } from '../../src/core/model/pgp-words.ts';
import { PASSPHRASE, TwoPeople } from '../support/two-people.ts';
import { TestRepository } from '../support/repository.ts';
import { takeSeat } from './seat.ts';

let people: TwoPeople;
test.beforeAll(async () => {
  people = new TwoPeople();
  await people.prepare();
  await people.adopt();
});
test.afterAll(() => people.remove());

/** The address of the release that was loaded last; consoles that loaded another of this version give it a name of its own. */
const loaded = (page: Page): string => page.url().replace(/#(\/release\/[^/]+)\/.*$/, '#$1');

interface Answer { readonly ok: boolean; readonly error?: { readonly code: string; readonly message: string } }

test('two people at one console', async ({ open, sample }) => {
  const console_ = await open({ home: people.home });
  const { page } = console_;
  const call = (name: string, input: unknown): Promise<Answer> => page.evaluate(([called, given]) => (window as unknown as { countersign: { call: (name: unknown, input: unknown) => Promise<Answer> } }).countersign.call(called, given), [name, input]);
  const line = async (check: string): Promise<void> => {
    await page.goto(`${new URL(page.url()).origin}/#/release/v1.1.0/checklist?line=${check}`);
    await expect(page.getByTestId('evidence-drawer')).toBeVisible();
  };
  await loadRelease(page, sample);

  await test.step('nobody sits here at first, and a line that asks a person offers the seat', async () => {
    await expect(page.getByTestId('seat')).toContainText('Read-only: nobody sits here');
    await line('qa-automated-checks');
    await expect(page.getByTestId('who-may')).toContainText('It asks qa.');
    await expect(page.getByTestId('seatless')).toContainText('Quinn Tester');
    await expect(page.getByTestId('attest-line')).toBeDisabled();
    await page.getByTestId('take-seat-here').click();
    const dialog = page.getByTestId('seat-dialog');
    await dialog.getByTestId('seat-quinn').click();
    await dialog.getByTestId('seat-passphrase').fill('not the passphrase');
    await dialog.getByTestId('take-seat').click();
    await expect(dialog.getByRole('alert')).toContainText('passphrase');
    await expectSound(console_);
    await dialog.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await dialog.getByTestId('seat-passphrase').press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByTestId('seat')).toContainText(`Quinn Testerqa${(people.prints['quinn'] ?? '').slice(-8)}`);
    await keepPicture(page, 'seat-taken');
  });

  await test.step('lines that ask QA are attested one after the other by keyboard', async () => {
    for (const [check, next] of [['qa-automated-checks', 'qa-release-notes'], ['qa-release-notes', 'qa-changelog']]) {
      await expect(page).toHaveURL(new RegExp(`line=${check}$`));
      await expect(page.getByTestId('who-may')).toContainText('Quinn Tester may');
      await page.getByTestId('attest-statement').fill(`I looked at ${check}.`);
      await page.keyboard.press('Tab');
      await page.getByTestId('act-passphrase').fill(PASSPHRASE);
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(new RegExp(`line=${next}$`));
      await expect(page.getByTestId('attest-statement')).toBeFocused();
      await expect(page.getByTestId('act-passphrase')).toHaveValue('');
    }
    for (const check of ['qa-automated-checks', 'qa-release-notes']) await expect(page.getByTestId(check)).toContainText(`Attested by Quinn Tester`, { timeout: 30_000 });
    await expectSound(console_);
    await keepPicture(page, 'attested');
  });

  await test.step('who may not is told so before anything is signed, and the core refuses a key of somebody else', async () => {
    await line('monitoring-configured');
    await expect(page.getByTestId('who-may')).toContainText('Quinn Tester is not devops or devops-lead in the roster in force. It could be Grace Architect.');
    await page.getByTestId('attest-statement').fill('Everything is watched.');
    await page.getByTestId('act-passphrase').fill(PASSPHRASE);
    await expect(page.getByTestId('attest-line')).toBeDisabled();
    const statement = { kind: 'line', repo: sample.repository, release: 'v1.1.0', policyFile: null, check: 'monitoring-configured', statement: 'Everything is watched.', files: [], details: {} };
    expect(await call('statement.sign', { key: people.files['grace'], passphrase: PASSPHRASE, statement })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('Quinn Tester sits here, and that key is Grace Architect’s') as unknown } });
    await expectSound(console_);
  });

  await test.step('a locked window shows nothing and does nothing; the same person finds what they typed', async () => {
    await page.keyboard.press('Control+l');
    const cover = page.getByTestId('lock-screen');
    await expect(cover).toBeVisible();
    await expect(page).toHaveTitle('Locked · Countersign');
    await expect(page.getByTestId('gate')).toBeHidden();
    await expectSound(console_);
    await keepPicture(page, 'locked');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(cover).toBeVisible();
    await expect(page.getByRole('combobox')).toHaveCount(0);
    expect(await call('settings.write', { density: 'dense' })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('The window is locked') as unknown } });
    await page.reload();
    await expect(cover).toBeVisible();
    await cover.getByTestId('seat-quinn').click();
    await cover.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await cover.getByTestId('take-seat').click();
    await expect(cover).toHaveCount(0);
    await expect(page.getByTestId('attest-statement')).toHaveValue('Everything is watched.');
  });

  await test.step('another person finds nothing of it, and attests in their own name', async () => {
    await page.keyboard.press('Control+l');
    const cover = page.getByTestId('lock-screen');
    await cover.getByTestId('seat-grace').click();
    await cover.getByTestId('seat-passphrase').fill(PASSPHRASE);
    await cover.getByTestId('take-seat').click();
    await expect(page.getByTestId('seat')).toContainText('Grace Architect');
    await expect(page.getByTestId('attest-statement')).toHaveValue('');
    await expect(page.getByTestId('who-may')).toContainText('Grace Architect may');
    await page.getByTestId('attest-statement').fill('The dashboards and alerts are there.');
    await page.getByTestId('act-passphrase').fill(PASSPHRASE);
    await page.getByTestId('attest-line').click();
    await expect(page.getByTestId('monitoring-configured')).toContainText('Attested by Grace Architect', { timeout: 30_000 });
    await expectSound(console_);
  });

  await test.step('the roster shows who they are; the next version is proposed, signed, verified and taken', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/people`);
    await expect(page.getByTestId('people')).toContainText('Leo Gone');
    await page.getByTestId('person-quinn').getByRole('button').click();
    await expect(page.getByTestId('person-pane')).toContainText('quinn@example.com');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('person-pane')).toHaveCount(0);
    await expect(page.getByTestId('person-quinn').getByRole('button')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('person-pane')).toBeVisible();
    await expectSound(console_);
    await keepPicture(page, 'people');
    await page.getByTestId('open-propose').click();
    await page.getByTestId('change-lost').click();
    await page.getByTestId('lost-who').selectOption('grace');
    await expect(page.getByTestId('loss-impossible')).toContainText('It cannot be mended from this roster.');
    await page.getByTestId('change-deputy').click();
    await page.getByTestId('deputy-of').selectOption('quinn');
    await page.getByTestId('deputy-who').selectOption('grace');
    await page.getByTestId('deputy-from').fill('2031-02-01');
    await page.getByTestId('deputy-until').fill('2031-02-10');
    await page.getByTestId('add-change').click();
    await page.getByTestId('change-person').click();
    await page.getByTestId('person-id').fill('iris');
    await page.getByTestId('person-name').fill('Iris Newcomer');
    await page.getByTestId('person-emails').fill('iris@example.com');
    await page.getByTestId('add-change').click();
    await page.getByTestId('change-roles').click();
    await page.getByTestId('role-who').selectOption('iris');
    await page.getByTestId('role-name').fill('qa');
    await page.getByTestId('add-change').click();
    await page.getByTestId('change-key').click();
    await page.getByTestId('key-who').selectOption('iris');
    await page.getByTestId('key-on').selectOption('file');
    await page.getByTestId('key-file').fill(people.gpg.export(people.prints['iris'] ?? ''));
    await page.getByTestId('add-change').click();
    await expect(page.getByTestId('changes').getByRole('listitem')).toHaveCount(4);
    await expectSound(console_);
    await page.getByTestId('propose-out').fill(`${people.folder.path}/roster-2.json`);
    await page.getByTestId('propose-button').click();
    await expect(page.getByTestId('proposed')).toContainText('grace gains a role, so another administrator has to sign it besides');
    await expectSound(console_);
    await keepPicture(page, 'roster-proposed');
    // Who is the only administrator grants no role to themself, so the deputy goes again.
    await page.getByRole('button', { name: 'Propose something else' }).click();
    await page.getByTestId('change-person').click();
    await page.getByTestId('person-id').fill('iris');
    await page.getByTestId('person-name').fill('Iris Newcomer');
    await page.getByTestId('add-change').click();
    await page.getByTestId('change-status').click();
    await page.getByTestId('status-who').selectOption('leo');
    await page.getByTestId('status-what').selectOption('suspended');
    await page.getByTestId('add-change').click();
    await page.getByTestId('propose-out').fill(`${people.folder.path}/roster-2b.json`);
    await page.getByTestId('propose-button').click();
    await expect(page.getByTestId('roster-report')).toHaveAttribute('data-verdict', 'refused');
    await page.getByTestId('open-sign-roster').click();
    await page.getByTestId('roster-key').selectOption(people.files['grace'] ?? '');
    await page.getByTestId('roster-passphrase').fill(PASSPHRASE);
    await page.getByTestId('sign-roster').click();
    await expect(page.getByTestId('roster-report')).toHaveAttribute('data-verdict', 'adoptable');
    await expectSound(console_);
    await page.getByTestId('adopt').click();
    await expect(page.getByRole('heading', { level: 1 }).locator('..')).toContainText('version 2');
    await expect(page.getByTestId('people')).toContainText('Iris Newcomer');
    await expect(page.getByTestId('seat')).toContainText('Grace Architect');
    await expectSound(console_);
  });
});

test('a signature binds a report, accepts a risk and lets a suppression count', async ({ open }) => {
  const repository = new TestRepository(join(people.folder.path, 'product'));
  repository.write('package.json', '{"name":"product","version":"1.0.0"}').write('package-lock.json', '{"name":"product","lockfileVersion":3,"packages":{}}').write('a.js', 'a').commit('first');
  const [reports, scans] = [join(people.folder.path, 'outputs'), join(people.folder.path, 'release')];
  for (const folder of [reports, scans]) mkdirSync(folder);
  writeFileSync(join(reports, 'junit.xml'), '<testsuites><testsuite name="test/integration" tests="1"><testcase name="a"/></testsuite></testsuites>');
  const found = (name: string, id: string): object => ({ name, severity: 'moderate', isDirect: true, via: [{ source: 1, name, dependency: name, title: 'Slow', url: `https://github.com/advisories/${id}`, severity: 'moderate', range: '<2.0.0' }], effects: [], range: '<2.0.0', nodes: [`node_modules/${name}`], fixAvailable: false });
  writeFileSync(join(scans, 'npm-audit.json'), JSON.stringify({ auditReportVersion: 2, vulnerabilities: { left: found('left', 'GHSA-aaaa-bbbb-cccc'), right: found('right', 'GHSA-dddd-eeee-ffff') }, metadata: { vulnerabilities: {}, dependencies: { prod: 2, total: 2 } } }));
  writeFileSync(join(scans, 'openvex.json'), JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.com/vex', author: 'Grace', timestamp: '2026-01-01T00:00:00Z', version: 1, statements: [{ vulnerability: { name: 'GHSA-dddd-eeee-ffff' }, products: [{ '@id': 'pkg:npm/right' }], status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' }] }));
  writeFileSync(join(scans, 'eslint.json'), JSON.stringify([{ filePath: 'a.js', messages: [], errorCount: 0, warningCount: 0 }]));
  writeFileSync(join(scans, 'zap.json'), JSON.stringify({ '@version': '2.16.1', '@generated': 'Sun, 11 Jan 2026 10:00:00', site: [{ '@name': 'https://staging.example.com', alerts: [] }] }));
  const console_ = await open({ home: people.home });
  const { page } = console_;
  await takeSeat(page, 'grace', PASSPHRASE);
  await loadRelease(page, { repository: repository.path, reports, release: scans } as Sample);
  const release = loaded(page);
  const line = async (check: string): Promise<void> => {
    await page.goto(`${release}/checklist?line=${check}`);
    await expect(page.getByTestId('evidence-drawer')).toBeVisible();
  };

  await line('integration-tests');
  await page.getByTestId('way-binding').click();
  await page.getByTestId('attest-statement').fill('I ran them myself on this commit.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-binding').click();
  await expect(page.getByTestId('integration-tests')).toContainText('1 integration test passed', { timeout: 30_000 });
  await expectSound(console_);

  await line('medium-documented');
  await page.getByTestId('way-binding').click();
  await page.getByTestId('attest-statement').fill('CI scanned this commit.');
  await page.getByTestId('act-passphrase').fill(PASSPHRASE);
  await page.getByTestId('sign-binding').click();
  await expect(page.getByTestId('medium-documented')).toContainText('neither mended nor accepted', { timeout: 30_000 });
  await page.getByTestId('way-suppression').click();
  const taking = page.getByTestId('statement-suppression');
  await expect(taking.getByTestId('who-may')).toContainText('Grace Architect may');
  await taking.getByRole('checkbox').first().check();
  await taking.getByTestId('attest-statement').fill('The vulnerable code is never reached.');
  await taking.getByTestId('act-passphrase').fill(PASSPHRASE);
  await expectSound(console_);
  await taking.getByTestId('sign-suppression').click();
  await expect(page.getByTestId('medium-documented')).toContainText('1 taken away by a signed statement', { timeout: 30_000 });
  await page.getByTestId('way-risk').click();
  const form = page.getByTestId('statement-risk');
  await expect(form.getByTestId('who-may')).toContainText('Grace Architect may');
  await form.getByRole('checkbox').first().check();
  await form.getByTestId('risk-asker').selectOption('quinn');
  await form.getByTestId('risk-control').fill('The parser is switched off.');
  await form.getByTestId('risk-until').fill('2999-12-31');
  await form.getByTestId('attest-statement').fill('No fix yet.');
  await form.getByTestId('act-passphrase').fill(PASSPHRASE);
  await expectSound(console_);
  await keepPicture(page, 'risk');
  await form.getByTestId('sign-risk').click();
  await expect(page.getByTestId('medium-documented')).toContainText('accepted by Grace Architect until 2999-12-31', { timeout: 30_000 });
  await expectSound(console_);
});

test('artifacts are stored and read back, and the checklist is satisfied by what came back', async ({ open }) => {
  const at = (name: string): string => join(people.folder.path, 'stored', name);
  mkdirSync(at(''));
  const { commit } = makeSampleRepository(at('tariff'));
  makeSampleOutputs(at('tariff'), at('reports'), at('release'));
  const core = compose({ shell: 'test', home: people.home });
  const files = readdirSync(at('release')).map((name) => join(at('release'), name));
  const signed = await core.dispatch('signing.sign', { local: { file: people.files['quinn'], passphrase: PASSPHRASE }, files, out: at('release'), release: { version: 'v1.1.0', commit }, replace: false }, { shell: 'test' });
  expect(signed).toMatchObject({ ok: true });
  await core.close();
  const console_ = await open({ home: people.home });
  const { page } = console_;
  await loadRelease(page, { repository: at('tariff'), reports: at('reports'), release: at('release') } as Sample);
  await expect(page.getByTestId('artifacts-stored')).toContainText('No evidence');
  const release = loaded(page);
  await page.goto(`${release}/artifacts`);
  await page.getByTestId('open-store').click();
  await page.getByTestId('store-to').fill(at('repository'));
  await expectSound(console_);
  await page.getByTestId('store-button').click();
  await expect(page.getByTestId('stored')).toContainText('byte for byte', { timeout: 60_000 });
  await expectSound(console_);
  await keepPicture(page, 'artifacts-stored');
  await page.goto(`${release}/checklist`);
  await expect(page.getByTestId('artifacts-stored')).toContainText('read back from the artifact repository', { timeout: 30_000 });
});

test('the first roster is taken by its digest, typed as it is read aloud', async ({ open }) => {
  const console_ = await open();
  const { page } = console_;
  await page.goto(`${new URL(page.url()).origin}/#/people`);
  await expect(page.getByText('No roster is held here')).toBeVisible();
  await page.getByTestId('open-file').click();
  await page.getByTestId('roster-path').fill(people.rosterFile);
  await page.getByTestId('verify-roster').click();
  await expect(page.getByTestId('ceremony')).toBeVisible();
  const words = pgpWords(people.digest);
  await page.getByTestId('heard-digest').fill(`${[words[0], words[2]].join(' ')} `);
  await expect(page.getByTestId('heard-verdict')).toContainText('belongs at another place');
  await expect(page.getByTestId('adopt')).toBeDisabled();
  await page.getByTestId('heard-digest').fill(pgpWords('0'.repeat(64)).join(' '));
  await expect(page.getByTestId('heard-verdict')).toContainText('the digest of another file');
  await expect(page.getByTestId('adopt')).toBeDisabled();
  await page.getByTestId('heard-digest').fill(words.join(' ').toLowerCase());
  await expect(page.getByTestId('heard-verdict')).toContainText('It is the digest of this file.');
  await expectSound(console_);
  await page.getByTestId('adopt').click();
  await expect(page.getByTestId('people')).toContainText('Quinn Tester');
  await expectSound(console_);
});

test('voice codes are shown once, and gone when one leaves them', async ({ open }) => {
  const console_ = await open({ home: people.home });
  const { page } = console_;
  await takeSeat(page, 'grace', PASSPHRASE);
  await page.goto(`${new URL(page.url()).origin}/#/people`);
  await page.getByTestId('person-ines').getByRole('button').click();
  await page.getByTestId('open-codes').click();
  await page.getByTestId('codes-count').fill('2');
  await page.getByTestId('codes-out').fill(join(people.folder.path, 'codes.json'));
  await expectSound(console_);
  await page.getByTestId('make-codes-button').click();
  await expect(page.getByTestId('codes').getByRole('listitem')).toHaveCount(2);
  await expect(page.getByTestId('duress-code').getByRole('listitem')).toHaveCount(1);
  const told = await page.getByTestId('codes').getByRole('listitem').first().textContent() ?? '';
  expect(told).toMatch(/^c0[12]\S+( \S+){5}$/);
  await expectSound(console_);
  await keepPicture(page, 'voice-codes');
  await page.getByTestId('codes-printed').click();
  await expect(page.getByTestId('roster-report')).toContainText('voice code');
  await expect(page.getByTestId('codes')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText(told.slice(3))).toHaveCount(0);
});

test('a window that nobody touches locks by itself', async ({ open }) => {
  const console_ = await open({ home: people.home });
  const { page } = console_;
  await takeSeat(page, 'quinn', PASSPHRASE);
  await page.clock.install();
  await page.reload();
  await expect(page.getByTestId('seat')).toContainText('Quinn Tester');
  await page.clock.fastForward('09:00');
  await expect(page.getByTestId('lock-screen')).toHaveCount(0);
  await page.clock.fastForward('01:30');
  await expect(page.getByTestId('lock-screen')).toBeVisible();
  await expectSound(console_);
});

import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { confinementProblem } from '../../src/main/adapters/confined/run-confined.ts';
import { TestRepository } from '../support/repository.ts';
import { expect, expectSound, keepPicture, test } from './console.ts';

test('a line’s command is shown, run behind walls, followed and judged', async ({ open, sample }) => {
  const problem = confinementProblem();
  test.skip(problem !== null, `Commands cannot be confined here: ${problem?.message ?? ''}`);
  const repository = new TestRepository(join(sample.folder, 'confined'));
  repository
    .write('package.json', '{"type":"module"}')
    .write('test/unit/sum.test.js', "import { test } from 'node:test';\ntest('adds', async () => { console.log('adding up'); await new Promise((done) => setTimeout(done, 1500)); });\n")
    .commit('A sum');
  const out = join(sample.folder, 'here');
  mkdirSync(out);
  const first = await open();
  const { page } = first;
  await page.goto(`${new URL(page.url()).origin}/#/release/new`);
  await page.getByTestId('repository-path').fill(repository.path);
  await page.getByTestId('repository-path').press('Enter');
  await expect(page.getByTestId('outputs-path')).not.toHaveValue('');
  await page.getByTestId('outputs-path').fill(out);
  await page.getByTestId('version').fill('v1.0.0');
  await page.getByTestId('save-release').click();
  await expect(page.getByTestId('gate')).toContainText('Closed');
  await page.goto(`${new URL(page.url()).origin}/#/release/v1.0.0/checklist?line=unit-tests`);

  const here = page.getByTestId('run-here');
  await expect(here.getByTestId('command-line')).toContainText('node --test --test-reporter=junit');
  await expect(here.getByRole('button', { name: 'Run node-test' })).toBeDisabled();
  await here.getByTestId('without-roster').check();
  await here.getByTestId('run-node-test').click();
  await expect(here.getByTestId('command-output')).toContainText('adding up', { timeout: 30_000 });
  await expectSound(first);
  await expect(here.getByTestId('run-result')).toContainText('Ended with 0', { timeout: 30_000 });
  await expectSound(first);
  await keepPicture(page, 'run-here');
  await expect(page.getByTestId('unit-tests')).toContainText('1 unit test passed');
  expect(readdirSync(out).map((name) => name.replace(/-[0-9a-f]{12}-\d{8}T\d{6}Z$/, ''))).toEqual(['unit-tests-node-test']);
});

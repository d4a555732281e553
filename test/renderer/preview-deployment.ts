import type { Handlers } from '../../src/core/contract/serve.ts';
import { AppError } from '../../src/core/model/errors.ts';
import { boardOf, checkedOf, metricsOf, owedItems, PROOF } from './preview-board.ts';
import type { View } from './preview-views.ts';

/** Stand-ins for the calls of deployments, rollbacks and metrics. */
export function deploymentAnswers(scenario: 'rich' | 'first' | 'broken'): Pick<Handlers, 'home.owed' | 'deployment.board' | 'deployment.check' | 'deployment.close' | 'deployment.finding' | 'deployment.finish' | 'deployment.observe' | 'deployment.stage' | 'deployment.start' | 'deployment.takeIn' | 'metrics.read' | 'metrics.export' | 'rollback.cause' | 'rollback.check' | 'rollback.close' | 'rollback.decide' | 'rollback.execute' | 'rollback.finish' | 'rollback.list' | 'rollback.notify' | 'rollback.observe' | 'rollback.start'> {
  return {
    'home.owed': async () => ({ items: scenario === 'rich' ? owedItems() : [] }),
    'deployment.board': async ({ release }) => boardOf(release),
    'deployment.check': async ({ environment }) => checkedOf(environment),
    'rollback.observe': async () => refuse('nothing is rolled back'),
    'deployment.start': async () => refuse('nothing is deployed'),
    'deployment.stage': async () => refuse('nothing is deployed'),
    'deployment.observe': async () => refuse('nothing is deployed'),
    'deployment.finish': async () => refuse('nothing is deployed'),
    'deployment.finding': async () => refuse('nothing is signed'),
    'deployment.takeIn': async () => ({ taken: [], refused: [], known: 0 }),
    'deployment.close': async () => refuse('nothing is signed'),
    'rollback.check': async ({ deployment, before }) => ({
      from: 'v0.9.0', to: 'v1.0.3', environment: 'production', possible: !deployment.endsWith('#931'), proof: deployment.endsWith('#931') ? PROOF : PROOF.map((line) => ({ ...line, status: 'good' as const })),
      triggers: [], slower: before === null ? null : { percent: 212.4, threshold: 50, called: true, figures: [{ name: 'GET /prices', metric: 'mean', unit: 's', was: 0.41, is: 1.281, percent: 212.4 }, { name: 'node src/ask.js --with-a-name-that-goes-on-for-rather-longer-than-any-column-is-wide', metric: 'median', unit: 'ms', was: 88, is: 91, percent: 3.4 }] },
    }),
    'rollback.start': async () => refuse('nothing is rolled back'),
    'rollback.notify': async () => refuse('nothing is rolled back'),
    'rollback.decide': async () => refuse('nothing is signed'),
    'rollback.execute': async () => refuse('nothing is rolled back'),
    'rollback.finish': async () => refuse('nothing is rolled back'),
    'rollback.close': async () => refuse('nothing is signed'),
    'rollback.cause': async () => refuse('nothing is signed'),
    'metrics.read': async ({ from, to }) => metricsOf(scenario === 'rich', from, to),
    'metrics.export': async ({ format }) => ({ text: format, path: null }),
    'rollback.list': async () => ({ rollbacks: [] }),
  };
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new AppError('not-permitted', `${what.replace(/^n/, 'N')} in a preview.`, { hint: 'Open a console of your own, and do it there.' }));
}

/** Their places that have a picture. */
export const DEPLOYMENT_VIEWS: readonly View[] = [
  { name: 'deploy-board', address: '#/release/v1.1.0/deployment', act: (page) => page.waitForTimeout(800) },
  { name: 'deploy-board-below', address: '#/release/v1.1.0/deployment', act: async (page) => { await page.getByTestId('observations').first().scrollIntoViewIfNeeded(); } },
  {
    name: 'deploy-start', address: '#/release/v1.1.0/deployment',
    act: async (page) => {
      await page.getByTestId('begin-deployment').click();
      await page.getByTestId('deploy-environment').selectOption('production');
      await page.getByTestId('deploy-target').fill('/srv/targets/production.sums');
      await page.getByTestId('check-deployment').click();
      await page.getByTestId('checked').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'deploy-without', address: '#/release/v1.1.0/deployment',
    act: async (page) => {
      await page.getByTestId('begin-deployment').click();
      await page.getByTestId('deploy-environment').selectOption('production');
      await page.getByTestId('deploy-target').fill('/srv/targets/production.sums');
      await page.getByTestId('check-deployment').click();
      await page.getByTestId('without-authority').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'deploy-observe', address: '#/release/v1.1.0/deployment',
    act: async (page) => {
      await page.getByTestId('act-observe').first().click();
      await page.getByTestId('observe-words').fill('Errors 0.1 %');
      await page.getByTestId('act-passphrase').or(page.getByTestId('doer-name')).first().fill('correct horse');
      await page.getByTestId('observe-send').click();
      await page.getByTestId('observe').getByTestId('error').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'deploy-finish', address: '#/release/v2.0.0-rc.1/deployment',
    act: async (page) => {
      await page.waitForTimeout(1200);
      await page.getByTestId('act-close').first().click();
    },
  },
  { name: 'deploy-many', address: '#/release/v2.0.0-rc.1/deployment', act: (page) => page.waitForTimeout(1200) },
  {
    name: 'rollback-new', address: '#/release/v1.1.0/rollback?of=countersign.invalid%2Fconsole-7f3a%23930',
    act: async (page) => {
      await page.getByTestId('rollback-artifacts').fill('/srv/releases/v1.0.3');
      await page.getByTestId('rollback-before').fill('/srv/perf/v1.0.3.json');
      await page.getByTestId('rollback-after').fill('/srv/perf/v1.1.0.json');
      await page.getByTestId('check-rollback').click();
      await page.getByTestId('proof-outcome').waitFor();
    },
  },
  { name: 'rollback-new-below', address: '#/release/v1.1.0/rollback?of=countersign.invalid%2Fconsole-7f3a%23930', act: async (page) => { await page.getByRole('radio', { name: /slower/ }).check(); await page.getByTestId('detect-send').scrollIntoViewIfNeeded(); } },
  {
    name: 'rollback-detected', address: '#/release/v0.9.0/rollback?of=countersign.invalid%2Fconsole-7f3a%23931',
    act: async (page) => {
      await page.getByTestId('rollback-artifacts').fill('/srv/releases/v1.0.3');
      await page.getByTestId('check-rollback').click();
      await page.getByTestId('proof-outcome').waitFor();
      await page.getByTestId('act-notify').click();
      await page.getByTestId('step-decide').scrollIntoViewIfNeeded();
    },
  },
  { name: 'rollback-decided', address: '#/release/v0.9.0/rollback?of=countersign.invalid%2Fconsole-7f3a%239401', act: (page) => page.waitForTimeout(300) },
  { name: 'rollback-finished', address: '#/release/v0.9.0/rollback?of=countersign.invalid%2Fconsole-7f3a%239411', act: (page) => page.waitForTimeout(300) },
  { name: 'rollback-finished-below', address: '#/release/v0.9.0/rollback?of=countersign.invalid%2Fconsole-7f3a%239411', act: (page) => page.getByTestId('cause').scrollIntoViewIfNeeded() },
  { name: 'rollback-choose', address: '#/release/v1.1.0/rollback', act: (page) => page.waitForTimeout(300) },
  { name: 'metrics', address: '#/metrics', act: (page) => page.waitForTimeout(400) },
  { name: 'metrics-own', address: '#/metrics', act: async (page) => { await page.getByTestId('period-own').check(); await page.getByTestId('shipped').scrollIntoViewIfNeeded({ timeout: 2_000 }).catch(() => undefined); } },
  { name: 'deploy-none', address: '#/release/v1.0.5/deployment', act: (page) => page.waitForTimeout(800) },
];

import type { Handlers } from '../../src/core/contract/serve.ts';
import { boardOf, checkedOf } from './preview-board.ts';
import type { View } from './preview-views.ts';

/** Stand-ins for the calls of deployments, rollbacks and metrics. */
export function deploymentAnswers(): Pick<Handlers, 'deployment.board' | 'deployment.check' | 'deployment.close' | 'deployment.finding' | 'deployment.finish' | 'deployment.observe' | 'deployment.stage' | 'deployment.start' | 'deployment.takeIn' | 'metrics.read' | 'rollback.cause' | 'rollback.check' | 'rollback.close' | 'rollback.decide' | 'rollback.execute' | 'rollback.finish' | 'rollback.list' | 'rollback.notify' | 'rollback.observe' | 'rollback.start'> {
  return {
    'deployment.board': async ({ release }) => boardOf(release),
    'deployment.check': async ({ environment }) => checkedOf(environment),
    'rollback.observe': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'deployment.start': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.stage': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.observe': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.finish': async () => Promise.reject(new Error('nothing is deployed in a preview')),
    'deployment.finding': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'deployment.takeIn': async () => ({ taken: [], refused: [], known: 0 }),
    'deployment.close': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.check': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.start': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.notify': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.decide': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.execute': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.finish': async () => Promise.reject(new Error('nothing is rolled back in a preview')),
    'rollback.close': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'rollback.cause': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'metrics.read': async () => Promise.reject(new Error('no records are read in a preview')),
    'rollback.list': async () => ({ rollbacks: [] }),
  };
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
      await page.getByTestId('doer-name').fill('Natalia');
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
  { name: 'deploy-none', address: '#/release/v1.0.5/deployment', act: (page) => page.waitForTimeout(800) },
];

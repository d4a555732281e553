import type { Page } from 'playwright-core';

export interface View {
  readonly name: string;
  readonly address: string;
  /** What a person does there before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Every place that has a picture. */
export const VIEWS: readonly View[] = [
  { name: 'home', address: '#/home' },
  { name: 'releases', address: '#/releases' },
  { name: 'new-release', address: '#/release/new' },
  { name: 'overview', address: '#/release/v1.1.0/overview', act: (page) => page.waitForTimeout(800) },
  { name: 'checklist', address: '#/release/v1.1.0/checklist', act: (page) => page.waitForTimeout(800) },
  { name: 'checklist-drawer', address: '#/release/v1.1.0/checklist?line=sast-scans', act: (page) => page.waitForTimeout(800) },
  { name: 'artifacts', address: '#/release/v1.1.0/artifacts', act: (page) => page.waitForTimeout(800) },
  { name: 'record', address: '#/release/v1.1.0/record', act: (page) => page.waitForTimeout(800) },
  { name: 'signing-room', address: '#/release/v1.1.0/sign', act: (page) => page.waitForTimeout(800) },
  { name: 'many-overview', address: '#/release/v2.0.0-rc.1/overview', act: (page) => page.waitForTimeout(1200) },
  { name: 'many-checklist', address: '#/release/v2.0.0-rc.1/checklist?line=sast-scans', act: (page) => page.waitForTimeout(1200) },
  { name: 'many-artifacts', address: '#/release/v2.0.0-rc.1/artifacts', act: (page) => page.waitForTimeout(1200) },
  { name: 'none-overview', address: '#/release/v1.0.5/overview', act: (page) => page.waitForTimeout(800) },
  { name: 'none-artifacts', address: '#/release/v1.0.5/artifacts', act: (page) => page.waitForTimeout(800) },
  { name: 'lost-repository', address: '#/release/v0.9.0/checklist', act: (page) => page.waitForTimeout(800) },
  { name: 'archive', address: '#/archive' },
  { name: 'archive-entry', address: '#/archive?entry=countersign.invalid%2Fconsole-7f3a%2F2999' },
  { name: 'verify', address: '#/verify' },
  { name: 'settings', address: '#/settings' },
  { name: 'nowhere', address: '#/nowhere/at/all' },
  { name: 'palette', address: '#/home', act: (page) => page.keyboard.press('Control+k') },
  { name: 'keys', address: '#/release/v1.1.0/checklist', act: async (page) => { await page.waitForTimeout(800); await page.keyboard.press('?'); } },
];

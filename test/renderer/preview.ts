/**
 * Looks at the built window with a rehearsed bridge behind it: pictures of every screen in two sizes and both themes,
 * what axe finds, and whatever the console prints. It touches no disk but the folder of pictures, and no network.
 *
 *   node test/renderer/preview.ts [--scenario rich|first|broken] [--only WORD] [--width PIXELS] [--quick] [--forced] [--out FOLDER]
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { serve } from '../../src/core/contract/serve.ts';
import { findBrowser } from '../../src/main/chromium/find-browser.ts';
import { bridgeScript, CALL_BINDING, EVENT_NAME, PATHS_BINDING } from '../../src/main/chromium/page-bridge.ts';
import { loadAssets } from '../../src/main/window/assets.ts';
import { NOW } from './preview-releases.ts';
import { previewHandlers, type Scenario } from './preview-bridge.ts';
import { VIEWS } from './preview-views.ts';

const ORIGIN = 'https://console.invalid';
/** The designed size, the wide one, the smallest window, and that one at a zoom of 200 %. */
const SIZES = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }, { width: 960, height: 640 }, { width: 640, height: 400 }] as const;
const THEMES = ['light', 'dark'] as const;

const { values } = parseArgs({
  options: { scenario: { type: 'string', default: 'rich' }, only: { type: 'string', default: '' }, out: { type: 'string', default: 'test-results/preview' }, quick: { type: 'boolean', default: false }, width: { type: 'string', default: '' }, forced: { type: 'boolean', default: false } },
});

interface Heard { readonly view: string; readonly text: string }
const heard: Heard[] = [];
let violations = 0;

async function openPage(context: BrowserContext, scenario: Scenario): Promise<Page> {
  const assets = await loadAssets();
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(NOW));
  const dispatch = serve(previewHandlers(scenario), (name, payload) => {
    void page.evaluate(([event, said, value]) => window.dispatchEvent(new CustomEvent(event as string, { detail: { name: said, payload: value } })), [EVENT_NAME, name, payload]).catch(() => undefined);
  }, (where, cause) => {
    heard.push({ view: 'bridge', text: `${where}: ${String(cause)}` });
    return 'preview';
  });
  await page.exposeBinding(CALL_BINDING, (_source, name: string, input: unknown) => dispatch(name, input, { shell: 'test' }));
  await page.exposeBinding(PATHS_BINDING, () => []);
  await page.addInitScript(bridgeScript(ORIGIN));
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    const asset = url.origin === ORIGIN ? assets.get(url.pathname) : undefined;
    if (asset === undefined) await route.abort('blockedbyclient');
    else await route.fulfill({ status: 200, headers: { ...asset.headers }, body: asset.body });
  });
  return page;
}

async function look(page: Page, view: string, picture: string): Promise<void> {
  await page.screenshot({ path: picture });
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  for (const { id, impact, nodes } of found) {
    const serious = impact === 'serious' || impact === 'critical';
    if (serious) violations += 1;
    console.log(`  ${serious ? 'AXE' : 'axe'} ${impact ?? ''} ${id} ×${nodes.length}: ${nodes[0]?.html.slice(0, 160) ?? ''}\n      ${nodes[0]?.failureSummary?.split('\n').slice(1, 3).join(' ').trim() ?? ''}`);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) console.log(`  WIDE ${view}: ${overflow} px beyond the window`);
}

const browser = await chromium.launch({ executablePath: findBrowser(), headless: true, chromiumSandbox: process.getuid?.() !== 0 });
try {
  for (const theme of THEMES) {
    for (const size of SIZES) {
      if (values.width !== '' && String(size.width) !== values.width) continue;
      if (values.quick && (theme === 'dark') !== (size.width === 1920 || size.width === 640)) continue;
      const folder = join(values.out, values.scenario, `${theme}-${size.width}`);
      await mkdir(folder, { recursive: true });
      const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce', forcedColors: values.forced ? 'active' : 'none' });
      const page = await openPage(context, values.scenario as Scenario);
      let current = '';
      page.on('console', (message) => (message.type() === 'error' || message.type() === 'warning') && heard.push({ view: current, text: message.text() }));
      page.on('pageerror', (error) => heard.push({ view: current, text: error.stack ?? error.message }));
      for (const { name, address, act } of VIEWS.filter((view) => view.name.includes(values.only))) {
        current = `${name} ${theme} ${size.width}`;
        console.log(current);
        await page.goto('about:blank');
        await page.goto(`${ORIGIN}/${address}`);
        await page.waitForTimeout(700);
        try {
          await act?.(page);
          await page.waitForTimeout(250);
        } catch (cause) {
          heard.push({ view: current, text: cause instanceof Error ? cause.message.split('\n').slice(0, 3).join(' ') : String(cause) });
        }
        await look(page, current, join(folder, `${name}.png`));
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
for (const { view, text } of heard) console.log(`SAID ${view}: ${text}`);
console.log(`${violations} serious or critical findings, ${heard.length} things said`);
process.exitCode = violations + heard.length > 0 ? 1 : 0;

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { AppError } from '../../core/model/errors.ts';
import type { Core } from '../compose.ts';
import { loadAssets } from '../window/assets.ts';
import { findBrowser } from './find-browser.ts';
import { bridgeScript, CALL_BINDING, EVENT_NAME, FILES_SLOT, PATHS_BINDING } from './page-bridge.ts';

/** A name that can never be looked up (RFC 6761): whatever is asked of it is answered here or not at all. */
export const ORIGIN = 'https://console.invalid';

/** Nothing of the browser's own may reach the network; every name is unknown to it. */
const ARGUMENTS = [
  '--app=data:text/html,<title>Countersign</title>',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--no-proxy-server',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
  '--no-pings',
  // Without it the browser covers the top of the window with a remark about the flags above.
  '--test-type',
  '--window-size=1280,800',
];

export interface ChromiumWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Resolves when a person has closed the window. */
  readonly closed: Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WindowOptions {
  readonly headless?: boolean;
  readonly executable?: string;
  /** Address inside the window to begin at, such as `#/home`. */
  readonly route?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens the core's window in the machine's own Chromium over the debugging pipe: no port is opened. */
export async function openWindow(core: Core, options: WindowOptions = {}): Promise<ChromiumWindow> {
  const assets = await loadAssets();
  const profile = await mkdtemp(join(tmpdir(), 'countersign-window-'));
  const asRoot = process.getuid?.() === 0;
  const context = await chromium
    .launchPersistentContext(profile, {
      executablePath: options.executable ?? findBrowser(),
      headless: options.headless === true,
      // Chromium's sandbox does not start as root; anybody else has it.
      chromiumSandbox: !asRoot,
      args: ARGUMENTS,
      ignoreDefaultArgs: ['--enable-automation'],
      viewport: options.viewport ?? null,
      acceptDownloads: false,
      serviceWorkers: 'block',
      bypassCSP: false,
      ...(options.colorScheme === undefined ? {} : { colorScheme: options.colorScheme }),
      permissions: [],
    })
    .catch(async (cause: unknown) => {
      await rm(profile, { recursive: true, force: true });
      throw new AppError('browser-unavailable', `The browser could not be started: ${firstLine(cause)}`, { hint: 'Check that a display is there, or run npm run demo.', cause });
    });
  const page = context.pages()[0] ?? (await context.newPage());

  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    const asset = url.origin === ORIGIN && route.request().method() === 'GET' ? assets.get(url.pathname) : undefined;
    if (asset === undefined) await route.abort('blockedbyclient');
    else await route.fulfill({ status: 200, headers: { ...asset.headers }, body: asset.body });
  });
  context.on('page', (opened) => {
    if (opened !== page) void opened.close().catch(() => undefined);
  });
  await connectPage(core, context, page);
  // The browser's own first page must have arrived, or its arrival would abort ours.
  await page.waitForLoadState('load');
  await page.goto(`${ORIGIN}/${options.route ?? ''}`);
  core.remind();
  page.on('framenavigated', (frame) => {
    // A page that leaves its origin has no business here any more.
    if (frame === page.mainFrame() && !isOurs(frame.url())) void context.close().catch(() => undefined);
  });

  // The browser may still write into its profile for a moment after its window has gone.
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve())).then(() =>
    rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => undefined),
  );
  return {
    page, context, closed,
    close: async () => {
      await context.close();
      await closed;
    },
  };
}

/** Lets the page call the core, if it is the main frame of exactly our origin; carries events the other way. */
async function connectPage(core: Core, context: BrowserContext, page: Page): Promise<void> {
  const isTrusted = (source: { page: Page; frame: { url: () => string } }): boolean =>
    source.page === page && source.frame === page.mainFrame() && isOurs(source.frame.url());
  const session: CDPSession = await context.newCDPSession(page);

  await page.exposeBinding(CALL_BINDING, async (source, name: unknown, input: unknown) => {
    if (!isTrusted(source) || typeof name !== 'string') return refusal();
    return core.dispatch(name, input, { shell: 'chromium' });
  });
  await page.exposeBinding(PATHS_BINDING, async (source, count: unknown) => {
    if (!isTrusted(source) || typeof count !== 'number') return [];
    const paths: string[] = [];
    for (let index = 0; index < Math.min(count, 10_000); index += 1) {
      const { result } = await session.send('Runtime.evaluate', { expression: `window[${JSON.stringify(FILES_SLOT)}]?.[${index}]` });
      if (result.objectId === undefined) continue;
      const { path } = await session.send('DOM.getFileInfo', { objectId: result.objectId });
      if (path !== '') paths.push(path);
    }
    return paths;
  });
  await page.addInitScript(bridgeScript(ORIGIN));
  const stop = core.listen((name, payload) => {
    void page
      .evaluate(([event, heard, value]) => window.dispatchEvent(new CustomEvent(event as string, { detail: { name: heard, payload: value } })), [EVENT_NAME, name, payload])
      .catch(() => undefined);
  });
  context.once('close', stop);
}

function isOurs(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === ORIGIN;
}

function refusal(): unknown {
  return { ok: false, error: new AppError('not-permitted', 'Only the window itself may call the console.').toShape() };
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}

import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../src/main/electron/channels.ts';

type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;

/** The parts of the `electron` module that the shell uses, as far as a test has to see them. */
const stub = vi.hoisted(() => ({
  schemes: [] as unknown[],
  handlers: new Map<string, Handler>(),
  protocols: new Map<string, (request: Request) => Response>(),
  windows: [] as { options: { webPreferences: Record<string, unknown> }; webContents: FakeContents; loaded: string[]; fire: (name: string) => void }[],
  session: {} as Record<string, (...args: never[]) => unknown>,
  app: null as unknown as EventEmitter,
  sandboxed: false,
  exposed: new Map<string, unknown>(),
  sent: [] as unknown[][],
  notifications: [] as { options: { title: string; body: string }; click: () => void }[],
}));

interface FakeContents {
  readonly mainFrame: { url: string };
  send: (...args: unknown[]) => void;
}

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BrowserWindow extends Emitter {
    readonly options: { webPreferences: Record<string, unknown> };
    readonly webContents: FakeContents = { mainFrame: { url: 'app://console/' }, send: (...args) => void stub.sent.push(args) };
    readonly loaded: string[] = [];
    constructor(options: { webPreferences: Record<string, unknown> }) {
      super();
      this.options = options;
      stub.windows.push({ options, webContents: this.webContents, loaded: this.loaded, fire: (name) => this.emit(name) });
    }
    async loadURL(url: string): Promise<void> {
      this.loaded.push(url);
    }
    show(): void {}
    isDestroyed(): boolean {
      return false;
    }
  }
  class Notification extends Emitter {
    static isSupported = (): boolean => true;
    readonly options: { title: string; body: string };
    constructor(options: { title: string; body: string }) {
      super();
      this.options = options;
    }
    show(): void {
      stub.notifications.push({ options: this.options, click: () => this.emit('click') });
    }
  }
  const app = Object.assign(new Emitter(), {
    whenReady: async () => undefined, enableSandbox: () => (stub.sandboxed = true), requestSingleInstanceLock: () => true, isPackaged: true, quit: () => undefined,
  });
  stub.app = app;
  const keep = (name: string) => (handler: never) => void (stub.session[name] = handler);
  return {
    app, BrowserWindow, Notification,
    ipcMain: { handle: (channel: string, handler: Handler) => stub.handlers.set(channel, handler) },
    protocol: { registerSchemesAsPrivileged: (schemes: unknown[]) => stub.schemes.push(...schemes), handle: (name: string, handler: (request: Request) => Response) => stub.protocols.set(name, handler) },
    session: { defaultSession: {
      setPermissionRequestHandler: keep('request'), setPermissionCheckHandler: keep('check'), setDevicePermissionHandler: keep('device'),
      webRequest: { onBeforeRequest: keep('beforeRequest') },
    } },
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => stub.exposed.set(name, value) },
    ipcRenderer: { invoke: async (...args: unknown[]) => args, on: () => undefined, off: () => undefined },
    webUtils: { getPathForFile: () => '/chosen' },
  };
});

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-electron-'));
  process.env['COUNTERSIGN_HOME'] = home;
  const assets = await import('../../src/main/window/assets.ts');
  mkdirSync(join(home, 'renderer/assets'), { recursive: true });
  writeFileSync(join(home, 'renderer/index.html'), '<!doctype html><title>Countersign</title>');
  writeFileSync(join(home, 'renderer/assets/main.js'), 'export {};');
  const loaded = await assets.loadAssets(join(home, 'renderer'));
  vi.spyOn(assets, 'loadAssets').mockResolvedValue(loaded);
  await import('../../src/main/electron/main.ts');
  await import('../../src/preload/preload.ts');
  await vi.waitFor(() => expect(stub.windows[0]?.loaded).toEqual(['app://console/']));
});
afterAll(() => {
  stub.windows[0]?.fire('closed');
  delete process.env['COUNTERSIGN_HOME'];
  rmSync(home, { recursive: true, force: true });
});

const ours = () => {
  const window = stub.windows[0];
  if (window === undefined) throw new Error('No window was opened');
  return window;
};
const call = (event: unknown, ...args: unknown[]): Promise<unknown> => stub.handlers.get(CALL_CHANNEL)?.(event, ...args) ?? Promise.reject(new Error('No handler'));

describe('the Electron shell', () => {
  test('the window is sandboxed and isolated, without Node', () => {
    expect(stub.sandboxed).toBe(true);
    expect(ours().options.webPreferences).toMatchObject({
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, webSecurity: true, webviewTag: false, devTools: false,
    });
  });

  test('its scheme is standard and secure, and serves what was built, with a strict policy', async () => {
    expect(stub.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false } }]);
    const serve = stub.protocols.get('app');
    const answer = serve?.(new Request('app://console/'));
    expect(answer?.status).toBe(200);
    const policy = answer?.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(serve?.(new Request('app://console/assets/main.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    for (const url of ['app://console/../../package.json', 'app://console/%2e%2e/package.json', 'app://other/index.html', 'app://console/nothing']) {
      expect(serve?.(new Request(url)).status, url).toBe(404);
    }
    expect(serve?.(new Request('app://console/', { method: 'POST' })).status).toBe(404);
  });

  test('every permission, request elsewhere, navigation and new window is denied', () => {
    const answers: unknown[] = [];
    (stub.session['request'] as unknown as (...args: unknown[]) => void)(null, 'media', (answer: unknown) => answers.push(answer));
    answers.push((stub.session['check'] as unknown as () => boolean)(), (stub.session['device'] as unknown as () => boolean)());
    expect(answers).toEqual([false, false, false]);
    for (const [url, cancel] of [['https://example.com/', true], ['file:///etc/passwd', true], ['app://console.example.com/', true], ['app://console/main.js', false]] as const) {
      const said: unknown[] = [];
      (stub.session['beforeRequest'] as unknown as (...args: unknown[]) => void)({ url }, (answer: unknown) => said.push(answer));
      expect(said, url).toEqual([{ cancel }]);
    }
    let opened: (() => { action: string }) | null = null;
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: (handler: () => { action: string }) => (opened = handler) });
    stub.app.emit('web-contents-created', {}, contents);
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const prevented = vi.fn();
      contents.emit(name, { preventDefault: prevented });
      expect(prevented, name).toHaveBeenCalledOnce();
    }
    expect((opened as unknown as () => unknown)()).toEqual({ action: 'deny' });
  });

  test('only the main frame of our own window, at exactly our origin, may call', async () => {
    const { webContents } = ours();
    const refused = { ok: false, error: { code: 'not-permitted' } };
    const frame = (url: string): { url: string } => ({ url });
    const strangers: readonly (readonly [string, unknown])[] = [
      ['a frame inside the page', { sender: webContents, senderFrame: frame('app://console/') }],
      ['another window', { sender: { mainFrame: webContents.mainFrame }, senderFrame: webContents.mainFrame }],
      ['a frame that is gone', { sender: webContents, senderFrame: null }],
    ];
    for (const [name, event] of strangers) expect(await call(event, 'settings.read', {}), name).toMatchObject(refused);
    for (const url of ['https://console/', 'app://console.example.com/', 'app://consolex/', 'app:console/', '']) {
      webContents.mainFrame.url = url;
      expect(await call({ sender: webContents, senderFrame: webContents.mainFrame }, 'settings.read', {}), url).toMatchObject(refused);
    }
    webContents.mainFrame.url = 'app://console/#/home';
    const event = { sender: webContents, senderFrame: webContents.mainFrame };
    expect(await call(event, 'settings.read', {})).toMatchObject({ ok: true, value: { appearance: 'system' } });
    expect(await call(event, 'constructor', {})).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    expect(await call(event, 42, {})).toMatchObject(refused);
  });

  test('a watch that is over is told on the desktop, and a click leads to it', async () => {
    const { desktopNotifications } = await import('../../src/main/electron/desktop-notifications.ts');
    const opened: string[] = [];
    const { tell, onOpen } = desktopNotifications();
    onOpen((route) => opened.push(route));
    tell({ record: 'a#1', title: 'v1.1.0: the watch of deploy-1 is over', detail: 'qa can close it.', route: '#/release/v1.1.0/deployment' });
    expect(stub.notifications.map(({ options }) => options)).toEqual([{ title: 'v1.1.0: the watch of deploy-1 is over', body: 'qa can close it.' }]);
    stub.notifications[0]?.click();
    expect(opened).toEqual(['#/release/v1.1.0/deployment']);
  });

  test('events reach the window, and the bridge is three functions', async () => {
    const { webContents } = ours();
    await call({ sender: webContents, senderFrame: webContents.mainFrame }, 'evidence.list', { directory: home, policyFile: null, task: 'one' });
    expect(stub.sent.some(([channel, name]) => channel === EVENT_CHANNEL && name === 'task.progress')).toBe(true);
    const bridge = stub.exposed.get('countersign') as { call: (name: string, input: unknown) => Promise<unknown> };
    expect(Object.keys(bridge).sort()).toEqual(['call', 'listen', 'pathsOf']);
    expect(await bridge.call('settings.read', {})).toEqual([CALL_CHANNEL, 'settings.read', {}]);
  });
});

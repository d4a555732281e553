import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
import { practising } from '../practising.ts';
import { loadAssets } from '../window/assets.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { desktopNotifications } from './desktop-notifications.ts';
import { isFromOurWindow, ORIGIN, serveAssets } from './guards.ts';

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false } }]);
app.enableSandbox();

/** Opens the one window; everything that a page could use to leave it is denied. */
export async function openWindow(): Promise<BrowserWindow> {
  await app.whenReady();
  const bundled = (name: string): URL => new URL(`./${name}.js`, import.meta.url);
  const desktop = desktopNotifications();
  const core = practising({ shell: 'electron', notify: desktop.tell, workers: { hash: bundled('hash-worker'), verify: bundled('verify-worker'), keyring: bundled('keyring-worker') } });
  // Bundled, the window lies beside the main process; from the sources it is where it was built to.
  const beside = fileURLToPath(new URL('../renderer', import.meta.url));
  const assets = await loadAssets(existsSync(beside) ? beside : undefined);
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !details.url.startsWith(`${ORIGIN}/`) }));
  protocol.handle('app', serveAssets(assets));

  const window = new BrowserWindow({
    width: 1280, height: 800, minWidth: 960, minHeight: 640, show: false, title: 'Countersign',
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, webSecurity: true,
      webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: !app.isPackaged,
    },
  });
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isFromOurWindow(event, window) || typeof name !== 'string') {
      return { ok: false, error: { code: 'not-permitted', message: 'Only the window itself may call the console.', hint: null, details: {} } };
    }
    return core.dispatch(name, input, { shell: 'electron' });
  });
  const stop = core.listen((name, payload) => {
    if (window.isDestroyed()) return;
    window.webContents.send(EVENT_CHANNEL, name, payload);
    // Another archive answers from now on. A page cannot load itself anew here.
    if (name === 'drill.changed') window.webContents.reload();
  });
  window.once('closed', () => {
    stop();
    void core.close();
  });
  desktop.onOpen((route) => {
    window.show();
    void window.loadURL(`${ORIGIN}/${route}`);
  });
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${ORIGIN}/`);
  core.remind();
  return window;
}

app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});
app.on('window-all-closed', () => app.quit());

if (app.requestSingleInstanceLock()) void openWindow();
else app.quit();

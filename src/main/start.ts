import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError, ERROR_CODES } from '../core/model/errors.ts';
import { openWindow } from './chromium/window.ts';
import { practising } from './practising.ts';
import { buildWindow, ensureBrowser, ensureBubblewrap } from './prepare.ts';

/** `npm start`: Electron if its binary is installed, else the machine's own Chromium; one line says which. */
try {
  if (platform() === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new AppError('environment', 'There is no display to open a window on.', { hint: 'npm run demo does the main job without one.' });
  }
  await buildWindow();
  ensureBubblewrap();
  const electron = electronBinary();
  if (electron !== null) await startElectron(electron);
  else await startChromium();
} catch (cause) {
  if (!(cause instanceof AppError)) throw cause;
  process.stderr.write(`countersign: ${[cause.message, cause.hint].filter((part) => part !== null).join(' ')}\n`);
  process.exitCode = ERROR_CODES[cause.code].exit;
}

async function startChromium(): Promise<void> {
  const executable = ensureBrowser();
  const sandbox = process.getuid?.() === 0 ? ' Its sandbox is off, because this is root.' : '';
  process.stdout.write(`Countersign opens in ${executable}. npx install-electron installs the Electron window instead.${sandbox}\n`);
  const core = practising({ shell: 'chromium' });
  const window = await openWindow(core, { executable });
  const stop = (): void => void window.close();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await window.closed;
  await core.close();
}

async function startElectron(binary: string): Promise<void> {
  process.stdout.write('Countersign opens in Electron.\n');
  const child = spawn(binary, [join(import.meta.dirname, '../../out/main/main.js')], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

function electronBinary(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const names: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
  const path = join(folder, 'dist', names[platform()] ?? 'electron');
  return existsSync(path) ? path : null;
}

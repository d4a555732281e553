import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { AppError } from '../../core/model/errors.ts';

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** The machine's own Chromium, Chrome or Edge; `COUNTERSIGN_BROWSER` names another. Errors: `browser-unavailable`. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['COUNTERSIGN_BROWSER'];
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new AppError('browser-unavailable', `COUNTERSIGN_BROWSER names ${given}, which is not there.`, { details: { path: given } });
  }
  const found = candidates(environment).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new AppError('browser-unavailable', 'No Chromium, Chrome or Edge was found.', { hint: howToInstall() });
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  if (platform() === 'darwin') return MAC;
  if (platform() === 'win32') {
    const roots = [environment['PROGRAMFILES'], environment['PROGRAMFILES(X86)'], environment['LOCALAPPDATA']].filter((root) => root !== undefined);
    return roots.flatMap((root) => [join(root, 'Google/Chrome/Application/chrome.exe'), join(root, 'Microsoft/Edge/Application/msedge.exe')]);
  }
  return (environment['PATH'] ?? '').split(delimiter).flatMap((folder) => ON_PATH.map((name) => join(folder, name)));
}

function howToInstall(): string {
  if (platform() === 'linux') return 'Install one (on Debian and Ubuntu: sudo apt-get install chromium), or name one with COUNTERSIGN_BROWSER.';
  return 'Install Chrome or Edge, or name one with COUNTERSIGN_BROWSER.';
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../core/model/errors.ts';
import { findBrowser } from './chromium/find-browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const STAMP = join(ROOT, 'out/renderer/.built-from');

/** Builds the window if its sources are not those that it was built from last. */
export async function buildWindow(): Promise<void> {
  const digest = digestOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  process.stderr.write('Building the window …\n');
  const { build } = await import('vite');
  // Vite sets NODE_ENV for its own build; what is started afterwards must not inherit it.
  const before = process.env['NODE_ENV'];
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn' });
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  writeFileSync(STAMP, digest);
}

/** The browser that is there, or, as root on Debian, the one that is installed now. Errors: `browser-unavailable`. */
export function ensureBrowser(): string {
  try {
    return findBrowser();
  } catch (cause) {
    if (!(cause instanceof AppError) || !mayInstall()) throw cause;
  }
  process.stderr.write('Installing Chromium from Debian …\n');
  const problem = installFromDebian(['chromium', 'fonts-liberation']);
  if (problem !== null) throw new AppError('browser-unavailable', problem, { hint: 'Install Chromium by hand: apt-get install chromium.' });
  return findBrowser();
}

/**
 * Sees to it that commands of a policy can be confined: bubblewrap is installed where that may be done. Nothing else
 * needs it, so without it one line says how to have it, and only `run` is refused.
 */
export function ensureBubblewrap(): void {
  if (platform() !== 'linux' || spawnSync('bwrap', ['--version']).status === 0) return;
  const problem = mayInstall() ? installFromDebian(['bubblewrap']) : 'bubblewrap is not installed';
  if (problem !== null) process.stderr.write(`Commands of the policy cannot be run here: ${problem}. On Debian: apt-get install bubblewrap\n`);
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs Debian packages; what went wrong, or null. */
function installFromDebian(packages: readonly string[]): string | null {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, { env: environment, encoding: 'utf8' });
    if (status !== 0) return `apt-get ${args[0] ?? ''} failed: ${stderr?.trim().split('\n').at(-1) ?? ''}`;
  }
  return null;
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  const folders = ['src/renderer', 'src/core/contract', 'src/core/model'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), join(ROOT, 'vite.config.ts'), join(ROOT, 'package-lock.json')]) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

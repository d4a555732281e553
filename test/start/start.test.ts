import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/repository.ts';

const ROOT = join(import.meta.dirname, '../..');
const START = [join(ROOT, 'src/main/start.ts')];

let folder: ReturnType<typeof temporaryFolder>;
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = temporaryFolder('start');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

function environment(display: string | null): NodeJS.ProcessEnv {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  return { ...rest, COUNTERSIGN_HOME: join(folder.path, 'home'), ...(display === null ? {} : { DISPLAY: display }) };
}

/** A display of its own; Xvfb chooses a free number and says it on descriptor 3. */
function openDisplay(): Promise<string> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  running.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdio[3]?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`));
  });
}

describe('npm start', () => {
  test('without a display says so in one line, and what does without', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, START, { env: environment(null), encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: '', stderr: 'countersign: There is no display to open a window on. npm run demo does the main job without one.\n' });
  });

  test.runIf(spawnSync('sh', ['-c', 'command -v Xvfb']).status === 0)('opens the window on a display, says which shell, and ends when it is told to', async () => {
    const child = spawn(process.execPath, START, { env: environment(await openDisplay()), stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    // The window asks the core for its state as soon as it is there, which opens the archive.
    await expect.poll(() => existsSync(join(folder.path, 'home/genesis.db')), { timeout: 40_000, message: errors }).toBe(true);
    expect(out).toMatch(/^Countersign opens in /);
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(errors.replace('Building the window …\n', '')).toBe('');
  });
});

import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureHome } from '../../src/main/adapters/home-folder.ts';
import { temporaryFolder } from '../support/repository.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('home');
});
afterEach(() => folder.remove());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('a data folder that the console makes is its owner’s alone', async () => {
  const home = join(folder.path, 'new', 'home');
  await ensureHome(home);
  expect(modeOf(home)).toBe('700');
});

test.each([0o755, 0o770, 0o700])('a data folder that was there keeps its mode %o', async (mode) => {
  const home = join(folder.path, 'shared');
  mkdirSync(home);
  chmodSync(home, mode);
  await ensureHome(home);
  expect(modeOf(home)).toBe(mode.toString(8));
});

test('a file in its place is told with the next step', async () => {
  const home = join(folder.path, 'home');
  writeFileSync(home, '');
  await expect(ensureHome(join(home, 'inside'))).rejects.toMatchObject({ code: 'storage-failed', hint: expect.stringContaining('COUNTERSIGN_HOME') as string });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, report, type Measured } from './archive/measured.ts';

/** The first pull of a shared archive, verified, against copying its files, inserting the rows and hashing them, in turn. */
const ENTRIES = process.argv[2] ?? '100000';
const RUNS = Number(process.argv[3] ?? 5);
const SIDES = new URL('./archive/pull-sides.ts', import.meta.url);

const place = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  const folder = join(place, 'shared');
  mkdirSync(join(place, 'writer'));
  measured(SIDES, 'publish', join(place, 'writer'), folder, ENTRIES);
  compare('a folder', 'cp -r', folder);
  const remote = `git+file://${join(place, 'remote.git')}`;
  spawnSync('git', ['init', '-q', '--bare', '--initial-branch=genesis', join(place, 'remote.git')], { stdio: 'inherit' });
  mkdirSync(join(place, 'git-writer'));
  measured(SIDES, 'publish', join(place, 'git-writer'), remote, ENTRIES);
  compare('a git remote', 'git clone', remote);
} finally {
  rmSync(place, { recursive: true, force: true });
}

function compare(kind: string, copying: string, shared: string): void {
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const home = mkdtempSync(join(place, 'reader-'));
    const sides = [(): unknown => ours.push(measured(SIDES, 'pull', home, shared)), (): unknown => theirs.push(measured(SIDES, 'copy', home, shared))];
    for (const side of run % 2 === 0 ? sides : sides.toReversed()) side();
    rmSync(home, { recursive: true, force: true });
  }
  report({ name: `${ENTRIES} entries: first pull from ${kind}`, ours, peer: `${copying}, insert and hash`, theirs, aim: 1.5 });
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../src/core/contract/connect.ts';
import { compose } from '../src/main/compose.ts';

/**
 * Judging a release of 5,000 commits in a repository of 100,000, in a process that runs already, against
 * `git log --name-status` printing the same range. Both are run in turn; the medians are compared.
 */
const COMMITS = Number(process.argv[2] ?? 100_000);
const IN_RANGE = Number(process.argv[3] ?? 5_000);
const RUNS = Number(process.argv[4] ?? 5);
const FILES = 4_000;

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  const repository = join(folder, 'product');
  mkdirSync(repository);
  const git = (...parts: string[]): string => execFileSync('git', parts, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '--quiet', '--initial-branch=main');
  await importHistory(repository);
  git('tag', 'v1.0.0', `main~${IN_RANGE}`);

  const core = compose({ shell: 'test', home: join(folder, 'home') });
  const client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  const draft = { version: 'v1.1.0', declared: [], repo: repository, outputs: [], since: 'v1.0.0', policyFile: null };
  const judge = async (): Promise<void> => {
    const { range } = await client.call('release.evaluate', { draft, at: '2026-01-31T12:00:00Z', record: false, task: undefined });
    if (range.total !== IN_RANGE) throw new Error(`${range.total} commits in range`);
  };
  const print = async (): Promise<void> => {
    const { status } = spawnSync('git', ['--no-pager', 'log', '--name-status', 'v1.0.0..main'], { cwd: repository, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1024 * 1024 * 1024 });
    if (status !== 0) throw new Error('git log failed');
  };
  await judge();
  await print();
  const [judging, printing]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    if (run % 2 === 0) judging.push(await seconds(judge));
    printing.push(await seconds(print));
    if (run % 2 === 1) judging.push(await seconds(judge));
  }
  await core.close();
  const [ours, theirs] = [median(judging), median(printing)];
  process.stdout.write(`${COMMITS} commits, ${IN_RANGE} in range: judged in ${ours.toFixed(2)} s; git log --name-status ${theirs.toFixed(2)} s; ratio ${(ours / theirs).toFixed(2)}, ${(ours - 1.5 * theirs).toFixed(2)} s over 1.5 of it (aim ≤ 1.00)\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

/** Commits that each change three files of a few thousand, through git's own importer. */
async function importHistory(repository: string): Promise<void> {
  const importer = spawn('git', ['fast-import', '--quiet'], { cwd: repository, stdio: ['pipe', 'ignore', 'inherit'] });
  const write = async (text: string): Promise<void> => {
    if (!importer.stdin.write(text)) await once(importer.stdin, 'drain');
  };
  const path = (at: number): string => `src/part${at % 40}/module${at % 200}/file${at % FILES}.ts`;
  for (let at = 0; at < COMMITS; at += 1) {
    const message = `Change number ${at}\n\nWhy it was changed, in a sentence or two, as people write them.\n`;
    const files = [at, at * 7 + 1, at * 13 + 5].map((seed) => {
      const content = `export const value = ${at};\n// ${seed}\n`;
      return `M 100644 inline ${path(seed)}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
    });
    await write(`commit refs/heads/main\ncommitter Person ${at % 50} <person${at % 50}@example.com> ${1_700_000_000 + at * 60} +0000\ndata ${Buffer.byteLength(message)}\n${message}\n${files.join('')}`);
  }
  importer.stdin.end();
  await once(importer, 'exit');
}

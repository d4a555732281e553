import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { markerOf, oneVersionBack } from './left-behind.ts';

const CHILD = fileURLToPath(new URL('./writer-child.ts', import.meta.url));
const KILLS_A_HOME = 50;
/** Some are killed at a random moment of their start, the others so long after it. */
const EARLY = 0.15;
const STARTING_MILLISECONDS = 400;

/** What a number of kills came to. */
export interface Counts {
  kills: number;
  /** Kills before the archive was open. */
  early: number;
  entries: number;
  syncs: number;
  exports: number;
  migrations: number;
  repairs: number;
  /** Acknowledged, and not there afterwards or not the same. */
  lost: number;
  /** Archives, shared folders and exports that were not whole, and starts that failed. */
  handWork: string[];
}

export const NO_COUNTS: Readonly<Counts> = { kills: 0, early: 0, entries: 0, syncs: 0, exports: 0, migrations: 0, repairs: 0, lost: 0, handWork: [] };

const quietWork = { signal: new AbortController().signal, progress: (): void => undefined };

/**
 * Starts a writer and kills it at a random moment, over and over on one data folder, then on the next; after each folder
 * what was acknowledged is looked for in the archive, in the shared folder and in the exports.
 */
export async function killWriters(kills: number, { latest = 300, told = () => undefined }: { readonly latest?: number; readonly told?: (counts: Counts) => void } = {}): Promise<Counts> {
  const counts: Counts = { ...NO_COUNTS, handWork: [] };
  while (counts.kills < kills) {
    const place = mkdtempSync(join(tmpdir(), 'countersign-kills-'));
    try {
      await oneHome(place, Math.min(KILLS_A_HOME, kills - counts.kills), latest, counts);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
    told(counts);
  }
  return counts;
}

async function oneHome(place: string, kills: number, latest: number, counts: Counts): Promise<void> {
  const [home, shared, exports] = [join(place, 'home'), join(place, 'shared'), join(place, 'exports')];
  for (const folder of [home, exports]) mkdirSync(folder, { mode: 0o700 });
  const acknowledged = new Map<number, string>();
  const exported: { folder: string; entries: number }[] = [];
  let synced = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const seed = Math.floor(Math.random() * 1_000_000_000);
    const { lines, errors, killed } = await killedChild([home, shared, exports, `run${kill}`, String(seed)], latest);
    counts.kills += 1;
    if (!killed) counts.handWork.push(`A start failed (seed ${seed}): ${errors.slice(0, 2_000)}`);
    if (lines[0] !== 'ready') counts.early += 1;
    for (const line of lines) {
      const [what, ...rest] = line.split(' ');
      if (what === 'entry') {
        counts.entries += 1;
        acknowledged.set(Number(rest[0]), rest[1] ?? '');
      } else if (what === 'synced') {
        counts.syncs += 1;
        synced = acknowledged.size === 0 ? 0 : Math.max(...acknowledged.keys()) + 1;
      } else if (what === 'exported') exported.push({ folder: rest[0] ?? '', entries: Number(rest[1]) });
      else if (what === 'migrated') counts.migrations += 1;
      else if (what === 'repaired') counts.repairs += 1;
      else if (what === 'problem') counts.handWork.push(line);
    }
  }
  counts.exports += exported.length;
  await judge({ home, shared, exports, acknowledged, exported, synced }, counts);
}

interface Left {
  readonly home: string;
  readonly shared: string;
  readonly exports: string;
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly exported: readonly { readonly folder: string; readonly entries: number }[];
  readonly synced: number;
}

/** Holds what is there against what was acknowledged. */
async function judge({ home, shared, exports, acknowledged, exported, synced }: Left, counts: Counts): Promise<void> {
  oneVersionBack(home);
  if (existsSync(markerOf(home))) {
    const { verdict } = await repairArchive({ home, from: shared }, quietWork);
    if (verdict !== 'whole' && verdict !== 'repaired') counts.handWork.push(`The repair came to ${verdict}.`);
  }
  const archive = await opened(home);
  try {
    const { verdict, problems } = await archive.verify(quietWork);
    if (verdict !== 'good') counts.handWork.push(`The archive does not verify: ${JSON.stringify(problems.slice(0, 5))}`);
    counts.lost += lostOf(home, archive.origin, acknowledged);
    if (counts.syncs > 0) {
      const before = await heldBy(shared, synced, acknowledged, archive.origin);
      counts.lost += before.lost;
      counts.handWork.push(...before.problems.map((problem) => `The shared folder as it was left: ${problem}`));
    }
    const after = await archive.sync(shared, quietWork);
    if (after.problems.length > 0) counts.handWork.push(`The sync afterwards: ${JSON.stringify(after.problems)}`);
    const full = await heldBy(shared, Math.max(-1, ...acknowledged.keys()) + 1, acknowledged, archive.origin);
    counts.lost += full.lost;
    counts.handWork.push(...full.problems.map((problem) => `The shared folder after a sync: ${problem}`));
    for (const { folder, entries } of exported) {
      const found = await archive.verifyExport(folder, [], quietWork);
      if (found.verdict !== 'good' || found.entries !== entries) counts.handWork.push(`${folder}: ${found.verdict}, ${found.entries} of ${entries} entries: ${JSON.stringify(found.problems.slice(0, 3))}`);
    }
    // What is there under its own name is whole, acknowledged or not.
    for (const name of readdirSync(exports).filter((one) => !one.startsWith('.'))) {
      if ((await archive.verifyExport(join(exports, name), [], quietWork)).verdict !== 'good') counts.handWork.push(`The export ${name} is half written.`);
    }
  } finally {
    archive.close();
  }
}

/** What another console that never saw this log takes out of the shared folder. */
async function heldBy(shared: string, size: number, acknowledged: ReadonlyMap<number, string>, origin: string): Promise<{ lost: number; problems: string[] }> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-reader-'));
  const reader = await opened(home);
  try {
    const { problems } = await reader.sync(shared, quietWork);
    const wanted = new Map([...acknowledged].filter(([seq]) => seq < size));
    return { lost: lostOf(home, origin, wanted), problems: problems.map((problem) => JSON.stringify(problem)) };
  } finally {
    reader.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function opened(home: string): Promise<Archive> {
  return openArchive({ home, now: () => new Date(), boot: 'judge' });
}

function lostOf(home: string, origin: string, acknowledged: ReadonlyMap<number, string>): number {
  const db = new Database(join(home, 'genesis.db'), { readonly: true });
  const leaf = db.prepare<[string, number], Buffer>('SELECT leaf FROM entry JOIN log ON log.id = entry.log WHERE log.origin = ? AND seq = ?').pluck();
  const lost = [...acknowledged].filter(([seq, expected]) => leaf.get(origin, seq)?.toString('hex') !== expected).length;
  db.close();
  return lost;
}

async function killedChild(given: readonly string[], latest: number): Promise<{ lines: string[]; errors: string; killed: boolean }> {
  const child = spawn(process.execPath, [CHILD, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  let timer: NodeJS.Timeout | null = null;
  const killWithin = (milliseconds: number): void => void (timer ??= setTimeout(() => child.kill('SIGKILL'), Math.random() * milliseconds));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    killWithin(latest);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  if (Math.random() < EARLY) killWithin(STARTING_MILLISECONDS);
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (timer !== null) clearTimeout(timer);
  // The last line may have been cut by the kill; it was then not told whole.
  return { lines: output.split('\n').slice(0, -1), errors, killed: signal === 'SIGKILL' };
}

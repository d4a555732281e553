import { spawnSync } from 'node:child_process';

/** What one side of a comparison took, in a process of its own. */
export interface Measured {
  readonly seconds: number;
  /** The most memory that the process ever had, in MiB. */
  readonly peak: number;
}

/** Runs one side in a process of its own: neither pays for what the other left in memory, and each has its own peak. */
export function measured(script: URL, side: string, ...given: readonly string[]): Measured {
  const { status, stdout } = spawnSync(process.execPath, [script.pathname, side, ...given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1_000_000 });
  if (status !== 0) throw new Error(`${side} ended with ${status}`);
  return JSON.parse(stdout) as Measured;
}

/** Told by a side when it is done. */
export function tell(took: number): void {
  process.stdout.write(JSON.stringify({ seconds: took, peak: Math.round(process.resourceUsage().maxRSS / 1024) } satisfies Measured));
}

export async function seconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

interface Compared {
  readonly name: string;
  readonly peer: string;
  readonly ours: readonly Measured[];
  readonly theirs: readonly Measured[];
  readonly aim: number;
}

/** Prints the medians of both sides, their ratio, and the most memory that ours ever had. */
export function report({ name, peer, ours, theirs, aim }: Compared): void {
  const [mine, other] = [ours, theirs].map((runs) => median(runs.map((run) => run.seconds))) as [number, number];
  process.stdout.write(`${name} ${mine.toFixed(2)} s, peak ${Math.max(...ours.map(({ peak }) => peak))} MiB; ${peer} ${other.toFixed(2)} s; ratio ${(mine / other).toFixed(2)} (aim ≤ ${aim})\n`);
}

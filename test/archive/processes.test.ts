import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { everything, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const CHILD = fileURLToPath(new URL('./append-child.ts', import.meta.url));
const KILLS = 20;

describe('several processes', () => {
  it('append at once without losing or doubling a place, even when they start the log together', async () => {
    const home = temporaryFolder();
    const outputs = await Promise.all(['one', 'two', 'three'].map((name) => run([home, name, '30'])));
    const places = outputs.flatMap(({ lines }) => lines.map((line) => Number(line.split(' ')[0])));
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, at) => at * 2));
    const archive = await openTestArchive({ home });
    expect((await archive.list(everything)).total).toBe(180);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', entries: 180 });
  }, 60_000);

  it(`lose nothing that was acknowledged through ${KILLS} kills`, async () => {
    const home = temporaryFolder();
    const acknowledged: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Killed after another number of acknowledged appends each time, in the middle of the next one.
      acknowledged.push(...(await run([home, `run-${kill}`], 1 + (kill % 5))).lines);
    }
    const archive = await openTestArchive({ home });
    for (const line of acknowledged) {
      const [seq = '', leaf] = line.split(' ');
      expect((await archive.show(seq)).leaf).toBe(leaf);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS);
    const verification = await archive.verify(quietWork);
    expect(verification.problems).toEqual([]);
    // One transaction a call: never half of one.
    expect(verification.entries % 2).toBe(0);
  }, 120_000);
});

async function run(given: string[], killAfter = Infinity): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [CHILD, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  // The last line may have been cut by the kill; it was then not told whole.
  return { code, lines: output.split('\n').slice(0, -1) };
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { repairArchive } from '../../src/main/adapters/sqlite/repair-archive.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';

const CHILD = fileURLToPath(new URL('./attachment-child.ts', import.meta.url));
const MIB = 1024 * 1024;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const blobIn = (home: string, digest: string): string => join(home, 'blob', 'sha256', digest.slice(0, 2), digest);

const child = (...args: readonly string[]) => spawnSync(process.execPath, [CHILD, ...args], { encoding: 'utf8' });
/** In a mount namespace of its own, so that a mount ends with the process. */
const mounted = (mount: string, ...args: readonly string[]) =>
  spawnSync('unshare', [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount', 'sh', '-c', `${mount} && exec "$@"`, 'sh', process.execPath, CHILD, ...args], { encoding: 'utf8' });
const answers = (text: string): unknown[] => text.trim().split('\n').map((line) => JSON.parse(line) as unknown);

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'said.txt');
  writeFileSync(path, text);
  return path;
}

describe.skipIf(process.platform !== 'linux')('attachments and faults', () => {
  test('a disk that is full keeps no half of a file, and the archive goes on', () => {
    const home = temporaryFolder();
    const large = join(temporaryFolder(), 'large.bin');
    writeFileSync(large, Buffer.alloc(16 * MIB, 7));
    const { stdout, stderr, status } = mounted(`mount -t tmpfs -o size=8m,mode=0700 none ${home}`, 'full', home, large);
    expect([status, stderr]).toEqual([0, '']);
    expect(answers(stdout)).toEqual([
      expect.stringMatching(/^storage-failed: .*the disk is full/), 'example.com/full#0', expect.objectContaining({ verdict: 'good', entries: 1, problems: [] }),
    ]);
  });

  test('a shared folder that is full takes the logs all the same, and it is said what did not fit', async () => {
    const [home, shared] = [temporaryFolder(), temporaryFolder()];
    const large = join(temporaryFolder(), 'large.bin');
    writeFileSync(large, Buffer.alloc(16 * MIB, 7));
    const archive = await openTestArchive({ home, origin: 'example.com/ours' });
    await archive.append([{ record: drift(0), attachments: await archive.keep([large], quietWork) }]);
    archive.close();
    const { stdout, stderr, status } = mounted(`mount -t tmpfs -o size=8m none ${shared}`, 'sync', home, shared);
    expect([status, stderr]).toEqual([0, '']);
    expect(answers(stdout)).toMatchObject([{ pushed: [{ origin: 'example.com/ours', entries: 1 }], problems: [{ code: 'environment', message: expect.stringMatching(/^Attachments: .*no room left/) as string }] }]);
    const after = await openTestArchive({ home });
    expect((await after.sync(temporaryFolder(), quietWork)).attachments).toMatchObject({ pushed: 1 });
  });

  test('a process that is killed in the middle of a transfer leaves what the next one goes on with', async () => {
    const [home, other, shared] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const bytes = Buffer.alloc(6 * MIB, 'largely the same, ');
    const digest = createHash('sha256').update(bytes).digest('hex');
    const path = join(temporaryFolder(), 'large.bin');
    writeFileSync(path, bytes);
    const archive = await openTestArchive({ home });
    await archive.append([{ record: drift(0), attachments: await archive.keep([path], quietWork) }]);
    archive.close();
    const half = (place: string): number => {
      const folder = join(place, 'blob', 'sha256', digest.slice(0, 2));
      const [part = ''] = readdirSync(folder).filter((name) => name.endsWith('.part'));
      return statSync(join(folder, part)).size;
    };
    const firstStep = async (console: Archive, label: string): Promise<number> => {
      const steps: number[] = [];
      expect((await console.sync(shared, { ...quietWork, progress: (step) => void (step.label === label && steps.push(step.done)) })).problems).toEqual([]);
      return steps.length;
    };
    expect(child('half', home, shared).signal).toBe('SIGKILL');
    expect(half(shared)).toBeGreaterThanOrEqual(2 * MIB);
    // Of six pieces, those are published that were not there.
    expect(await firstStep(await openTestArchive({ home }), 'Publishing')).toBeLessThan(6);
    expect(child('half', other, shared).signal).toBe('SIGKILL');
    expect(half(other)).toBeGreaterThanOrEqual(2 * MIB);
    expect(await firstStep(await openTestArchive({ home: other }), 'Fetching')).toBeLessThan(6);
    expect(readFileSync(blobIn(other, digest)).equals(bytes)).toBe(true);
    expect(readdirSync(join(shared, 'blob', 'sha256', digest.slice(0, 2)))).toEqual([digest]);
  });

  test('a process that is killed between the bytes and the entry leaves no entry, and the bytes are found', async () => {
    const home = temporaryFolder();
    const path = fileWith('what was said');
    expect(child('between', home, path).signal).toBe('SIGKILL');
    expect(existsSync(blobIn(home, sha256('what was said')))).toBe(true);
    const archive = await openTestArchive({ home });
    expect((await archive.logs())[0]?.size).toBe(0);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [{ code: 'unnamed-attachment' }] });
    // Doing it once more is all that it takes.
    await archive.append([{ record: drift(0), attachments: await archive.keep([path], quietWork) }]);
    expect(await archive.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [] });
  });

  test('a process that is killed between the tombstone and the removal has it finished by whoever opens the archive next', async () => {
    const home = temporaryFolder();
    const before = await openTestArchive({ home });
    const [{ id } = { id: '' }] = await before.append([{ record: drift(0), attachments: await before.keep([fileWith('what was said')], quietWork) }]);
    before.close();
    const digest = sha256('what was said');
    expect(child('tombstone', home, digest).signal).toBe('SIGKILL');
    expect(existsSync(blobIn(home, digest))).toBe(true);
    const after = await openTestArchive({ home });
    expect(existsSync(blobIn(home, digest))).toBe(false);
    expect(await after.attachments.states(id)).toMatchObject([{ state: 'withheld', withheld: { by: 'ines', reason: 'It names somebody.' } }]);
  });

  test('an archive that was built anew knows its attachments, and what was withheld stays so', async () => {
    const [home, shared] = [temporaryFolder(), temporaryFolder()];
    const before = await openTestArchive({ home });
    const [{ id: kept } = { id: '' }] = await before.append([{ record: drift(0), attachments: await before.keep([fileWith('what is kept')], quietWork) }]);
    const [{ id: gone } = { id: '' }] = await before.append([{ record: drift(1), attachments: await before.keep([fileWith('what was said')], quietWork) }]);
    await before.append([{ record: { event_type: 'tombstone', attachment_sha256: sha256('what was said'), withheld_at: '2026-01-31T12:00:00Z', withheld_by: 'ines', because: 'personal-data', reason: 'It names somebody.' } }]);
    await before.sync(shared, quietWork);
    before.close();
    for (const name of readdirSync(home)) if (name.startsWith('genesis.db')) rmSync(join(home, name));
    expect(await repairArchive({ home, from: shared }, quietWork)).toMatchObject({ verdict: 'repaired' });
    const after = await openTestArchive({ home });
    expect([(await after.attachments.states(kept))[0]?.state, (await after.attachments.states(gone))[0]?.state]).toEqual(['here', 'withheld']);
    expect(existsSync(blobIn(home, sha256('what was said')))).toBe(false);
    expect(await after.verify(quietWork)).toMatchObject({ verdict: 'good', problems: [{ code: 'withheld' }] });
  });

  test('an attachment of several hundred MB raises the memory of nobody', () => {
    const [home, more] = [temporaryFolder(), temporaryFolder()];
    const { stdout, stderr } = child('memory', home, more, '256');
    expect(stderr).toBe('');
    const [found] = answers(stdout) as [{ before: number; peak: number; out: number; verdict: string }];
    expect(found).toMatchObject({ out: 256 * MIB, verdict: 'good' });
    // Kept, published, taken in, written out, verified and exported, all in one process.
    expect((found.peak - found.before) / MIB).toBeLessThan(150);
    expect(readdirSync(more)).toContain('export');
  }, 120_000);
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
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

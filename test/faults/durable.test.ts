import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../archive/archives.ts';
import { momentsOf, TRACED, type Moment } from './trace.ts';

const CHILD = fileURLToPath(new URL('./durable-child.ts', import.meta.url));

describe.skipIf(process.platform !== 'linux')('a loss of power', () => {
  it('finds all on the disk that was acknowledged, and every tile before the checkpoint that names it', () => {
    const root = join(temporaryFolder(), 'root');
    mkdirSync(root);
    const log = join(temporaryFolder(), 'trace');
    const { status, stderr } = spawnSync('strace', ['-f', '--seccomp-bpf', '-y', '-s', '256', '-e', `trace=${TRACED}`, '-o', log, process.execPath, CHILD, root], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const moments = momentsOf(readFileSync(log, 'utf8'), root, /\/(?:checkpoint|export|log\.key|[0-9a-f]{64})$/, /\/genesis\.db-wal$/);
    const said = moments.map(({ what }) => what).filter((what) => what.startsWith('said'));
    expect(said).toEqual(['attached', 'appended', 'published', 'appended', 'published', 'exported', 'fetched'].map((line) => `said ${line}\\n`));
    expect(moments.filter(({ what }) => what.endsWith('/checkpoint'))).toHaveLength(3);
    expect(moments.filter(({ what, files, folders }) => !what.startsWith('sync') && files.length + folders.length > 0)).toEqual([]);
    // Attachment, folder, entry: whenever the log is synced, the bytes that its entries name are there under their names.
    const synced = moments.filter(({ what }) => what.startsWith('sync'));
    expect(synced.length).toBeGreaterThan(3);
    expect(synced.filter(({ files, folders }) => [...files, ...folders].some((path) => path.includes('/blob')))).toEqual([]);
    const isBlob = ({ what }: Moment): boolean => /^rename .*\/blob\/sha256\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(what);
    expect(moments.filter(isBlob)).toHaveLength(3);
    expect(moments.findIndex(isBlob)).toBeLessThan(moments.findIndex(({ what }) => what === 'said attached\\n'));
  }, 60_000);
});

describe('the reading of a trace', () => {
  const lines = (...calls: string[]): string => calls.map((call) => `7 ${call}`).join('\n');
  const read = (...calls: string[]) => momentsOf(lines(...calls, 'write(1</dev/pts/0>, "done\\n", 5) = 5'), '/r', /\/checkpoint$/).at(-1);

  it('sees bytes and names that are not on the disk', () => {
    expect(read('openat(AT_FDCWD</>, "/r/a", O_WRONLY|O_CREAT, 0644) = 9</r/a>', 'write(9</r/a>, "x", 1) = 1')).toMatchObject({ files: ['/r/a'], folders: ['/r'] });
    expect(read('openat(AT_FDCWD</>, "/r/a", O_WRONLY|O_CREAT, 0644) = 9</r/a>', 'write(9</r/a>, "x", 1) = 1', 'fsync(9</r/a>) = 0')).toMatchObject({ files: [], folders: ['/r'] });
    expect(read('openat(AT_FDCWD</>, "/r/a", O_WRONLY|O_CREAT, 0644) = 9</r/a>', 'fsync(8</r>) = 0')).toMatchObject({ files: [], folders: [] });
    expect(read('mkdir("/r/b", 0777) = 0')).toMatchObject({ folders: ['/r'] });
    expect(read('rename("/r/b/x", "/r/b/y") = 0')).toMatchObject({ folders: ['/r/b'] });
    expect(read('pwrite64(9</r/a>, "x", 1, 0 <unfinished ...>', '<... pwrite64 resumed>) = 1')).toMatchObject({ files: ['/r/a'] });
  });
});

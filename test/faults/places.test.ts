import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../archive/archives.ts';

const CHILD = fileURLToPath(new URL('./places-child.ts', import.meta.url));
const USER = process.getuid?.() === 0 ? [] : ['-r'];

/** What a scenario said, each by its name. */
function run(scenario: string): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync('unshare', [...USER, '-m', process.execPath, CHILD, scenario, temporaryFolder()], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return Object.fromEntries(stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { what: string; value: unknown }).map(({ what, value }) => [what, value]));
}

const noRoom = { code: 'environment', message: expect.stringContaining('no room left'), hint: expect.stringContaining('Make room') };

describe.skipIf(process.platform !== 'linux')('a place that fails', () => {
  it('a full data folder refuses with the reason, keeps what it acknowledged, and goes on once there is room', () => {
    const said = run('data folder full');
    expect(said['refused']).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('the disk is full'), hint: expect.stringContaining('Make room') });
    const entries = said['acknowledged'] as number;
    expect(entries).toBeGreaterThan(20);
    expect(said['verified while full']).toMatchObject({ verdict: 'good', entries });
    expect(said['verified with room']).toMatchObject({ verdict: 'good', entries });
    expect(said['appended with room']).toMatchObject([{ seq: entries }]);
    expect(said['verified afterwards']).toMatchObject({ verdict: 'good', entries: entries + 1 });
  });

  it('a full stick is named, and holds the whole log after the next sync', () => {
    const said = run('stick full');
    expect(said['synced while full']).toMatchObject({ pushed: [], problems: [{ code: 'environment', message: expect.stringContaining('no room left') }] });
    expect(said['synced with room']).toMatchObject({ pushed: [{ entries: 600 }], problems: [] });
    expect(said['verified']).toMatchObject({ verdict: 'good', entries: 600 });
  });

  it('an export to a full disk leaves nothing half written', () => {
    expect(run('export to a full disk')).toEqual({ tiles: expect.objectContaining(noRoom), jsonl: expect.objectContaining(noRoom), left: [] });
  });

  it('a stick that can only be read is read, and that nothing was published there is said', () => {
    const said = run('stick read-only');
    expect(said['synced']).toMatchObject({ pulled: [{ entries: 1 }], pushed: [] });
    expect((said['synced'] as { problems: { code: string; message: string }[] }).problems[0]).toMatchObject({ code: 'environment', message: expect.stringContaining('can only be read') });
    expect(said['held']).toEqual([['own', 1], ['other', 1]]);
  });

  it('a data folder that can only be read is named, with what to do', () => {
    expect(run('data folder read-only')['opened']).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('can only be read'), hint: expect.stringContaining('COUNTERSIGN_HOME') });
  });
});

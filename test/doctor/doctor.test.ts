import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/core/contract/connect.ts';
import type { HealthCheck } from '../../src/core/contract/doctor-calls.ts';
import { compose } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
const before = { ...process.env };
beforeEach(() => {
  gpg = new GpgHome();
  folder = temporaryFolder('doctor');
});
afterEach(() => {
  process.env['PATH'] = before['PATH'];
  gpg.remove();
  folder.remove();
});

const home = (): string => join(folder.path, 'home');
async function diagnose(now?: Date, first?: (call: ReturnType<typeof connect>['call']) => Promise<unknown>): Promise<{ healthy: boolean; of: (id: HealthCheck['id']) => HealthCheck | undefined }> {
  const core = compose({ shell: 'test', home: home(), ...(now === undefined ? {} : { now: () => now }) });
  const client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  try {
    await first?.(client.call);
    const { healthy, checks } = await client.call('console.diagnose', {});
    return { healthy, of: (id) => checks.find((check) => check.id === id) };
  } finally {
    await core.close();
  }
}
const record = (call: ReturnType<typeof connect>['call']): Promise<unknown> => {
  writeFileSync(join(folder.path, 'one.jsonl'), '{"event_type":"drift"}\n');
  return call('archive.append', { from: join(folder.path, 'one.jsonl') });
};

describe('doctor', () => {
  test('a machine without an archive keeps none, and nothing is made', async () => {
    const { of } = await diagnose();
    expect(of('gpg')).toMatchObject({ state: 'ok' });
    expect(of('git')).toMatchObject({ state: 'ok' });
    expect(of('archive')).toMatchObject({ state: 'not-needed' });
    expect(of('clock')).toMatchObject({ state: 'ok' });
    expect(existsSync(home())).toBe(false);
  });

  test('no gpg and no git on the path', async () => {
    process.env['PATH'] = join(folder.path, 'nothing');
    const { healthy, of } = await diagnose();
    expect(healthy).toBe(false);
    expect(of('gpg')).toMatchObject({ state: 'problem', remedy: 'apt-get install gnupg' });
    expect(of('git')).toMatchObject({ state: 'problem' });
    expect(of('card')).toMatchObject({ state: 'not-needed' });
  });

  test('keys that others may read', async () => {
    await diagnose(undefined, record);
    chmodSync(gpg.path, 0o755);
    chmodSync(home(), 0o755);
    for (const name of readdirSync(home())) if (name.endsWith('.key')) chmodSync(join(home(), name), 0o644);
    const { healthy, of } = await diagnose();
    expect(healthy).toBe(false);
    expect(of('gnupg-folder')).toMatchObject({ state: 'problem', remedy: `chmod 700 ${gpg.path}` });
    expect(of('data-folder')).toMatchObject({ state: 'problem' });
    expect(of('log-key')).toMatchObject({ state: 'problem' });
  });

  test('a pinentry that is configured and not there', async () => {
    writeFileSync(join(gpg.path, 'gpg-agent.conf'), 'pinentry-program /nowhere/pinentry\n');
    expect((await diagnose()).of('pinentry')).toMatchObject({ state: 'problem', remedy: 'apt-get install pinentry-curses' });
  });

  test('a clock that was set back', async () => {
    await diagnose(new Date('2026-03-01T00:00:00Z'), record);
    expect((await diagnose(new Date('2026-02-01T00:00:00Z'))).of('clock')).toMatchObject({ state: 'problem' });
    expect((await diagnose(new Date('2001-01-01T00:00:00Z'))).of('clock')).toMatchObject({ state: 'problem' });
    expect((await diagnose(new Date('2026-03-02T00:00:00Z'))).of('clock')).toMatchObject({ state: 'ok' });
  });

  test('an archive that is none', async () => {
    await diagnose(undefined, record);
    for (const name of readdirSync(home())) if (/\.db/.test(name)) writeFileSync(join(home(), name), 'no database, whatever its name says');
    expect((await diagnose()).of('archive')).toMatchObject({ state: 'problem' });
  });

  test('the command line ends with 1 where there is a problem', () => {
    mkdirSync(home(), { mode: 0o755 });
    chmodSync(home(), 0o755);
    const { status, stdout } = spawnSync(join(import.meta.dirname, '../../bin/countersign'), ['doctor'], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: home() } });
    expect(status).toBe(1);
    expect(stdout).toContain(`do: chmod 700 ${home()}`);
  });
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { systemKeyring } from '../../src/main/adapters/keystore/system-keyring.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { KeyringSession } from '../support/keyring-session.ts';
import { temporaryFolder } from '../support/repository.ts';

const CLI = join(import.meta.dirname, '../../bin/countersign');
const cores: Core[] = [];
let session: KeyringSession;
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  session = await KeyringSession.start();
});
afterAll(() => session.remove());
beforeEach(async () => {
  folder = temporaryFolder('keystore');
  await session.keyring('unlocked');
});
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
  folder.remove();
});

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
function open(home: string): Client {
  const core = compose({ shell: 'test', home: at(home) });
  cores.push(core);
  return connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
}
const closeAll = async (): Promise<void> => {
  for (const core of cores.splice(0)) await core.close();
};
async function append(client: Client): Promise<string> {
  writeFileSync(at('line.jsonl'), '{"event_type":"drift"}\n');
  return (await client.call('archive.append', { from: at('line.jsonl'), task: undefined })).appended[0]?.id ?? '';
}
const vkeyOf = async (client: Client): Promise<string> => (await client.call('console.status', {})).vkey;
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const markIn = (home: string): { account: string } => JSON.parse(readFileSync(at(home, 'log.keyring'), 'utf8')) as { account: string };
/** A console that was there before the keyring was. */
async function withFile(home: string): Promise<string> {
  process.env['COUNTERSIGN_KEYRING'] = 'off';
  const client = open(home);
  await append(client);
  const vkey = await vkeyOf(client);
  await closeAll();
  delete process.env['COUNTERSIGN_KEYRING'];
  return vkey;
}

describe('a keyring that can be used', () => {
  test('holds the key of a new console, and no file does', async () => {
    const client = open('home');
    await append(client);
    expect(existsSync(at('home', 'log.key'))).toBe(false);
    expect(await client.call('archive.key', {})).toMatchObject({ where: 'keyring', place: markIn('home').account });
    expect(readFileSync(at('home', 'log.keyring'), 'utf8')).not.toContain('PRIVATE');
    expect(statSync(at('home', 'log.keyring')).mode & 0o777).toBe(0o600);
    expect(systemKeyring()?.get(markIn('home').account)).toContain('PRIVATE KEY');
    expect((await client.call('console.diagnose', {})).checks.find(({ id }) => id === 'log-key')).toMatchObject({ state: 'ok', message: 'In the system’s keyring.' });
    await closeAll();
    // Whichever shell opens it next, it is the same key.
    const said = spawnSync(CLI, ['archive', 'append', '--from', at('line.jsonl'), '--json'], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: at('home') } });
    expect(JSON.parse(said.stdout)).toMatchObject({ appended: [{ seq: 1 }] });
    const shown = spawnSync(CLI, ['archive', 'key'], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: at('home') } });
    expect(shown.stdout).toContain(`keyring: ${markIn('home').account}`);
    const again = open('home');
    expect(await append(again)).toMatch(/#2$/);
    expect(await again.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good', entries: 3 });
  });

  test('keeps two consoles of one user apart', async () => {
    const [one, two] = [open('one'), open('two')];
    await append(one);
    await append(two);
    expect(await vkeyOf(one)).not.toBe(await vkeyOf(two));
    expect(markIn('one').account).not.toBe(markIn('two').account);
    await closeAll();
    expect(await append(open('one'))).toMatch(/#1$/);
    expect(await append(open('two'))).toMatch(/#1$/);
  });

  test('takes the key of a console that has a file only when it is told to, and gives it back', async () => {
    const vkey = await withFile('home');
    const client = open('home');
    expect(await client.call('archive.key', {})).toMatchObject({ where: 'file', place: at('home', 'log.key'), said: expect.stringContaining('The keyring can be used') as string });
    expect(await append(client)).toMatch(/#1$/);
    expect(await client.call('archive.moveKey', { to: 'keyring' })).toMatchObject({ where: 'keyring' });
    expect(existsSync(at('home', 'log.key'))).toBe(false);
    const { account } = markIn('home');
    await closeAll();
    const moved = open('home');
    expect([await append(moved), await vkeyOf(moved)]).toEqual([expect.stringMatching(/#2$/), vkey]);
    expect(await moved.call('archive.moveKey', { to: 'keyring' })).toMatchObject({ where: 'keyring', place: account });
    expect(await moved.call('archive.moveKey', { to: 'file' })).toMatchObject({ where: 'file' });
    expect(existsSync(at('home', 'log.keyring'))).toBe(false);
    expect(systemKeyring()?.get(account)).toBeNull();
    expect(statSync(at('home', 'log.key')).mode & 0o777).toBe(0o600);
    await closeAll();
    expect(await vkeyOf(open('home'))).toBe(vkey);
  });

  test('is moved to once more where a move was stopped', async () => {
    const vkey = await withFile('home');
    copyFileSync(at('home', 'log.key'), at('kept.key'));
    await open('home').call('archive.moveKey', { to: 'keyring' });
    const first = markIn('home').account;
    copyFileSync(at('kept.key'), at('home', 'log.key'));
    await closeAll();
    const client = open('home');
    expect(await client.call('archive.key', {})).toMatchObject({ where: 'file', said: expect.stringContaining('A move was stopped') as string });
    expect(await vkeyOf(client)).toBe(vkey);
    expect(await client.call('archive.moveKey', { to: 'keyring' })).toMatchObject({ where: 'keyring' });
    expect(existsSync(at('home', 'log.key'))).toBe(false);
    // What the first attempt had left there is gone.
    expect([systemKeyring()?.get(first), systemKeyring()?.get(markIn('home').account)]).toEqual([null, expect.stringContaining('PRIVATE')]);
  });

  test('gives the key to a repair', async () => {
    const client = open('home');
    await append(client);
    const vkey = await vkeyOf(client);
    await client.call('sync.run', { url: at('shared'), task: undefined });
    await closeAll();
    for (const end of ['', '-wal', '-shm']) rmSync(at('home', `genesis.db${end}`), { force: true });
    const mended = open('home');
    expect(await mended.call('archive.repair', { from: at('shared'), task: undefined })).toMatchObject({ verdict: 'repaired' });
    expect([await append(mended), await vkeyOf(mended)]).toEqual([expect.stringMatching(/#1$/), vkey]);
  });

  test('holds nothing for a data folder that came from elsewhere, which is said and nothing made', async () => {
    await append(open('home'));
    await closeAll();
    cpSync(at('home'), at('copy'), { recursive: true });
    systemKeyring()?.remove(markIn('home').account);
    expect(await failure(append(open('copy')))).toMatch(/^storage-failed: The keyring of this user holds nothing called/);
    expect(existsSync(at('copy', 'log.key'))).toBe(false);
  });
});

describe('a keyring that cannot be used', () => {
  test('that is locked leaves a new console its file, and says so', async () => {
    // It has a password by now, and nobody to give it.
    await append(open('before'));
    await closeAll();
    await session.keyring('locked');
    const client = open('home');
    await append(client);
    expect(await client.call('archive.key', {})).toMatchObject({ where: 'file', said: expect.stringMatching(/only its owner can read\. The system’s keyring cannot be used: /) as string });
    expect(await failure(client.call('archive.moveKey', { to: 'keyring' }))).toMatch(/^environment: The system’s keyring cannot be used/);
    expect(existsSync(at('home', 'log.key'))).toBe(true);
    // One whose key lies there says what to do, and makes no other.
    expect(await failure(append(open('before')))).toMatch(/^storage-failed: The key of this console's log lies in the keyring as .*cannot be used/);
    expect(existsSync(at('before', 'log.key'))).toBe(false);
    await session.keyring('unlocked');
    expect(await append(open('before'))).toMatch(/#1$/);
  });

  test('that is not there, or switched off, leaves it its file', async () => {
    await session.stopKeyring();
    const address = process.env['DBUS_SESSION_BUS_ADDRESS'];
    process.env['DBUS_SESSION_BUS_ADDRESS'] = '';
    const client = open('home');
    await append(client);
    expect(await client.call('archive.key', {})).toMatchObject({ where: 'file', said: expect.stringContaining('there is no session bus') as string });
    process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
    process.env['COUNTERSIGN_KEYRING'] = 'off';
    const off = open('off');
    await append(off);
    expect(await off.call('archive.key', {})).toMatchObject({ where: 'file', said: expect.stringContaining('switched off') as string });
    expect(await failure(off.call('archive.moveKey', { to: 'keyring' }))).toMatch(/^environment: The keyring is switched off/);
    delete process.env['COUNTERSIGN_KEYRING'];
  });

  test('that never answers is waited for no longer than a few seconds', async () => {
    const address = process.env['DBUS_SESSION_BUS_ADDRESS'];
    const server: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => void server.listen(at('bus'), resolve));
    process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${at('bus')}`;
    try {
      const keyring = systemKeyring({ patience: 1_000 });
      const began = Date.now();
      expect(() => keyring?.get('anything')).toThrow(/did not answer within 1 seconds/);
      expect(Date.now() - began).toBeLessThan(3_000);
      // By whichever shell: a start takes the file after its patience, and goes on.
      writeFileSync(at('line.jsonl'), '{"event_type":"drift"}\n');
      const good = spawnSync(CLI, ['archive', 'append', '--from', at('line.jsonl'), '--json'], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: at('home') } });
      expect(JSON.parse(good.stdout)).toMatchObject({ appended: [{ seq: 0 }] });
      expect(existsSync(at('home', 'log.key'))).toBe(true);
      expect(Date.now() - began).toBeLessThan(12_000);
    } finally {
      process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
      server.close();
    }
  });
});

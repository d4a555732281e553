import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/core/contract/connect.ts';
import { contract } from '../../src/core/contract/contract.ts';
import { serve, type CallContext, type Handlers } from '../../src/core/contract/serve.ts';
import { AppError, ERROR_CODES } from '../../src/core/model/errors.ts';
import { compose, VERSION, type Core } from '../../src/main/compose.ts';
import { readFileSync } from 'node:fs';
import { temporaryFolder } from '../support/repository.ts';

const caller = { shell: 'test' } as const;

/** Serves one handler; every other call is a bug of the test. */
function serving(name: keyof Handlers, handler: (input: never, context: CallContext) => Promise<unknown>) {
  const bugs: unknown[] = [];
  const events: unknown[][] = [];
  const handlers = new Proxy({ [name]: handler } as unknown as Handlers, {});
  const dispatch = serve(handlers, (...event) => events.push(event), (where, cause) => {
    bugs.push([where, cause]);
    return 'bug-1';
  });
  return { dispatch, bugs, events };
}

const settings = { appearance: 'dark', density: 'dense', policyFile: null, archives: [], idleMinutes: 10 };

describe('a call', () => {
  test.each([
    ['a name that is not there', 'settings.destroy'],
    ['a name that every object has', 'constructor'],
    ['another', '__proto__'],
    ['an event', 'task.progress'],
  ])('by %s is refused loudly', async (_, name) => {
    const { dispatch, bugs } = serving('settings.read', async () => settings);
    expect(await dispatch(name, {}, caller)).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    expect(bugs).toEqual([]);
  });

  test.each([
    ['nothing', undefined], ['null', null], ['a list', []], ['a field too many', { more: 1 }], ['a string', '{}'],
  ])('with %s for its input is refused, with the place', async (_, input) => {
    const { dispatch } = serving('settings.read', async () => settings);
    expect(await dispatch('settings.read', input, caller)).toMatchObject({ ok: false, error: { code: 'bad-input', details: { call: 'settings.read' } } });
  });

  test('hands the handler what was parsed, and the caller what fits the contract', async () => {
    const { dispatch } = serving('settings.read', async () => settings);
    expect(await dispatch('settings.read', {}, caller)).toEqual({ ok: true, value: settings });
  });

  test('whose handler answers otherwise than declared is a bug with an id, and tells nothing of the inside', async () => {
    const { dispatch, bugs } = serving('settings.read', async () => ({ ...settings, secret: '/root' }));
    const answer = await dispatch('settings.read', {}, caller);
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal', details: { id: 'bug-1' } } });
    expect(JSON.stringify(answer)).not.toMatch(/secret|root|serve\.ts/);
    expect(bugs).toHaveLength(1);
  });

  test('that fails as expected keeps code, hint and details; anything thrown else is internal', async () => {
    const expected = serving('settings.read', async () => {
      throw new AppError('not-found', 'There is no such thing.', { hint: 'Look again.', details: { path: '/x' } });
    });
    expect(await expected.dispatch('settings.read', {}, caller)).toEqual({
      ok: false, error: { code: 'not-found', message: 'There is no such thing.', hint: 'Look again.', details: { path: '/x' } },
    });
    expect(expected.bugs).toEqual([]);
    const other = serving('settings.read', async () => {
      throw new TypeError('x is not a function');
    });
    expect(await other.dispatch('settings.read', {}, caller)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(other.bugs).toHaveLength(1);
  });

  test('reports its progress under the caller’s task, paced, and the last of it always', async () => {
    const { dispatch, events } = serving('evidence.list', async (_, { progress }) => {
      for (let done = 1; done <= 500; done += 1) progress({ label: 'Reading', item: null, done, total: 500, unit: 'files' });
      return { files: [] };
    });
    await dispatch('evidence.list', { directory: '/x', policyFile: null, task: 'mine' }, caller);
    expect(events.length).toBeLessThan(20);
    expect(events.at(-1)).toEqual(['task.progress', { task: 'mine', label: 'Reading', item: null, done: 500, total: 500, unit: 'files' }]);
  });

  test('can be cancelled by its task, and two tasks cannot share a name', async () => {
    const { dispatch } = serving('evidence.list', (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
    const first = dispatch('evidence.list', { directory: '/x', policyFile: null, task: 'mine' }, caller);
    expect(await dispatch('evidence.list', { directory: '/x', policyFile: null, task: 'mine' }, caller)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(await dispatch('task.cancel', { task: 'mine' }, caller)).toEqual({ ok: true, value: { cancelled: true } });
    expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await dispatch('task.cancel', { task: 'mine' }, caller)).toEqual({ ok: true, value: { cancelled: false } });
  });
});

describe('the composed core', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let core: Core;
  beforeEach(() => {
    folder = temporaryFolder('core');
    core = compose({ shell: 'test', home: join(folder.path, 'home') });
  });
  afterEach(async () => {
    await core.close();
    folder.remove();
  });

  const calls = Object.entries(contract).flatMap(([name, declared]) => (declared.type === 'call' ? [name] : []));
  test.each(calls)('%s refuses what is not its input', async (name) => {
    expect(await core.dispatch(name, { nonsense: true }, caller)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });

  test('answers, fails and reports as the client is told', async () => {
    const client = connect({ call: (name, input) => core.dispatch(name, input, caller), listen: core.listen });
    const status = await client.call('console.status', {});
    expect(status).toMatchObject({ version: VERSION, shell: 'test', archive: { entries: 0, logs: 1, forks: 0 }, roster: null });
    expect((await client.call('home.read', {})).releases).toEqual([]);
    await expect(client.call('archive.show', { id: '99' })).rejects.toMatchObject({ name: 'AppError' });
    expect(await client.call('settings.write', { appearance: 'dark' })).toMatchObject({ appearance: 'dark', density: 'comfortable' });
    expect((await client.call('files.browse', { path: folder.path })).entries.map(({ name }) => name)).toEqual(['home']);
  });

  test('the version is the package’s own', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });

  test('every code has an exit code of the formats', () => {
    for (const { exit } of Object.values(ERROR_CODES)) expect([1, 2, 3, 4]).toContain(exit);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { contract } from '../../src/core/contract/contract.ts';
import type { Caller } from '../../src/core/contract/serve.ts';
import { Entry } from '../../src/core/model/archive.ts';
import { Roster } from '../../src/core/model/roster.ts';
import { ApprovalStatement } from '../../src/core/model/approval.ts';
import { parseChecksums } from '../../src/core/signing/checksums.ts';
import { seatChallenge } from '../../src/core/service/seat.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { PASSPHRASE, TwoPeople } from '../support/two-people.ts';

let people: TwoPeople;
let core: Core;
let now: Date;
const clientOf = (shell: Caller['shell']): Client => connect({ call: (name, input) => core.dispatch(name, input, { shell }), listen: core.listen });
const window_ = (): Client => clientOf('chromium');
const file = (id: string): string => people.files[id] ?? '';
const take = (id: string, passphrase = PASSPHRASE): Promise<unknown> => window_().call('seat.take', { key: file(id), passphrase });
const said = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const export_ = (client: Client, name: string): Promise<unknown> => client.call('keys.export', { key: file('quinn'), out: join(people.folder.path, name) });
let count = 0;
const fresh = (): string => `public-${count += 1}.asc`;

beforeAll(async () => {
  people = new TwoPeople();
  await people.prepare();
  await people.adopt();
});
afterAll(() => people.remove());
beforeEach(() => {
  now = new Date();
  core = compose({ shell: 'chromium', home: people.home, now: () => now });
});
afterEach(() => core.close());

describe('who sits here', () => {
  test('nobody at first; the keys that are here and that the roster names are offered', async () => {
    const { seat, keys, locked, problem } = await window_().call('seat.read', {});
    expect({ seat, locked, problem }).toEqual({ seat: null, locked: false, problem: null });
    expect(keys.map(({ person, roles, inFile }) => [person.id, roles, inFile]).sort()).toEqual([['grace', ['devops-lead', 'security-architect'], true], ['ines', ['ciso'], false], ['quinn', ['qa'], true]]);
  });

  test('whoever proves it by a signature, with the roles of the roster in force; a restart asks again', async () => {
    await take('quinn');
    const { seat } = await window_().call('seat.read', {});
    expect(seat).toMatchObject({ person: { id: 'quinn', name: 'Quinn Tester' }, roles: ['qa'], key: file('quinn'), fingerprint: people.prints['quinn'], inFile: true });
    await core.close();
    core = compose({ shell: 'chromium', home: people.home });
    expect((await window_().call('seat.read', {})).seat).toBeNull();
  });

  test('a key that gpg holds proves it too; gpg asks for its own passphrase', async () => {
    const { seat } = await window_().call('seat.take', { key: people.prints['ines'] ?? '' });
    expect(seat).toMatchObject({ person: { id: 'ines' }, roles: ['ciso'], key: people.prints['ines'], inFile: false, card: null });
  });

  test('a roster that is no longer in force seats nobody, and says why', async () => {
    // The keys of whoever signed it have expired by then.
    now = new Date(Date.now() + 400 * 24 * 60 * 60 * 1000);
    expect(await said(take('quinn'))).toMatch(/^not-permitted: The roster is signed by 0 of the 1 administrators/);
    expect(await window_().call('seat.read', {})).toMatchObject({ seat: null, keys: [], problem: expect.stringMatching(/signed by 0 of the 1/) as string });
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a wrong passphrase', () => take('quinn', 'not the passphrase'), /^pin-failed/],
    ['no passphrase', () => window_().call('seat.take', { key: file('quinn') }), /passphrase/],
    ['somebody who left', () => take('leo'), /^not-permitted: .*nobody’s in the roster/],
    ['a key that the roster does not name', () => window_().call('seat.take', { key: people.prints['iris'] ?? '' }), /^not-permitted: .*nobody’s in the roster/],
    ['a key that is not here', () => window_().call('seat.take', { key: 'F'.repeat(40) }), /^not-found/],
    ['the command line', () => clientOf('cli').call('seat.take', { key: file('quinn'), passphrase: PASSPHRASE }), /^not-permitted: Only a window/],
  ])('%s takes no seat', async (_, work, words) => {
    expect(await said(work())).toMatch(words);
    expect((await window_().call('seat.read', {})).seat).toBeNull();
  });

  test('nothing of it is kept: neither in the archive nor as a file', async () => {
    const before = (await window_().call('console.status', {})).archive.entries;
    await take('quinn');
    expect((await window_().call('console.status', {})).archive.entries).toBe(before);
    expect(readFileSync(join(people.home, 'workspace.json'), { encoding: 'utf8', flag: 'a+' })).not.toContain('quinn');
  });

  test('what is signed for it could not be an act', () => {
    const text = seatChallenge({ origin: 'example/desk', person: 'quinn', roster: 'a'.repeat(64), at: '2026-01-01T00:00:00Z', random: 'b'.repeat(64) });
    expect(text).toContain('countersign/seat/v1');
    expect(() => JSON.parse(text) as unknown).toThrow();
    for (const schema of [Entry, Roster, ApprovalStatement]) expect(schema.safeParse(text).success).toBe(false);
    expect(parseChecksums(text)).toBeNull();
  });
});

describe('a locked window', () => {
  test('signs, writes and exchanges nothing until somebody takes the seat again; reading and what was begun go on', async () => {
    await take('quinn');
    expect((await window_().call('seat.lock', {})).locked).toBe(true);
    expect(await said(export_(window_(), fresh()))).toMatch(/^not-permitted: The window is locked/);
    expect(await said(window_().call('roster.sign', { file: people.rosterFile, key: file('quinn'), passphrase: PASSPHRASE }))).toMatch(/^not-permitted: The window is locked/);
    expect(await said(window_().call('sync.run', { url: join(people.folder.path, 'shared') }))).toMatch(/^not-permitted: The window is locked/);
    expect(await said(window_().call('seat.leave', {}))).toMatch(/^not-permitted/);
    expect(await said(window_().call('roster.read', {}))).toBe('done');
    expect(await said(take('quinn', 'wrong passphrase'))).toMatch(/^pin-failed/);
    expect((await window_().call('seat.read', {})).locked).toBe(true);
    await take('quinn');
    expect(await said(export_(window_(), fresh()))).toBe('done');
  });

  test('refuses every call that does something, by what the contract says of it', async () => {
    await take('quinn');
    await window_().call('seat.lock', {});
    for (const [name, declared] of Object.entries(contract)) {
      if (declared.type !== 'call' || declared.effect === 'read') continue;
      expect(await core.dispatch(name, {}, { shell: 'electron' }), name).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringMatching(/locked/) as string } });
    }
  });

  test('does not bind the command line, and is nothing where nobody sits', async () => {
    expect((await window_().call('seat.lock', {})).locked).toBe(false);
    await take('quinn');
    await window_().call('seat.lock', {});
    expect(await said(export_(clientOf('cli'), fresh()))).toBe('done');
  });

  test('is opened by another person too, who then sits here', async () => {
    await take('quinn');
    await window_().call('seat.lock', {});
    await take('grace');
    const { seat, locked } = await window_().call('seat.read', {});
    expect({ who: seat?.person.id, locked }).toEqual({ who: 'grace', locked: false });
  });
});

describe('no act under somebody else’s name', () => {
  const sign = (client: Client, key: string): Promise<unknown> => client.call('roster.sign', { file: people.rosterFile, key, passphrase: PASSPHRASE });
  test('a key of somebody else is refused, by file and by fingerprint, as key and as doer', async () => {
    await take('quinn');
    expect(await said(sign(window_(), file('grace')))).toBe('not-permitted: Quinn Tester sits here, and that key is Grace Architect’s: nobody acts under somebody else’s name.');
    expect(await said(sign(window_(), people.prints['grace'] ?? ''))).toMatch(/that key is Grace Architect’s/);
    expect(await said(window_().call('rollback.notify', { rollback: 'r', doer: { key: file('grace'), passphrase: PASSPHRASE, as: null }, notified: [{ who: 'x', role: 'cto', how: 'telephone', at: '2026-01-01T00:00:00Z' }] } as never))).toMatch(/that key is Grace Architect’s/);
    expect(await said(window_().call('rollback.notify', { rollback: 'r', doer: { key: null, as: 'grace' }, notified: [] } as never))).toMatch(/"grace" is Grace Architect/);
  });

  test('where nobody sits, nobody signs as a person of the roster', async () => {
    expect(await said(sign(window_(), file('grace')))).toMatch(/^not-permitted: Nobody sits at this window, and that key is Grace Architect’s/);
  });

  test('one’s own key goes on to the act; the command line names its key itself', async () => {
    await take('quinn');
    expect(await said(sign(window_(), file('quinn')))).toMatch(/no administrator's/);
    await take('grace');
    expect(await said(sign(window_(), file('grace')))).toMatch(/^already-exists/);
    expect(await said(sign(clientOf('cli'), file('grace')))).toMatch(/^already-exists/);
  });

  test('a key that is nobody’s in the roster may sign files, as releases are signed by one', async () => {
    await take('quinn');
    expect(await said(window_().call('signing.sign', { key: people.prints['iris'] ?? '', files: [people.rosterFile], out: join(people.folder.path, 'signed'), release: null, replace: true }))).toBe('done');
  });
});

describe('the seat of somebody who left', () => {
  test('is empty as soon as the roster that says so is in force, locked or not, and their key is nobody’s', async () => {
    await take('quinn');
    await window_().call('seat.lock', {});
    const cli = clientOf('cli');
    const next = join(people.folder.path, 'roster-2.json');
    await cli.call('roster.propose', { file: null, changes: { status: [{ id: 'quinn', status: 'left' }] }, out: next });
    await cli.call('roster.sign', { file: next, key: file('grace'), passphrase: PASSPHRASE });
    await cli.call('roster.adopt', { file: next, digest: null });
    const { seat, locked, keys } = await window_().call('seat.read', {});
    expect({ seat, locked, keys: keys.map(({ person }) => person.id) }).toEqual({ seat: null, locked: true, keys: ['ines', 'grace'] });
    expect(await said(take('quinn'))).toMatch(/^not-permitted: .*nobody’s in the roster/);
    expect(await said(export_(window_(), fresh()))).toMatch(/^not-permitted: The window is locked/);
    await take('grace');
    expect(await said(export_(window_(), fresh()))).toBe('done');
  });
});

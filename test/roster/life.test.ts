import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { hexOfWords, pgpWords } from '../../src/core/model/pgp-words.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

type Name = 'ada' | 'grace' | 'alan' | 'eve';
type Desk = 'first' | 'second';
type Changes = NonNullable<Input<'roster.propose'>['changes']>;

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let keys: Record<Name, string>;
let now: Date;
let count = 0;
let made = 0;
const open = new Map<Desk, { core: Core; client: Client }>();

const at = (...parts: readonly string[]): string => join(folder.path, `case-${count}`, ...parts);
const client = (desk: Desk = 'first'): Client => open.get(desk)?.client as Client;
const said = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const sync = (desk: Desk): Promise<Output<'sync.run'>> => client(desk).call('sync.run', { url: at('shared'), task: undefined });
const problem = async (desk: Desk = 'first'): Promise<string | null> => (await client(desk).call('roster.read', {})).held?.problem ?? null;
const versionOf = async (desk: Desk): Promise<number | undefined> => (await client(desk).call('roster.read', {})).held?.version;

beforeAll(() => {
  gpg = new GpgHome('2026-01-01T00:00:00Z');
  folder = temporaryFolder('roster-life');
  keys = { ada: gpg.key('Ada <ada@example.com>'), grace: gpg.key('Grace <grace@example.com>'), alan: gpg.key('Alan <alan@example.com>'), eve: gpg.key('Eve <eve@example.com>') };
});
afterAll(async () => {
  for (const { core } of open.values()) await core.close();
  gpg.remove();
  folder.remove();
});
beforeEach(async () => {
  for (const { core } of open.values()) await core.close();
  count += 1;
  now = new Date('2026-01-10T12:00:00Z');
  for (const desk of ['first', 'second'] as const) start(desk);
  const consoles = await Promise.all((['first', 'second'] as const).map(async (desk) => {
    const { origin, vkey } = await client(desk).call('console.status', {});
    return { origin, vkey, owner: desk === 'first' ? 'ada' : 'grace' };
  }));
  const roster: Roster = {
    v: 1, roster: 'example', version: 1, expires: '2027-01-01T00:00:00Z', policy_digests: ['a'.repeat(64)], thresholds: { admin: 2 }, consoles,
    people: [person('ada', ['cto'], ['admin', 'approve']), person('grace', ['security-architect'], ['admin', 'approve']), person('alan', ['release-manager'], ['release'])],
  };
  writeFileSync(at('draft.json'), JSON.stringify(roster, null, 2));
  const first = await client().call('roster.propose', { file: at('draft.json'), changes: {}, out: at('roster-1.json') });
  await sign(first.file, 'ada', 'grace');
  for (const desk of ['first', 'second'] as const) await client(desk).call('roster.adopt', { file: first.file, digest: first.digest, task: undefined });
});

function start(desk: Desk): void {
  const core = compose({ shell: 'test', home: at(desk), now: () => now });
  open.set(desk, { core, client: connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen }) });
}

function person(id: Name, roles: string[], use: ('release' | 'approve' | 'admin')[]): Roster['people'][number] {
  return { id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones: [], voice_codes: [], keys: [{ fingerprint: keys[id], cert: readFileSync(gpg.export(keys[id]), 'utf8'), use, on: 'file' }] };
}

async function sign(file: string, ...by: readonly Name[]): Promise<void> {
  for (const name of by) await client().call('roster.sign', { file, key: keys[name], task: undefined });
}

async function propose(changes: Changes): Promise<Output<'roster.propose'>> {
  made += 1;
  return client().call('roster.propose', { file: null, changes, out: at(`next-${made}.json`) });
}

async function next(changes: Changes, by: readonly Name[] = ['ada', 'grace']): Promise<string> {
  const { file } = await propose(changes);
  await sign(file, ...by);
  return file;
}

describe('the next version', () => {
  test('is proposed with what it changes, signed by each administrator, verified, and adopted; gpg alone checks each signature', async () => {
    const proposed = await propose({
      addPeople: [{ id: 'eve', name: 'Eve', emails: ['eve@example.com'] }], addRoles: [{ id: 'eve', role: 'ciso' }], addKeys: [{ id: 'eve', file: gpg.export(keys.eve), use: ['approve'], on: 'file' }],
      status: [{ id: 'alan', status: 'left' }], addDeputies: [{ id: 'eve', deputy: 'ada', from: '2026-02-01T00:00:00Z', until: '2026-02-10T00:00:00Z' }], removePolicies: ['a'.repeat(64)], addPolicies: ['b'.repeat(64)],
    });
    expect(proposed.changes).toEqual([
      'version: 1 → 2', `− policy file ${'a'.repeat(64)}`, `+ policy file ${'b'.repeat(64)}`, 'alan: active → left', `+ Eve (eve): ciso; ${keys.eve} for approve, on a file`, '+ eve: ada from 2026-02-01T00:00:00Z until 2026-02-10T00:00:00Z',
    ]);
    expect(proposed.asks.map(({ version, administrators, needed }) => [version, administrators, needed])).toEqual([[1, ['ada', 'grace'], 2], [2, ['ada', 'grace'], 2]]);
    const verdict = async (): Promise<Output<'roster.verify'>> => client().call('roster.verify', { file: proposed.file });
    expect(await verdict()).toMatchObject({ verdict: 'refused', problem: expect.stringMatching(/signed by 0 of the 2/) as string });
    await sign(proposed.file, 'ada');
    expect(await verdict()).toMatchObject({ verdict: 'refused', thresholds: [{ people: ['ada'], needed: 2, reached: false }, { version: 1, reached: false }] });
    await sign(proposed.file, 'grace');
    expect(await verdict()).toMatchObject({ verdict: 'adoptable', problem: null, signatures: [{ person: 'ada', good: true }, { person: 'grace', good: true }] });
    gpg.gpg(['--verify', `${proposed.file}.ada.asc`, proposed.file]);
    expect(readFileSync(proposed.file, 'utf8')).not.toContain('\n  ');
    expect(await client().call('roster.adopt', { file: proposed.file, digest: null, task: undefined })).toMatchObject({ version: 2, digest: proposed.digest });
    expect(await verdict()).toMatchObject({ verdict: 'held' });
    expect((await client().call('roster.show', { version: null })).changes).toEqual(proposed.changes);
    const shown = await client().call('roster.show', { version: 1 });
    expect(shown.changes).toEqual([]);
    expect(shown).toMatchObject({ view: { version: 1, problem: expect.stringMatching(/Version 2 took its place at 2026-01-10T12:00:00Z/) as string }, versions: [{ version: 1, from: '2026-01-01T00:00:00Z', until: '2026-01-10T12:00:00Z' }, { version: 2 }] });
  });

  test.each<[what: string, changes: Changes, says: RegExp]>([
    ['somebody who is not there', { addRoles: [{ id: 'mallory', role: 'cto' }] }, /^bad-input: Nobody in the roster is called "mallory"/],
    ['a key that is another’s', { addKeys: [{ id: 'alan', file: 'ada', use: ['approve'], on: 'file' }] }, /^bad-input: The key .* is ada's already/],
    ['too few administrators', { status: [{ id: 'grace', status: 'left' }] }, /^bad-input: Such a roster could not be worked with: 1 administrators could not reach its threshold of 2/],
    ['a time that is over', { expires: '2026-01-02T00:00:00Z' }, /^bad-input: The roster would have expired/],
    ['a role that is not there', { removeRoles: [{ id: 'alan', role: 'cto' }] }, /^bad-input: There is no role of alan cto/],
    ['oneself as deputy', { addDeputies: [{ id: 'ada', deputy: 'ada', from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' }] }, /^bad-input: ada cannot stand in/],
  ])('is not proposed with %s', async (_, changes, says) => {
    const real = { ...changes, ...(changes.addKeys === undefined ? {} : { addKeys: changes.addKeys.map((key) => ({ ...key, file: gpg.export(keys.ada) })) }) };
    expect(await said(propose(real))).toMatch(says);
  });

  test('is signed by administrators alone, and nobody grants a role to themself', async () => {
    const { file } = await propose({ addRoles: [{ id: 'ada', role: 'ciso' }], thresholds: { admin: 1 } });
    expect(await said(sign(file, 'alan'))).toMatch(/^not-permitted: The key .* is no administrator's/);
    const alone = await next({ thresholds: { admin: 1 } });
    await client().call('roster.adopt', { file: alone, digest: null, task: undefined });
    const granting = await propose({ addRoles: [{ id: 'ada', role: 'ciso' }] });
    expect(granting.notes).toEqual([expect.stringMatching(/^ada gains a role/)]);
    await sign(granting.file, 'ada');
    expect(await client().call('roster.verify', { file: granting.file })).toMatchObject({ verdict: 'refused', problem: expect.stringMatching(/^ada would grant a role to themself: ciso/) as string });
    expect(await said(client().call('roster.adopt', { file: granting.file, digest: null, task: undefined }))).toMatch(/^not-permitted: ada would grant/);
    await sign(granting.file, 'grace');
    expect(await client().call('roster.adopt', { file: granting.file, digest: null, task: undefined })).toMatchObject({ version: 3 });
  });
});

test('a key in a file signs a roster and a statement with its passphrase, and nothing without', async () => {
  const local = await client().call('keys.create', { name: 'Eve', email: 'eve@example.com', algorithm: 'ed25519', passphrase: 'a long way to go', file: null });
  const out = at('eve.asc');
  await client().call('keys.export', { key: local.key.fingerprint, out });
  const { file } = await propose({
    addPeople: [{ id: 'eve', name: 'Eve', emails: ['eve@example.com'] }], addRoles: [{ id: 'eve', role: 'ciso' }], addKeys: [{ id: 'eve', file: out, use: ['approve', 'admin'], on: 'file' }],
  });
  await sign(file, 'ada', 'grace');
  expect(await said(client().call('roster.sign', { file, key: local.key.file, task: undefined }))).toMatch(/^bad-input: The key .* lies in a file, so its passphrase is needed/);
  expect(await client().call('roster.sign', { file, key: local.key.file, passphrase: 'a long way to go', task: undefined })).toMatchObject({ person: 'Eve' });
  expect(await client().call('roster.verify', { file })).toMatchObject({ verdict: 'adoptable', thresholds: [{ people: ['ada', 'eve', 'grace'] }, { people: ['ada', 'grace'] }] });
  await client().call('roster.adopt', { file, digest: null, task: undefined });
  const risk = { kind: 'risk' as const, release: 'v1.0.0', vulnerabilities: ['CVE-2026-1'], packages: [], askedBy: 'ada', reason: 'No fix yet.', compensatingControl: 'It is switched off.', until: '2026-06-01T00:00:00Z' };
  expect(await said(client().call('statement.sign', { key: local.key.fingerprint, statement: risk, task: undefined }))).toMatch(/^bad-input: .*its passphrase is needed/);
  const { record } = await client().call('statement.sign', { key: local.key.fingerprint, statement: risk, passphrase: 'a long way to go', task: undefined });
  expect((await client().call('release.acts', { release: 'v1.0.0' })).acts).toMatchObject([{ record, person: 'Eve', standing: 'counts', roles: ['ciso'], rosterVersion: 2 }]);
});

describe('rosters in the archive', () => {
  test('each console records what it took, and takes what another recorded; the first comes by no sync', async () => {
    const file = await next({ addRoles: [{ id: 'alan', role: 'devops' }] });
    await client().call('roster.adopt', { file, digest: null, task: undefined });
    now = new Date('2026-01-10T13:00:00Z');
    await sync('first');
    expect(await sync('second')).toMatchObject({ rosters: [{ version: 2, outcome: 'taken' }] });
    expect(await versionOf('second')).toBe(2);
    const shown = await client('second').call('roster.show', { version: null });
    expect(shown.takenBy.map((one) => one.at).sort()).toEqual(['2026-01-10T12:00:00Z', '2026-01-10T13:00:00Z']);
    const { entry, person: proof, warnings } = await client('second').call('archive.show', { id: shown.takenBy[0]?.record ?? '' });
    expect([entry.record.event_type, proof, warnings]).toEqual(['roster_change', 'proven', []]);
    const fresh = compose({ shell: 'test', home: at('third'), now: () => now });
    const third = connect({ call: (name, input) => fresh.dispatch(name, input, { shell: 'test' }), listen: fresh.listen });
    expect((await third.call('sync.run', { url: at('shared'), task: undefined })).rosters).toBeUndefined();
    expect((await third.call('roster.read', {})).held).toBeNull();
    await fresh.close();
  });

  test('a version that its administrators did not sign enough is recorded by whoever likes, and taken by nobody', async () => {
    const { file } = await propose({ addRoles: [{ id: 'alan', role: 'cto' }] });
    await sign(file, 'ada');
    const digest = (await client().call('roster.verify', { file })).digest;
    cpSync(file, at('roster.json'));
    writeFileSync(at('lines.jsonl'), JSON.stringify({ record: { event_type: 'roster_change', roster: 'example', version: 2, roster_digest: digest, adopted_at: '2026-01-10T12:00:00Z', signed_by: [keys.ada, keys.grace], roster_signatures: [readFileSync(`${file}.ada.asc`, 'utf8')] }, attachments: ['roster.json'] }));
    await client().call('archive.append', { from: at('lines.jsonl'), attachments: at(), task: undefined });
    await sync('first');
    expect((await sync('second')).rosters).toBeUndefined();
    expect([await versionOf('second'), await problem('second')]).toEqual([1, null]);
  });

  test('an older roster that is put back where a newer one was taken gives nobody authority', async () => {
    cpSync(at('first', 'roster'), at('old'), { recursive: true });
    await client().call('roster.adopt', { file: await next({ expires: '2027-02-01T00:00:00Z' }), digest: null, task: undefined });
    expect(await problem()).toBeNull();
    renameSync(at('first', 'roster'), at('aside'));
    cpSync(at('old'), at('first', 'roster'), { recursive: true });
    expect(await problem()).toMatch(/^Version 2 was taken here \(.*#\d+\), and version 1 lies in its place: an older roster was put back/);
    rmSync(at('first', 'roster'), { recursive: true });
    renameSync(at('aside'), at('first', 'roster'));
    expect(await problem()).toBeNull();
  });
});

describe('two valid versions', () => {
  test('freeze authority on every console that learns of both, until a version names both', async () => {
    const [a, b] = [await next({ expires: '2027-02-01T00:00:00Z' }), await next({ expires: '2027-03-01T00:00:00Z' })];
    await client('first').call('roster.adopt', { file: a, digest: null, task: undefined });
    await client('second').call('roster.adopt', { file: b, digest: null, task: undefined });
    await sync('first');
    expect((await sync('second')).rosters).toMatchObject([{ outcome: 'refused', message: expect.stringMatching(/two rosters of version 2/) as string }]);
    await sync('first');
    for (const desk of ['first', 'second'] as const) expect(await problem(desk)).toMatch(/^There are 2 valid rosters of version 2 .*authority is frozen until a version names both/);
    // The freeze outlives a restart, and no version that is silent about it ends it.
    await open.get('first')?.core.close();
    start('first');
    expect(await problem()).toMatch(/frozen/);
    const named = await propose({ addRoles: [{ id: 'alan', role: 'devops' }] });
    expect(named.changes.filter((change) => change.startsWith('names '))).toHaveLength(2);
    const silent = JSON.parse(readFileSync(named.file, 'utf8')) as Roster;
    delete silent.resolves;
    writeFileSync(at('silent.json'), JSON.stringify(silent));
    await sign(at('silent.json'), 'ada', 'grace');
    expect(await said(client().call('roster.adopt', { file: at('silent.json'), digest: null, task: undefined }))).toMatch(/^not-permitted: Version 3 does not name .* frozen until/);
    expect(await said(client().call('roster.adopt', { file: named.file, digest: null, task: undefined }))).toMatch(/^not-permitted: The roster is signed by 0/);
    await sign(named.file, 'ada', 'grace');
    await client().call('roster.adopt', { file: named.file, digest: null, task: undefined });
    expect(await problem()).toBeNull();
    await sync('first');
    expect(await sync('second')).toMatchObject({ rosters: [{ version: 3, outcome: 'taken' }] });
    expect([await versionOf('second'), await problem('second')]).toEqual([3, null]);
    expect(existsSync(at('first', 'roster-rivals'))).toBe(true);
  });

  test('a second one that the version before did not sign freezes nothing', async () => {
    await client().call('roster.adopt', { file: await next({ expires: '2027-02-01T00:00:00Z' }), digest: null, task: undefined });
    const coup = JSON.parse(readFileSync(at('draft.json'), 'utf8')) as Roster;
    writeFileSync(at('coup.json'), JSON.stringify({ ...coup, version: 2, thresholds: { admin: 1 }, people: [person('eve', ['cto'], ['admin', 'approve'])], consoles: [] }));
    gpg.gpg(['--armor', '--detach-sign', '--local-user', keys.eve, '--output', at('coup.json.eve.asc'), at('coup.json')]);
    expect(await said(client().call('roster.adopt', { file: at('coup.json'), digest: null, task: undefined }))).toMatch(/^fork-detected/);
    expect(await problem()).toBeNull();
  });
});

test('a digest is read aloud in words, and heard back; a word that was left out is heard', () => {
  // The example that the list was published with.
  const print = 'E58294F2E9A227486E8B061B31CC528FD7FA3F19'.toLowerCase();
  const words = 'topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless'.split(' ');
  expect(pgpWords(print)).toEqual(words);
  expect(hexOfWords(words.map((word) => word.toUpperCase()))).toBe(print);
  expect(() => hexOfWords(words.filter((_, place) => place !== 2))).toThrow(/Word 3, "vagabond", belongs at another place/);
  expect(() => hexOfWords(['aardvark', 'adroytness'])).toThrow(/Word 2, "adroytness", is not in the PGP word list/);
  const all = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
  const pairs = all.map((byte) => pgpWords(byte + byte).join(' ').toLowerCase());
  // The whole list as another program has it, by the digest of its lower-case pairs.
  expect(createHash('sha256').update(pairs.join('\n')).digest('hex')).toBe('a35f57f4637764f521bf540aeb484635cf3852f9b35c6507a35e0c57f223faa1');
  expect([new Set(pairs.flatMap((pair) => pair.split(' '))).size, all.map((byte) => hexOfWords(pgpWords(byte + byte)))]).toEqual([512, all.map((byte) => byte + byte)]);
});

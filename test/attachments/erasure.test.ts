import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Output } from '../../src/core/contract/types.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

type Name = 'ada' | 'ines' | 'alan';
type Desk = 'first' | 'second' | 'third' | 'rogue';

const POLICY = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');
const CHILD = join(import.meta.dirname, '../faults/attachment-child.ts');
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let keys: Record<Name, string>;
let now = new Date('2026-01-10T12:00:00Z');
const consoles = new Map<Desk, { core: Core; client: Client; home: string }>();
let vkeys: { origin: string; vkey: string; owner: string }[];
let version = 0;
let made = 0;

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const of = (desk: Desk): Client => consoles.get(desk)?.client as Client;
const blobIn = (place: string, digest: string): string => join(place, 'blob', 'sha256', digest.slice(0, 2), digest);
const hasBytes = (desk: Desk, text: string): boolean => existsSync(blobIn(consoles.get(desk)?.home ?? '', sha256(text)));
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const sync = (desk: Desk, url = at('shared')): Promise<Output<'sync.run'>> => of(desk).call('sync.run', { url, task: undefined });
const stateOf = async (desk: Desk, id: string): Promise<string> => (await of(desk).call('archive.attachments', { id })).attachments.map(({ state }) => state).join();
const withhold = (desk: Desk, id: string, key: Name | null = 'ines', more: { class?: string; reason?: string } = {}): Promise<Output<'archive.withhold'>> =>
  of(desk).call('archive.withhold', { id, name: null, class: 'personal-data', reason: 'It names a customer.', key: key === null ? null : keys[key], task: undefined, ...more });
const placeHold = (desk: Desk, hold: string, about: { attachments?: { id: string; name: string | null }[]; releases?: string[]; everything?: boolean }, key: Name | null = 'ines'): Promise<Output<'archive.hold'>> =>
  of(desk).call('archive.hold', { act: 'place', hold, reason: 'The court asks.', key: key === null ? null : keys[key], about: { attachments: [], releases: [], everything: false, ...about }, task: undefined });
const liftHold = (desk: Desk, hold: string): Promise<Output<'archive.hold'>> => of(desk).call('archive.hold', { act: 'lift', hold, reason: 'The case is closed.', key: keys.ines, task: undefined });

/** A record with one attachment, and its place. */
async function record(desk: Desk, text: string, more: { name?: string; release?: string } = {}): Promise<string> {
  const { name = 'said.txt', release = 'v1.0.0' } = more;
  made += 1;
  mkdirSync(at(`files-${made}`));
  writeFileSync(at(`files-${made}`, name), text);
  writeFileSync(at(`lines-${made}.jsonl`), JSON.stringify({ record: { event_type: 'drift', release_version: release, made }, attachments: [name] }));
  const { appended } = await of(desk).call('archive.append', { from: at(`lines-${made}.jsonl`), attachments: at(`files-${made}`), task: undefined });
  return appended[0]?.id ?? '';
}

async function open(desk: Desk): Promise<void> {
  const home = at(desk);
  const core = compose({ shell: 'test', home, now: () => now });
  consoles.set(desk, { core, home, client: connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen }) });
}

const person = (id: Name, roles: string[], use: Roster['people'][number]['keys'][number]['use']): Roster['people'][number] => ({
  id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones: [], voice_codes: [],
  keys: [{ fingerprint: keys[id], cert: readFileSync(gpg.export(keys[id]), 'utf8'), use, on: 'file' }],
});

async function adopt(people: Roster['people'], desks: readonly Desk[]): Promise<void> {
  version += 1;
  const roster: Roster = { v: 1, roster: 'example', version, expires: '2999-01-01T00:00:00Z', policy_digests: [sha256(readFileSync(POLICY))], thresholds: { admin: 1 }, consoles: vkeys, people };
  const text = JSON.stringify(roster);
  rmSync(at('roster.json.asc'), { force: true });
  writeFileSync(at('roster.json'), text);
  gpg.gpg(['--yes', '--armor', '--detach-sign', '--local-user', keys.ada, '--output', at('roster.json.asc'), at('roster.json')]);
  for (const desk of desks) await of(desk).call('roster.adopt', { file: at('roster.json'), digest: version === 1 ? sha256(text) : null });
}

beforeAll(async () => {
  gpg = new GpgHome('2026-01-01T00:00:00Z');
  folder = temporaryFolder('erasure');
  keys = { ada: gpg.key('Ada <ada@example.com>'), ines: gpg.key('Ines <ines@example.com>'), alan: gpg.key('Alan <alan@example.com>') };
  for (const desk of ['first', 'second', 'third', 'rogue'] as const) await open(desk);
  vkeys = await Promise.all((['first', 'second', 'third', 'rogue'] as const).map(async (desk) => {
    const { origin, vkey } = await of(desk).call('console.status', {});
    return { origin, vkey, owner: 'ada' };
  }));
});
afterAll(async () => {
  for (const { core } of consoles.values()) await core.close();
  gpg.remove();
  folder.remove();
});

describe('without a roster', () => {
  test('a tombstone binds the console that wrote it alone', async () => {
    const id = await record('first', 'before there was a roster');
    for (const desk of ['first', 'second'] as const) await sync(desk, at('alone'));
    expect(await withhold('first', id, null)).toMatchObject({ name: 'said.txt', removed: true });
    expect((await sync('first', at('alone'))).attachments).toMatchObject({ erased: 1 });
    await sync('second', at('alone'));
    expect([await stateOf('first', id), await stateOf('second', id)]).toEqual(['withheld', 'here']);
    // The other one publishes it again, and it does not come back here.
    expect((await sync('first', at('alone'))).attachments).toMatchObject({ pulled: 0, erased: 1 });
    expect(hasBytes('first', 'before there was a roster')).toBe(false);
    expect(await failure(withhold('first', id, null))).toMatch(/^already-exists: .* is withheld already/);
  });
});

describe('with a roster', () => {
  beforeAll(() => adopt([person('ada', ['release-manager'], ['approve', 'admin']), person('ines', ['compliance'], ['approve']), person('alan', ['cto'], ['approve'])], ['first', 'second', 'third', 'rogue']));

  test.each<[what: string, key: Name | null, more: { class?: string }, says: RegExp]>([
    ['without a signature', null, {}, /^not-permitted: A roster is in force/],
    ['by somebody who may not', 'alan', {}, /^not-permitted: alan is not compliance or ciso/],
    ['before its time', 'ines', { class: 'release-evidence' }, /^not-permitted: .* is kept as release-evidence until 2033-01-10/],
    ['under a class that the policy does not have', 'ines', { class: 'whatever' }, /^bad-input: The policy has no retention class "whatever"/],
  ])('nothing is withheld %s', async (_, key, more, says) => {
    const id = await record('first', `not ${_}`);
    const before = (await of('first').call('archive.logs', {})).logs[0]?.size;
    expect(await failure(withhold('first', id, key, more))).toMatch(says);
    expect((await of('first').call('archive.logs', {})).logs[0]?.size).toBe(before);
    expect(await stateOf('first', id)).toBe('here');
  });

  test('nothing is withheld by a policy that the roster does not name', async () => {
    const id = await record('first', 'by another policy');
    writeFileSync(at('other.yaml'), readFileSync(POLICY, 'utf8').replace('value: [compliance, ciso]', 'value: [compliance, ciso, cto]'));
    await of('first').call('settings.write', { policyFile: at('other.yaml') });
    expect(await failure(withhold('first', id, 'alan'))).toMatch(/^not-permitted: .*other\.yaml is no policy that the roster in force names/);
    await of('first').call('settings.write', { policyFile: null });
    expect(await stateOf('first', id)).toBe('here');
  });

  test('an attachment is withheld on every console and in the shared archive, and its digest stays', async () => {
    const text = 'Ada Lovelace, 12 St James’s Square';
    const id = await record('first', text);
    for (const desk of ['first', 'second', 'third', 'first'] as const) await sync(desk);
    expect([hasBytes('first', text), hasBytes('second', text), hasBytes('third', text), existsSync(blobIn(at('shared'), sha256(text)))]).toEqual([true, true, true, true]);

    const { record: tombstone } = await withhold('second', id);
    expect(hasBytes('second', text)).toBe(false);
    expect((await sync('second')).attachments).toMatchObject({ erased: 1, pulled: 0 });
    expect(existsSync(blobIn(at('shared'), sha256(text)))).toBe(false);
    // The third has it from the second; the first knows nothing yet and carries the bytes on by a stick.
    await sync('third');
    expect(hasBytes('third', text)).toBe(false);
    await sync('first', at('stick'));
    expect(existsSync(blobIn(at('stick'), sha256(text)))).toBe(true);
    expect((await sync('third', at('stick'))).attachments).toMatchObject({ erased: 1 });
    expect(hasBytes('third', text)).toBe(false);
    expect(existsSync(blobIn(at('stick'), sha256(text)))).toBe(false);
    await sync('first');
    expect(hasBytes('first', text)).toBe(false);

    for (const desk of ['first', 'second', 'third'] as const) {
      const { attachments } = await of(desk).call('archive.attachments', { id });
      expect(attachments).toMatchObject([{ state: 'withheld', sha256: sha256(text), withheld: { id: tombstone, by: 'ines', reason: 'It names a customer.', class: 'personal-data' } }]);
      expect((await of(desk).call('archive.show', { id })).entry.attachments).toEqual([{ name: 'said.txt', size: Buffer.byteLength(text), sha256: sha256(text) }]);
      expect((await of(desk).call('archive.show', { id: tombstone })).person).toBe('proven');
      const found = await of(desk).call('archive.verify', { from: null, vkeys: [], task: undefined });
      expect(found.problems).toContainEqual(expect.objectContaining({ code: 'withheld', place: `${id} said.txt` }));
      expect(found.problems.filter(({ code }) => code !== 'withheld')).toEqual([]);
      expect(found.verdict).toBe('good');
    }
    expect(await failure(of('first').call('archive.attachment', { id, name: null, out: at('out'), from: at('stick'), task: undefined }))).toMatch(/^not-permitted: Withheld by ines/);
    // Nor by giving the same bytes once more.
    expect(await failure(record('first', text))).toMatch(/^not-permitted: .*is withheld by/);
    expect(hasBytes('first', text)).toBe(false);
    // The release's referring entry is found from the record.
    expect((await of('first').call('archive.show', { id })).referredBy).toContainEqual({ rel: 'withholds', id: tombstone });
  });

  test('a tombstone that nobody who may signed is followed by nobody', async () => {
    const text = 'what a rogue would like to be gone';
    const id = await record('first', text);
    for (const desk of ['first', 'rogue'] as const) await sync(desk);
    const home = consoles.get('rogue')?.home ?? '';
    await consoles.get('rogue')?.core.close();
    const rogue = await openArchive({ home, now: () => now, boot: 'b' });
    await rogue.append([{ record: { event_type: 'tombstone', attachment_sha256: sha256(text), withheld_at: '2026-01-10T12:00:00Z', withheld_by: 'ines', because: 'personal-data', reason: 'So I say.' } }]);
    rogue.close();
    await open('rogue');
    await sync('rogue');
    expect((await sync('first')).problems).toEqual([]);
    expect(await stateOf('first', id)).toBe('here');
    expect(hasBytes('first', text)).toBe(true);
  });

  test('what is under a legal hold stays until it is lifted, by everybody’s archive', async () => {
    const id = await record('first', 'evidence of a case', { release: 'v7.0.0' });
    expect(await failure(placeHold('first', 'case-17', { releases: ['v7.0.0'] }, 'alan'))).toMatch(/^not-permitted: alan is not/);
    expect(await failure(placeHold('first', 'case-17', {}))).toMatch(/^bad-input: A hold is about something/);
    const { record: placed } = await placeHold('first', 'case-17', { releases: ['v7.0.0'] });
    expect(await failure(placeHold('first', 'case-17', { everything: true }))).toMatch(/^already-exists/);
    expect(await failure(withhold('first', id))).toMatch(new RegExp(`^not-permitted: "said\\.txt" is under the legal hold "case-17" \\(${placed}\\)`));
    for (const desk of ['first', 'second'] as const) await sync(desk);
    expect(await failure(withhold('second', id))).toMatch(/under the legal hold "case-17"/);
    expect((await of('second').call('archive.retention', {})).holds).toMatchObject([{ hold: 'case-17', by: 'ines', about: 'release v7.0.0' }]);
    expect((await of('second').call('archive.attachments', { id })).attachments).toMatchObject([{ state: 'here', holds: ['case-17'] }]);
    expect(await failure(liftHold('second', 'case-18'))).toMatch(/^not-found/);
    expect(await liftHold('second', 'case-17')).toMatchObject({ lifts: [placed] });
    expect(await withhold('second', id)).toMatchObject({ removed: true });
    // The name may be used again, for a hold of its own.
    await placeHold('second', 'case-17', { attachments: [{ id: await record('second', 'another case'), name: null }] });
    expect((await of('second').call('archive.retention', {})).holds).toMatchObject([{ hold: 'case-17', about: '1 attachment' }]);
    await liftHold('second', 'case-17');
  });

  test('a hold that was placed meanwhile keeps the bytes where it is known, and they go once it is lifted', async () => {
    const text = 'asked for by two sides';
    const id = await record('first', text);
    for (const desk of ['first', 'second', 'third', 'first'] as const) await sync(desk);
    await placeHold('third', 'case-20', { attachments: [{ id, name: 'said.txt' }] });
    await withhold('second', id);
    await sync('second');
    await sync('third');
    expect(await of('third').call('archive.attachments', { id })).toMatchObject({ attachments: [{ state: 'here', holds: ['case-20'], withheld: { by: 'ines' }, said: expect.stringContaining('although') as string }] });
    expect(hasBytes('third', text)).toBe(true);
    // Held, and handed to nobody.
    expect(existsSync(blobIn(at('shared'), sha256(text)))).toBe(false);
    await liftHold('third', 'case-20');
    expect(hasBytes('third', text)).toBe(false);
    expect(await stateOf('third', id)).toBe('withheld');
  });

  test('what a place does not let this console remove is said', async () => {
    const text = 'on a stick that is write-protected';
    const id = await record('first', text);
    await sync('first', at('protected'));
    await withhold('first', id);
    await sync('first', at('protected'));
    mkdirSync(join(blobIn(at('protected'), sha256(text)), '..'), { recursive: true });
    writeFileSync(blobIn(at('protected'), sha256(text)), text);
    const { home } = consoles.get('first') as { home: string };
    const read = `mount --bind ${at('protected')} ${at('protected')} && mount -o remount,ro,bind ${at('protected')}`;
    const { stdout, stderr } = spawnSync('unshare', [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount', 'sh', '-c', `${read} && exec "$@"`, 'sh', process.execPath, CHILD, 'sync', home, at('protected')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: 'not-erased', message: expect.stringContaining(sha256(text)) as string }] });
    expect(existsSync(blobIn(at('protected'), sha256(text)))).toBe(true);
    expect((await sync('first', at('protected'))).attachments).toMatchObject({ erased: 1 });
  });

  test('what is due is listed by class, and may go when its time has come', async () => {
    const [evidence, personal] = [await record('third', 'seven years'), await record('third', 'one year', { name: 'call.wav' })];
    const listed = async () => (await of('third').call('archive.retention', {})).attachments.filter(({ entry }) => entry === evidence || entry === personal).map(({ class: name, due, state }) => [name, due?.slice(0, 10), state]);
    expect(await listed()).toEqual([['personal-data', '2027-01-10', 'kept'], ['release-evidence', '2033-01-10', 'kept']]);
    now = new Date('2028-01-10T12:00:00Z');
    expect(await listed()).toEqual([['personal-data', '2027-01-10', 'due'], ['release-evidence', '2033-01-10', 'kept']]);
    await placeHold('third', 'case-30', { attachments: [{ id: personal, name: null }] });
    expect((await listed())[0]).toEqual(['personal-data', '2027-01-10', 'held']);
    await liftHold('third', 'case-30');
    now = new Date('2033-02-01T12:00:00Z');
    expect(await withhold('third', evidence, 'ines', { class: 'release-evidence', reason: 'Seven years are over.' })).toMatchObject({ removed: true });
    expect((await of('third').call('archive.show', { id: (await of('third').call('archive.attachments', { id: evidence })).attachments[0]?.withheld?.id ?? '' })).entry.record).toMatchObject({ because: 'retention', retention_class: 'release-evidence' });
    now = new Date('2026-01-10T12:00:00Z');
  });

  test('what was withheld stays so when whoever signed it leaves', async () => {
    const text = 'signed by somebody who left';
    const id = await record('first', text);
    for (const desk of ['first', 'second', 'first'] as const) await sync(desk);
    await withhold('second', id);
    await sync('second');
    await sync('first');
    await adopt([person('ada', ['release-manager'], ['approve', 'admin']), { ...person('ines', [], ['approve']), status: 'left' }], ['first', 'second', 'third']);
    mkdirSync(join(blobIn(at('shared'), sha256(text)), '..'), { recursive: true });
    writeFileSync(blobIn(at('shared'), sha256(text)), text);
    expect((await sync('first')).attachments).toMatchObject({ erased: 1, pulled: 0 });
    expect(await stateOf('first', id)).toBe('withheld');
  });
});

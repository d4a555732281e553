import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { KeyRevocationRecord } from '../../src/core/model/key-records.ts';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { decisionOf, revokedKeysOf, stillCounted } from '../../src/core/roster/revocations.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

type Name = 'ada' | 'grace' | 'alan' | 'eve';

const FOUND = '2026-01-05T00:00:00Z';

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let keys: Record<Name, string>;
let core: Core;
let client: Client;
let clock: Date;
let count = 0;
let home = '';

beforeAll(() => {
  gpg = new GpgHome('2026-01-01T00:00:00Z');
  folder = temporaryFolder('administrators');
  keys = { ada: gpg.key('Ada <ada@example.com>'), grace: gpg.key('Grace <grace@example.com>'), alan: gpg.key('Alan <alan@example.com>'), eve: gpg.key('Eve <eve@example.com>') };
});
afterAll(async () => {
  await core.close();
  gpg.remove();
  folder.remove();
});
beforeEach(async () => {
  await core?.close();
  count += 1;
  home = join(folder.path, `home-${count}`);
  clock = new Date('2026-01-03T12:00:00Z');
  open();
  await adopt(1);
});

function open(): void {
  core = compose({ shell: 'test', home, now: () => clock });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
}

function person(id: Name, roles: string[], use: ('release' | 'approve' | 'admin')[]): Roster['people'][number] {
  return { id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones: [], voice_codes: [], keys: [{ fingerprint: keys[id], cert: readFileSync(gpg.export(keys[id]), 'utf8'), use, on: 'file' }] };
}

async function adopt(version: number, people = [person('ada', ['cto'], ['admin', 'approve']), person('grace', ['security-architect'], ['admin']), person('alan', ['release-manager'], ['release'])], by: readonly Name[] = ['ada', 'grace']): Promise<void> {
  const text = JSON.stringify({ v: 1, roster: 'example', version, expires: '2999-01-01T00:00:00Z', policy_digests: ['a'.repeat(64)], thresholds: { admin: 2 }, people, consoles: [] });
  const file = join(folder.path, `roster-${count}-${version}.json`);
  writeFileSync(file, text);
  for (const name of by) signed(file, name);
  await client.call('roster.adopt', { file, digest: version === 1 ? createHash('sha256').update(text).digest('hex') : null });
}

function signed(file: string, name: Name): void {
  gpg.gpg(['--yes', '--armor', '--local-user', keys[name], '--output', `${file}.${name}.asc`, '--detach-sign', file]);
}

const propose = async (since = FOUND, key = keys.alan): Promise<Output<'keys.proposeRevocation'>> => {
  clock = new Date('2026-01-06T12:00:00Z');
  return client.call('keys.proposeRevocation', { key, cause: 'compromised', since, words: 'the laptop was taken from the train', out: join(folder.path, `proposal-${count}-${key.slice(-8)}.json`) });
};
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);

async function release(version: string): Promise<{ artifact: string; verify: () => Promise<Output<'signing.verify'>> }> {
  const artifact = join(folder.path, `product-${count}-${version}.tar.gz`);
  writeFileSync(artifact, version);
  const out = join(folder.path, `release-${count}-${version}`);
  await client.call('signing.sign', { key: keys.alan, files: [artifact], out, release: { version, commit: null }, replace: false });
  const copy = join(out, `product-${count}-${version}.tar.gz`);
  return { artifact: copy, verify: async () => client.call('signing.verify', { artifact: copy, signature: `${copy}.asc`, keyring: null, signers: [] }) };
}

describe('administrators revoke a stolen key', () => {
  test('by their threshold, after which nothing that it signed is good today', async () => {
    const { verify } = await release('v1.0.0');
    expect(await verify()).toMatchObject({ verdict: 'good', today: 'good' });
    clock = new Date('2026-01-06T12:00:00Z');
    const later = await release('v1.0.1');
    const proposed = await propose();
    expect(proposed).toMatchObject({ fingerprint: keys.alan, threshold: 2, administrators: ['ada', 'grace'], touched: [{ release_version: 'v1.0.1', state: 'undetermined' }, { release_version: 'v1.0.0', state: 'stands' }] });
    expect(createHash('sha256').update(readFileSync(proposed.file)).digest('hex')).toBe(proposed.sha256);

    signed(proposed.file, 'ada');
    expect(await failure(client.call('keys.recordRevocation', { file: proposed.file }))).toMatch(/^not-permitted: 1 of the 2 administrators who are asked for signed .*: ada/);
    // Neither a stranger's nor a release key's signature is an administrator's.
    for (const name of ['eve', 'alan'] as const) signed(proposed.file, name);
    expect(await failure(client.call('keys.recordRevocation', { file: proposed.file }))).toMatch(/^not-permitted: 1 of the 2/);
    expect(await verify()).toMatchObject({ verdict: 'good' });

    signed(proposed.file, 'grace');
    const recorded = await client.call('keys.recordRevocation', { file: proposed.file });
    expect(recorded).toMatchObject({ fingerprint: keys.alan, since: FOUND, decidedBy: ['ada', 'grace'], threshold: 2 });
    const { entry, person: proof, warnings } = await client.call('archive.show', { id: recorded.record });
    expect([proof, warnings, entry.signatures.length]).toEqual(['proven', [], 2]);
    expect(KeyRevocationRecord.parse(entry.record)).toMatchObject({ by: 'administrators', releases_touched_total: 2 });

    for (const check of [verify, later.verify]) {
      expect(await check()).toMatchObject({ verdict: 'bad', today: 'bad', when_made: 'unknown', signatures: [{ status: 'revoked-key', why: expect.stringMatching(/administrators revoked its key as compromised from 2026-01-05.*train/) as string }] });
    }
    expect(await failure(client.call('keys.recordRevocation', { file: proposed.file }))).toMatch(/^already-exists: .*recorded already/);
  });

  test('what another process recorded is known, and a later roster does not undo it', async () => {
    const { verify } = await release('v1.0.0');
    const { file } = await propose();
    for (const name of ['ada', 'grace'] as const) signed(file, name);
    await client.call('keys.recordRevocation', { file });
    await core.close();
    open();
    expect(await verify()).toMatchObject({ verdict: 'bad' });
    await adopt(2, [person('ada', [], ['admin']), person('eve', ['cto'], ['admin']), person('alan', ['release-manager'], ['release'])], ['ada', 'grace', 'eve']);
    expect(await verify()).toMatchObject({ verdict: 'bad', signatures: [{ status: 'revoked-key' }] });
  });

  test('an administrator’s own key, which then signs neither a roster nor a decision', async () => {
    const { file } = await propose(FOUND, keys.ada);
    for (const name of ['ada', 'grace'] as const) signed(file, name);
    await client.call('keys.recordRevocation', { file });
    const next = await propose(FOUND, keys.alan);
    for (const name of ['ada', 'grace'] as const) signed(next.file, name);
    expect(await failure(client.call('keys.recordRevocation', { file: next.file }))).toMatch(/^not-permitted: 1 of the 2 .*: grace/);
    expect(await failure(adopt(2))).toMatch(/^not-permitted: The roster is signed by 1 of the 2/);
  });

  test.each<[what: string, change: (text: string) => string, says: RegExp]>([
    ['another time', (text) => text.replace('2026-01-05', '2026-01-04'), /^not-permitted: 0 of the 2/],
    ['a line break at its end', (text) => `${text}\n`, /^malformed: .*changed after it was written/],
    ['another act', (text) => text.replace('countersign/key_revocation/v1', 'countersign/approval/v1'), /^malformed: .*context/],
    ['nobody who decides', (text) => text.replace('"by":"administrators"', '"by":"own-key"'), /^malformed: .*not one that administrators decide/],
    ['no JSON', () => 'revoke it', /^malformed: .*not JSON/],
  ])('is refused with %s', async (_, change, says) => {
    const { file } = await propose();
    for (const name of ['ada', 'grace'] as const) signed(file, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(await failure(client.call('keys.recordRevocation', { file }))).toMatch(says);
    expect((await client.call('archive.list', { origin: null, event_type: 'key_revocation', release: null, offset: 0, limit: 1 })).total).toBe(0);
  });

  test('needs a roster, a past time, and a key that is named whole', async () => {
    expect(await failure(propose('2026-02-01T00:00:00Z'))).toMatch(/^bad-input: .*yet to come/);
    expect(await failure(propose(FOUND, 'A1B2C3D4E5F60718'))).toMatch(/^not-found: There is no key/);
    const bare = compose({ shell: 'test', home: join(folder.path, `bare-${count}`), now: () => clock });
    const said = await bare.dispatch('keys.proposeRevocation', { key: keys.alan, cause: 'compromised', since: FOUND, words: 'x', out: join(folder.path, 'x.json') }, { shell: 'test' });
    await bare.close();
    expect(said).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('No roster is in force') as string } });
  });
});

describe('a decision', () => {
  const record = (since: string, more: object = {}): { id: string; entry: { record: GenesisRecord } } => ({
    id: `o#${since}`, entry: { record: { event_type: 'key_revocation', revoked_at: '2026-01-06T00:00:00Z', key_fingerprint: 'A'.repeat(40), cause: 'compromised', reason: 'x', by: 'administrators', since, roster: { name: 'example', version: 1, digest: 'a'.repeat(64) }, ...more } },
  });

  test('that was imported, or says less than it must, is none', () => {
    expect(decisionOf(record(FOUND).entry)).not.toBeNull();
    for (const more of [{ imported: true }, { by: 'certificate' }, { roster: undefined }, { event_type: 'correction' }]) expect(decisionOf(record(FOUND, more).entry)).toBeNull();
  });

  test('of several about one key, that which reaches furthest back counts', () => {
    expect(revokedKeysOf([record('2026-01-05T00:00:00Z'), record('2026-01-02T00:00:00Z'), record('2026-01-04T00:00:00Z')]).get('A'.repeat(40))?.since).toBe('2026-01-02T00:00:00Z');
  });

  test.each([
    ['written down here before', 'here', '2026-01-04T23:59:59Z', true],
    ['written down here at that very time', 'here', FOUND, false],
    ['written down elsewhere, whose clock nobody vouches for', 'elsewhere', '2026-01-01T00:00:00Z', false],
  ])('leaves what was %s', (_, origin, time, counts) => {
    const revoked = revokedKeysOf([record(FOUND)]);
    expect(stillCounted(['A'.repeat(40), 'B'.repeat(40)], { origin, time }, revoked, 'here')).toEqual(counts ? ['A'.repeat(40), 'B'.repeat(40)] : ['B'.repeat(40)]);
  });
});

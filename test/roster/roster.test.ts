import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

type Written = Roster & { thresholds: { admin: number } };

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let keys: Readonly<Record<'ada' | 'grace' | 'alan' | 'eve', string>>;
let core: Core;
let client: Client;
let count = 0;

beforeAll(() => {
  gpg = new GpgHome();
  folder = temporaryFolder('roster');
  keys = { ada: gpg.key('Ada <ada@example.com>'), grace: gpg.key('Grace <grace@example.com>'), alan: gpg.key('Alan <alan@example.com>'), eve: gpg.key('Eve <eve@example.com>') };
});
afterAll(async () => {
  await core.close();
  gpg.remove();
  folder.remove();
});
beforeEach(() => {
  count += 1;
  core = compose({ shell: 'test', home: join(folder.path, `home-${count}`) });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});

const certificate = (print: string): string => readFileSync(gpg.export(print), 'utf8');

function person(id: 'ada' | 'grace' | 'alan', roles: string[], use: ('release' | 'approve' | 'admin')[]): Roster['people'][number] {
  return {
    id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones: [], voice_codes: [],
    keys: [{ fingerprint: keys[id], cert: certificate(keys[id]), use, on: 'file' }],
  };
}

/** Writes a roster whose threshold is two of Ada and Grace, signed by whom is named; returns its path and digest. */
function write(name: string, change: Partial<Roster>, signers: readonly (keyof typeof keys)[]): { file: string; digest: string } {
  const roster: Written = {
    v: 1, roster: 'example', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: ['a'.repeat(64)], thresholds: { admin: 2 },
    people: [person('ada', ['cto'], ['admin', 'approve']), person('grace', ['security-architect'], ['admin']), person('alan', ['release-manager'], ['release'])],
    consoles: [], ...change,
  };
  const file = join(folder.path, `${name}-${count}.json`);
  const text = JSON.stringify(roster, null, 2);
  writeFileSync(file, text);
  for (const signer of signers) gpg.gpg(['--yes', '--armor', '--detach-sign', '--local-user', keys[signer], '--output', `${file}.${signer}.asc`, file]);
  return { file, digest: createHash('sha256').update(text).digest('hex') };
}

const code = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'adopted', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);

describe('the first roster', () => {
  test('is taken with the digest that came by another way, and is in force', async () => {
    const { file, digest } = write('first', {}, ['ada', 'grace']);
    expect((await client.call('roster.read', {})).held).toBeNull();
    expect(await client.call('roster.adopt', { file, digest })).toMatchObject({ roster: 'example', version: 1, digest, problem: null });
    const { held } = await client.call('roster.read', {});
    expect(held).toMatchObject({ digest, problem: null });
    expect(held?.people.map(({ id, signedThis }) => [id, signedThis])).toEqual([['ada', true], ['grace', true], ['alan', false]]);
    expect((await client.call('console.status', {})).roster).toMatchObject({ roster: 'example', version: 1, problem: null });
  });

  test.each<[string, Partial<Roster>, (keyof typeof keys)[], RegExp]>([
    ['one of two administrators', {}, ['ada'], /signed by 1 of the 2/],
    ['nobody', {}, [], /signed by 0 of the 2/],
    ['somebody who is no administrator', {}, ['ada', 'alan'], /signed by 1 of the 2/],
    ['a stranger', {}, ['ada', 'eve'], /signed by 1 of the 2/],
  ])('signed by %s is refused', async (_name, change, signers, says) => {
    const { file, digest } = write('bad', change, signers);
    const said = await code(client.call('roster.adopt', { file, digest }));
    expect(said).toMatch(/^not-permitted/);
    expect(said).toMatch(says);
    expect((await client.call('roster.read', {})).held).toBeNull();
  });

  test('two keys of one person are one person, and one key of two people nobody’s', async () => {
    const twice = { ...person('ada', ['cto'], ['admin']), keys: [...person('ada', [], ['admin']).keys, ...person('grace', [], ['admin']).keys] };
    expect(await code(client.call('roster.adopt', { file: write('twice', { people: [twice] }, ['ada', 'grace']).file, digest: null }))).toMatch(/signed by 1 of the 2/);
    const shared = { ...person('grace', [], ['admin']), keys: person('ada', [], ['admin']).keys };
    expect(await code(client.call('roster.adopt', { file: write('shared', { people: [person('ada', [], ['admin']), shared] }, ['ada']).file, digest: null }))).toMatch(/signed by 0 of the 2/);
  });

  test('without its digest, with another one, changed after it was signed, or no roster at all', async () => {
    const { file, digest } = write('first', {}, ['ada', 'grace']);
    expect(await code(client.call('roster.adopt', { file, digest: null }))).toMatch(/^not-permitted: No roster is held yet/);
    expect(await code(client.call('roster.adopt', { file, digest: 'b'.repeat(64) }))).toMatch(/^not-permitted: The roster's digest is/);
    writeFileSync(file, readFileSync(file, 'utf8').replace('release-manager', 'cto'));
    expect(await code(client.call('roster.adopt', { file, digest }))).toMatch(/^not-permitted: The roster is signed by 0/);
    writeFileSync(file, '{"v":1}');
    expect(await code(client.call('roster.adopt', { file, digest }))).toMatch(/^malformed: .*is not a roster: roster: /);
    writeFileSync(file, '{');
    expect(await code(client.call('roster.adopt', { file, digest }))).toMatch(/^malformed: .*is not JSON/);
  });
});

describe('the next roster', () => {
  beforeEach(async () => {
    const { file, digest } = write('held', {}, ['ada', 'grace']);
    await client.call('roster.adopt', { file, digest });
  });

  test('needs the threshold of the one before it and its own', async () => {
    const alone = { version: 2, thresholds: { admin: 1 }, people: [person('alan', ['cto'], ['admin'])] };
    expect(await code(client.call('roster.adopt', { file: write('coup', alone, ['alan']).file, digest: null }))).toMatch(/^not-permitted: The roster is signed by 0 of the 2 administrators that version 1's/);
    expect(await code(client.call('roster.adopt', { file: write('half', alone, ['ada', 'grace']).file, digest: null }))).toMatch(/^not-permitted: The roster is signed by 0 of the 1 administrators that its own/);
    expect(await client.call('roster.adopt', { file: write('next', alone, ['ada', 'grace', 'alan']).file, digest: null })).toMatchObject({ version: 2 });
    expect((await client.call('roster.read', {})).held).toMatchObject({ version: 2, problem: null });
  });

  test('is refused where it is older, skips a version, is another’s, or is a second of the same version', async () => {
    const both = ['ada', 'grace'] as const;
    expect(await code(client.call('roster.adopt', { file: write('skip', { version: 3 }, both).file, digest: null }))).toMatch(/^not-permitted: Version 2 comes before 3/);
    expect(await code(client.call('roster.adopt', { file: write('fork', { expires: '2998-01-01T00:00:00Z' }, both).file, digest: null }))).toMatch(/^fork-detected/);
    expect(await code(client.call('roster.adopt', { file: write('other', { roster: 'another', version: 2 }, both).file, digest: null }))).toMatch(/^not-permitted: This console holds/);
    await client.call('roster.adopt', { file: write('second', { version: 2 }, both).file, digest: null });
    expect(await code(client.call('roster.adopt', { file: write('back', {}, both).file, digest: null }))).toMatch(/^not-permitted: Version 1 is older than 2/);
  });
});

test('an expired roster, and one that was changed where it is kept, give nobody authority', async () => {
  const { file, digest } = write('old', { expires: '2020-01-01T00:00:00Z' }, ['ada', 'grace']);
  await client.call('roster.adopt', { file, digest });
  expect((await client.call('roster.read', {})).held?.problem).toMatch(/expired at 2020/);
  const kept = join(core.home, 'roster', 'roster.json');
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('2020-01-01', '2999-01-01'));
  expect((await client.call('roster.read', {})).held?.problem).toMatch(/signed by 0 of the 2/);
});

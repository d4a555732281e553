import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Person, Roster, RosterInForce } from '../../src/core/model/roster.ts';
import { judgeAct, type Act, type Authority, type Standing } from '../../src/core/roster/judge-act.ts';
import { livesOf, type Adoption } from '../../src/core/roster/lives.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { temporaryFolder } from '../support/repository.ts';

const KEY = 'A'.repeat(40);
const SPARE = 'B'.repeat(40);
const at = (day: number, hour = 0): string => `2026-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;

const ada = (more: Partial<Person> = {}): Person => ({
  id: 'ada', name: 'Ada', emails: ['ada@example.com'], roles: ['ciso'], status: 'active', deputies: [], phones: [], voice_codes: [],
  keys: [KEY, SPARE].map((fingerprint) => ({ fingerprint, cert: '-----BEGIN PGP PUBLIC KEY BLOCK-----', use: ['approve'], on: 'file' })), ...more,
});
const boss = (deputies: Person['deputies']): Person => ({ ...ada(), id: 'boss', name: 'Boss', emails: [], roles: ['cto'], keys: [], deputies });
function roster(version: number, signed: string, more: Partial<Roster> = {}): RosterInForce {
  return { digest: String(version).repeat(64), signedAt: signed, roster: { v: 1, roster: 'x', version, expires: at(30), policy_digests: [], thresholds: { admin: 1 }, people: [ada(), boss([{ id: 'ada', from: at(4), until: at(6) }])], consoles: [{ origin: 'there.example', vkey: 'v', owner: 'ada' }], ...more } };
}

/** What this console took it knew there.example up to its entry 7. */
const ADOPTED: Adoption[] = [
  { digest: '2'.repeat(64), version: 2, origin: 'there.example', seq: 20, time: at(10), notAfter: null, knew: new Map() },
  { digest: '2'.repeat(64), version: 2, origin: 'here.example', seq: 30, time: at(10), notAfter: null, knew: new Map([['there.example', 7]]) },
];
const world = (more: Partial<Authority> = {}): Authority => ({ lives: livesOf([roster(1, at(1)), roster(2, at(9))], ADOPTED, 'here.example', new Map()), adoptions: ADOPTED, revoked: new Map(), now: at(12), ...more });
const act = (more: Partial<Act>): Act => ({ origin: 'there.example', seq: 7, claimed: at(5), notBefore: null, notAfter: at(5, 1), knew: new Map(), ownClock: false, roster: '1'.repeat(64), by: 'ada', signed: true, ...more });
const revoked = (since: string): Authority['revoked'] => new Map([[KEY, { fingerprint: KEY, since, cause: 'compromised' as const, reason: 'stolen', record: 'o#1' }]]);

describe('an act', () => {
  test.each<[what: string, act: Partial<Act>, world: Partial<Authority>, standing: Standing, why: RegExp]>([
    ['seen by another while its roster was in force', {}, {}, 'counts', /^done between 2026-01-05T00:00:00Z and 2026-01-05T01:00:00Z, under version 1/],
    ['seen before its successor was adopted, although after it was signed', { claimed: at(9, 5), notAfter: at(9, 6) }, {}, 'counts', /^done/],
    ['seen before its successor was adopted, which this console did without knowing of it', { seq: 8, claimed: at(9, 5), notAfter: at(9, 6) }, {}, 'undetermined', /nobody else is known to have seen it before 2026-01-09T06:00:00Z/],
    ['known here when its successor was taken, and first seen by another after', { notAfter: at(11) }, {}, 'counts', /^done/],
    ['first seen after its successor came', { seq: 8, notAfter: at(11) }, {}, 'undetermined', /nobody else is known to have seen it before 2026-01-11T00:00:00Z.*version 2 took its place at 2026-01-10/],
    ['never seen by another, read after its successor came', { seq: 8, notAfter: null }, {}, 'undetermined', /before 2026-01-12T00:00:00Z/],
    ['never seen by another, under the roster of today', { notAfter: null, roster: '2'.repeat(64), claimed: at(11) }, {}, 'counts', /under version 2/],
    ['that names another log’s entry of after its roster', { seq: 8, notBefore: at(11), notAfter: at(11, 5) }, {}, 'late', /done after the life of version 1/],
    ['of this console, by its own clock', { origin: 'here.example', ownClock: true, notAfter: null }, {}, 'counts', /between 2026-01-05T00:00:00Z and 2026-01-05T00:00:00Z/],
    ['of this console, whose clock was set back', { origin: 'here.example', ownClock: false, notAfter: null }, {}, 'undetermined', /before 2026-01-12/],
    ['in a log that had taken a newer roster before', { seq: 21 }, {}, 'late', /its console had taken version 2 of the roster before \(there\.example#20\)/],
    ['seen before its roster came into force', { roster: '2'.repeat(64), claimed: at(8), notAfter: at(8, 1) }, {}, 'undetermined', /seen at 2026-01-08T01:00:00Z, before version 2 .* came into force at 2026-01-10/],
    ['that names no roster, of before the newest one', { roster: null }, {}, 'undetermined', /before version 2/],
    ['that names no roster, under the newest one', { seq: 25, roster: null, claimed: at(11), notAfter: at(11, 1) }, {}, 'counts', /under version 2/],
    ['seen while its roster is said to be in force, by a console that had not taken it', { roster: '2'.repeat(64), claimed: at(11), notAfter: at(11, 1) }, {}, 'undetermined', /nothing proves that version 2 of the roster, which it names, was in force before/],
    ['that names an entry of after its roster was taken', { roster: '2'.repeat(64), claimed: at(11), notAfter: at(11, 1), knew: new Map([['here.example', 30]]) }, {}, 'counts', /under version 2/],
    ['that names a roster that is not known', { roster: 'e'.repeat(64) }, {}, 'undetermined', /never held here/],
    ['read after its roster expired', { roster: '2'.repeat(64), claimed: at(11), notAfter: null }, { now: '2026-02-02T00:00:00Z' }, 'undetermined', /it expired at 2026-01-30/],
    ['done after its roster expired', { seq: 25, roster: '2'.repeat(64), claimed: '2026-02-01T00:00:00Z', notAfter: '2026-02-01T01:00:00Z' }, { now: '2026-02-02T00:00:00Z' }, 'late', /it expired at 2026-01-30/],
    ['surely done before its key was stolen', {}, { revoked: revoked(at(6)) }, 'counts', /^done/],
    ['perhaps done after its key was stolen', {}, { revoked: revoked(at(5, 1)) }, 'undetermined', /administrators revoked its key as compromised from 2026-01-05T01:00:00Z/],
    ['claimed from before its key was stolen', { notAfter: null, roster: '2'.repeat(64), claimed: at(1) }, { revoked: revoked(at(11)) }, 'undetermined', /administrators revoked/],
    ['that somebody else is said to have done', { by: 'grace' }, {}, 'not-permitted', /it is signed by Ada\. grace is said to have done it$/],
    ['that nobody signed', { signed: false }, {}, 'unsigned', /^nobody signed it/],
  ])('%s', (_, more, given, standing, why) => {
    const judged = judgeAct(act(more), world(given), () => [KEY]);
    expect([judged.standing, judged.why]).toEqual([standing, expect.stringMatching(why)]);
  });

  test('with a second key of the same person that nobody revoked, counts', () => {
    expect(judgeAct(act({}), world({ revoked: revoked(at(1)) }), () => [KEY, SPARE]).standing).toBe('counts');
  });

  test('is in a deputy’s roles only where the whole interval lies in their days', () => {
    const roles = (more: Partial<Act>): string[] => [...judgeAct(act(more), world(), () => [KEY]).roles].sort();
    expect([roles({}), roles({ claimed: at(3), notAfter: at(5) }), roles({ claimed: at(5), notAfter: at(7) }), roles({ claimed: at(7), notAfter: at(7, 1) })]).toEqual([['ciso', 'cto'], ['ciso'], ['ciso'], ['ciso']]);
  });

  test('counts under no roster of which there are two, not even after a later one named both', () => {
    const lives = livesOf([roster(1, at(1)), roster(2, at(9))], ADOPTED, null, new Map([[1, 'there are two']]));
    expect(judgeAct(act({}), world({ lives }), () => [KEY])).toMatchObject({ standing: 'undetermined', why: expect.stringMatching(/of which there are two/) as string });
  });
});

test('nobody moves the beginning of a roster to before its signatures, and only consoles that a roster names move it at all', () => {
  const beginning = (...adoptions: Adoption[]): string | null | undefined => livesOf([roster(1, at(1)), roster(2, at(9))], adoptions, 'here.example', new Map()).at(-1)?.from;
  const by = (origin: string, time: string): Adoption => ({ digest: '2'.repeat(64), version: 2, origin, seq: 1, time, notAfter: null, knew: new Map() });
  expect([beginning(), beginning(by('there.example', at(2))), beginning(by('there.example', at(11)), by('here.example', at(10))), beginning(by('stranger.example', at(2)))]).toEqual([at(9), at(9), at(10), at(9)]);
});

test('an archive tells of its own entries alone whether its clock was set back before them', async () => {
  const folder = temporaryFolder('bounds');
  mkdirSync(join(folder.path, 'home'), { recursive: true });
  let now = new Date(at(5));
  const archive = await openArchive({ home: join(folder.path, 'home'), now: () => now, boot: 'b' });
  const add = async (day: number): Promise<string> => {
    now = new Date(at(day));
    return (await archive.appendRecords([{ event_type: 'drift' }]))[0]?.id ?? '';
  };
  const ids = [await add(5), await add(3)];
  const first = await Promise.all(ids.map(async (id) => (await archive.bounds(id)).clockSetBack));
  const later = [await add(4), await add(6)];
  const rest = await Promise.all(later.map(async (id) => (await archive.bounds(id)).clockSetBack));
  expect([...first, ...rest]).toEqual([false, true, true, false]);
  archive.close();
  folder.remove();
});

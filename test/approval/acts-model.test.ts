import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personNamed, rosterNamed, type JudgedEntry } from '../../src/core/approval/acts.ts';
import { readStatements } from '../../src/core/approval/read-statements.ts';
import type { Entry } from '../../src/core/model/archive.ts';
import type { Roster, RosterInForce } from '../../src/core/model/roster.ts';
import { judgeAct } from '../../src/core/roster/judge-act.ts';
import { livesOf, type Adoption } from '../../src/core/roster/lives.ts';
import { bare, COMMIT, judge, SUBJECT } from '../checks/facts.ts';

/*
 * A world in which it is known what really happened: who held which key, when each version of the roster came into force, when each act was
 * signed and when another's console first saw it. The console is told only what logs, clocks and witnesses say.
 */

const PEOPLE = ['ada', 'grace', 'alan', 'eve'] as const;
const KEYS = PEOPLE.flatMap((_, index) => [`${index}A`, `${index}B`]).map((name) => name.padEnd(40, '0'));
const HERE = 'here.example';
const START = Date.parse('2026-01-10T00:00:00Z');
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString().replace('.000Z', 'Z');
const RELEASE = bare.version;

const personFor = fc.record({ status: fc.constantFrom('active', 'active', 'active', 'left'), ciso: fc.boolean(), keys: fc.tuple(fc.boolean(), fc.boolean()), use: fc.constantFrom('approve', 'approve', 'release') });
const version = fc.tuple(personFor, personFor, personFor, personFor);
const act = fc.record({
  kind: fc.constant('act' as const), key: fc.nat(KEYS.length - 1), by: fc.nat(PEOPLE.length - 1), own: fc.boolean(), good: fc.integer({ min: 0, max: 9 }).map((one) => one > 0), subject: fc.constantFrom(SUBJECT, SUBJECT, SUBJECT, '6'.repeat(64)),
  decision: fc.constantFrom('approve', 'approve', 'approve', 'approve', 'reject'), roster: fc.integer({ min: -1, max: 3 }), claims: fc.integer({ min: -300, max: 300 }), seenAfter: fc.option(fc.nat(40)), comesAfter: fc.option(fc.nat(30)), pulled: fc.boolean(),
});
const event = fc.oneof(
  { weight: 5, arbitrary: act },
  // Most acts are what people really do: their own key, the roster of the day, in their own name.
  { weight: 5, arbitrary: act.map((one) => ({ ...one, by: Math.floor(one.key / 2), roster: -2, good: true, subject: SUBJECT })) },
  // Somebody holds fast to the roster of before.
  { weight: 3, arbitrary: act.map((one) => ({ ...one, by: Math.floor(one.key / 2), roster: -3, own: false, good: true, subject: SUBJECT, decision: 'approve' })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('adopt' as const), people: version, seenAfter: fc.option(fc.nat(40)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const), which: fc.nat(), claims: fc.integer({ min: -300, max: 300 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('jump' as const), minutes: fc.integer({ min: -200, max: 200 }) }) },
);
const world = fc.record({ first: version, events: fc.array(fc.record({ after: fc.integer({ min: 1, max: 20 }), event }), { minLength: 1, maxLength: 25, size: 'max' }), author: fc.option(fc.nat(PEOPLE.length - 1)), shuffle: fc.array(fc.nat(), { maxLength: 25 }) });
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;
type People = World['first'];

interface Happened {
  readonly entry: Entry; readonly when: number; readonly seen: number | null; readonly key: string; readonly good: boolean; readonly own: boolean; readonly setBack: boolean; readonly knew: ReadonlyMap<string, number>;
  readonly by: string; readonly subject: string; readonly decision: string; readonly named: number | null;
}

function rosterOf(number: number, people: People): RosterInForce {
  const roster: Roster = {
    v: 1, roster: 'x', version: number, expires: '2999-01-01T00:00:00Z', policy_digests: [], thresholds: { admin: 1 }, consoles: [],
    people: PEOPLE.map((id, index) => {
      const { status, ciso, keys, use } = people[index] as People[number];
      const held = keys.flatMap((has, which) => (has ? [KEYS[index * 2 + which] ?? ''] : []));
      return { id, name: id, emails: [`${id}@example.com`], roles: ciso ? ['ciso'] : [], status: status as 'active', deputies: [], phones: [], voice_codes: [], keys: held.map((fingerprint) => ({ fingerprint, cert: '-----BEGIN PGP PUBLIC KEY BLOCK-----', use: [use as 'approve'], on: 'file' as const })) };
    }),
  };
  return { roster, digest: String(number).repeat(64), signedAt: at(-100) };
}

/** Plays the events: what really happened, and what the archive holds of it. */
function play({ first, events }: World): { rosters: RosterInForce[]; begins: number[]; adoptions: Adoption[]; happened: Happened[]; now: number } {
  const rosters = [rosterOf(1, first)];
  const begins = [Number.NEGATIVE_INFINITY];
  const adoptions: Adoption[] = [];
  const happened: Happened[] = [];
  const arrivals: { readonly seq: number; readonly at: number }[] = [];
  let [now, offset, newest, seq, lastHere] = [0, 0, Number.NEGATIVE_INFINITY, 0, -1];
  const written = (own: boolean, claims: number): { time: number; setBack: boolean } => {
    if (!own) return { time: now + claims, setBack: false };
    const time = now + offset;
    const setBack = time < newest;
    newest = Math.max(newest, time);
    return { time, setBack };
  };
  for (const { after, event: one } of events) {
    now += after;
    seq += 1;
    if (one.kind === 'jump') {
      offset += one.minutes;
    } else if (one.kind === 'adopt') {
      if (rosters.length >= 4) continue;
      const next = rosterOf(rosters.length + 1, one.people);
      const { time } = written(true, 0);
      rosters.push(next);
      begins.push(now);
      // A log comes from its beginning on, so what came of it tells of everything before.
      const known = Math.max(-1, ...arrivals.filter((come) => come.at <= now).map((come) => come.seq));
      adoptions.push({ digest: next.digest, version: next.roster.version, origin: HERE, seq, time: at(time), notAfter: one.seenAfter === null ? null : at(now + one.seenAfter), knew: known < 0 ? new Map() : new Map([['eve.example', known]]) });
      lastHere = seq;
    } else {
      const copied = one.kind === 'replay' ? happened[one.which % Math.max(happened.length, 1)] : undefined;
      if (one.kind === 'replay' && copied === undefined) continue;
      const own = one.kind === 'act' && one.own;
      const { time, setBack } = written(own, one.claims);
      if (copied !== undefined) {
        // The same signature as before, made when it was made.
        arrivals.push({ seq, at: now });
        happened.push({ ...copied, entry: { ...copied.entry, origin: 'eve.example', seq, time: at(time) }, seen: null, own: false, setBack: false, knew: new Map() });
        continue;
      }
      if (one.kind !== 'act') continue;
      const asked = one.roster === -2 ? rosters.length : one.roster === -3 ? Math.max(1, rosters.length - 1) : one.roster < 0 ? null : one.roster + 1;
      // A roster that is yet to come can be named by whoever has its draft, and is by nobody at a console that does not hold it; unseen, it is as if it were said once it came.
      const named = asked !== null && asked > rosters.length && (own || one.seenAfter === null) ? rosters.length : asked;
      const by = PEOPLE[one.by] ?? '';
      const predicate = { decision: one.decision, release: RELEASE, types: [], subjectDigest: one.subject, planDigest: null, rosterDigest: named === null ? 'f'.repeat(64) : String(named).repeat(64), reason: 'why', approver: by, role: 'ciso' };
      const record = {
        event_type: one.decision === 'approve' ? 'approval' : 'rejection', release_version: RELEASE, release_commit: COMMIT, approver: by, approver_role: 'ciso', decided_at: at(time), statement_signature: 's',
        statement: { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }], predicateType: 'countersign/approval/v1', predicate },
      };
      if (own) lastHere = seq;
      else if (one.comesAfter !== null) arrivals.push({ seq, at: now + one.comesAfter });
      happened.push({
        entry: { v: 1, origin: own ? HERE : 'eve.example', seq, time: at(time), boot: 'b', record, refs: [], attachments: [], signatures: [] },
        when: now, seen: own || one.seenAfter === null ? null : now + one.seenAfter, key: KEYS[one.key] ?? '', good: one.good, own, setBack, knew: own || !one.pulled || lastHere < 0 ? new Map() : new Map([[HERE, lastHere]]), by, subject: one.subject, decision: one.decision, named,
      });
    }
  }
  return { rosters, begins, adoptions, happened, now: now + 60 };
}

function judgedBy({ rosters, adoptions, now }: Pick<ReturnType<typeof play>, 'rosters' | 'adoptions' | 'now'>, one: Happened): JudgedEntry {
  const { entry } = one;
  const judged = judgeAct(
    { origin: entry.origin, seq: entry.seq, claimed: entry.time, notBefore: null, notAfter: one.seen === null ? null : at(one.seen), knew: one.knew, ownClock: one.own && !one.setBack, roster: rosterNamed(entry.record), by: personNamed(entry.record), signed: true },
    { lives: livesOf(rosters, adoptions, HERE, new Map()), adoptions, revoked: new Map(), now: at(now) },
    ({ roster }) => (one.good && roster.people.some(({ keys }) => keys.some(({ fingerprint }) => fingerprint === one.key)) ? [one.key] : []),
  );
  return { id: `${entry.origin}#${entry.seq}`, entry, act: judged };
}

/**
 * Whether somebody who might, really signed it while the roster that it names was in force. What named a roster that was yet to come, and
 * was first seen after it came, or never, nobody can tell from what was signed in between, and its signer had the right then.
 */
function reallyMay({ rosters, begins }: Pick<ReturnType<typeof play>, 'rosters' | 'begins'>, one: Happened): boolean {
  const roster = one.named === null ? undefined : rosters[one.named - 1];
  const holder = roster?.roster.people.find(({ keys }) => keys.some(({ fingerprint, use }) => fingerprint === one.key && use.includes('approve')));
  const ended = one.named === null ? undefined : begins[one.named];
  const begun = begins[(one.named ?? 0) - 1] ?? Number.POSITIVE_INFINITY;
  const when = one.seen === null || one.seen > begun ? Math.max(one.when, begun) : one.when;
  return one.good && holder !== undefined && holder.id === one.by && holder.status === 'active' && holder.roles.includes('ciso') && when >= begun && (ended === undefined || when <= ended);
}

/** That its roster was in force is proved where it was first seen, or nobody but this console is known to have seen it. */
function inForceBefore({ adoptions }: Pick<ReturnType<typeof play>, 'adoptions'>, { own, seen, knew, named }: Happened): boolean {
  const adopted = adoptions.find((one) => one.version === named);
  return adopted === undefined || own || seen === null || (knew.get(HERE) ?? -1) >= adopted.seq || (adopted.notAfter !== null && at(seen) > adopted.notAfter);
}

function endedAfter({ adoptions }: Pick<ReturnType<typeof play>, 'adoptions'>, { own, entry, named }: Happened): boolean {
  const next = adoptions.find((one) => one.version === (named ?? 0) + 1);
  return next === undefined || (own ? entry.seq < next.seq : entry.seq <= (next.knew.get('eve.example') ?? -1));
}

test('no acts, replays, orders of arrival or claimed times pass the line without a valid signature of the right person in time, and none is lost', () => {
  let [passes, refusals, counted] = [0, 0, 0];
  fc.assert(fc.property(world, (drawn) => {
    const played = play(drawn);
    const { happened } = played;
    const judged = happened.map((one) => judgedBy(played, one));
    const author = drawn.author === null ? null : (PEOPLE[drawn.author] ?? '');
    const range = author === null ? bare.range : { ...bare.range, commits: [{ id: 'a'.repeat(40), parents: [], author: { name: author, email: `${author}@example.com` }, committer: { name: author, email: `${author}@example.com` }, coAuthors: [], time: at(0), subject: 's', reviews: [], securityMarks: [] }], total: 1 };
    const lineOf = (entries: readonly JudgedEntry[]): string => {
      const said = readStatements(entries, RELEASE);
      // Nothing that was recorded is lost: it counts, or is told with the reason why not.
      expect(said.approvals.length + said.uncounted.length).toBe(entries.length);
      expect(said.uncounted.every(({ why, standing }) => why !== '' && standing !== 'counts')).toBe(true);
      return judge('ciso-approval', { ...said, types: new Set(['security']), range }).status;
    };
    const status = lineOf(judged);
    const shuffled = judged.map((one, index) => ({ one, by: drawn.shuffle[index % Math.max(drawn.shuffle.length, 1)] ?? 0 })).sort((a, b) => a.by - b.by).map(({ one }) => one);
    expect(lineOf(shuffled)).toBe(status);
    const valid = happened.filter((one) => one.subject === SUBJECT && reallyMay(played, one));
    if (status === 'passed') {
      expect(valid.some((one) => one.decision === 'approve' && one.by !== author)).toBe(true);
      passes += 1;
    } else {
      refusals += 1;
    }
    // An act that could be proved in time does count, whatever the clock of this console does: by the order of its log, by what it knew when it took the next version, or while its roster is still in force.
    for (const [index, one] of happened.entries()) {
      if (!reallyMay(played, one)) expect(judged[index]?.act.standing === 'counts' && judged[index].act.roles.has('ciso')).toBe(false);
      else if (inForceBefore(played, one) && endedAfter(played, one)) {
        expect([one, judged[index]?.act.standing, judged[index]?.act.why]).toEqual([one, 'counts', judged[index]?.act.why]);
        counted += 1;
      }
    }
  }), { numRuns: 1_500 });
  // The property is about something: many worlds pass, many do not, and many acts count.
  expect([passes > 40, refusals > 40, counted > 100]).toEqual([true, true, true]);
});

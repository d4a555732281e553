import { byPlace } from '../archive/entry-id.ts';
import type { JudgedEntry } from '../approval/acts.ts';
import { codeTold, sameSpoken, spokenOf, type Spoken } from '../approval/spoken.ts';
import type { Signer } from '../checks/check.ts';
import { VerbalApprovalRecord } from '../model/records/verbal.ts';
import type { RosterInForce } from '../model/roster.ts';
import { actOf, type Act } from '../workflow/acts.ts';
import type { ArchivePort, Arrived } from './archive-port.ts';

/** Types of records that bear on where a release stands. */
export const RELEASE_EVENTS = [
  'release_plan', 'release_act', 'approval', 'rejection', 'withdrawal', 'verbal_request', 'verbal_approval', 'ratification', 'dispute', 'attestation', 'emergency_patch', 'post_mortem', 'checklist_run', 'signing', 'deployment_stage', 'deployment', 'monitoring', 'release', 'rollback_stage', 'rollback',
] as const;

/** Of so many releases at once the list of acts is kept as it was last read. */
const KEPT_LISTS = 64;

export interface ActPorts {
  /** Everything in the archive, of whichever console, of some types (null: of all) for a release (null: for all). Without a roster in force nobody is proved. */
  readonly readActs: (query: ActQuery, roster: RosterInForce | null, at: string) => Promise<readonly Act[]>;
}

export interface ActQuery {
  readonly release: string | null;
  readonly types: readonly string[] | null;
}

interface ReaderPorts {
  /** Null where this console has none yet; looking must not make one. */
  readonly held: () => Promise<Pick<ArchivePort, 'origin' | 'logs' | 'arrived' | 'ground'> | null>;
  /** What an entry comes to as somebody's act, read at a time (FORMATS §4, §5). */
  readonly judge: (id: string, at: Date) => Promise<JudgedEntry>;
  /** Is another as soon as an entry may come to something else, of all that is known of rosters and keys. */
  readonly ground: () => Promise<string>;
}

type Held = NonNullable<Awaited<ReturnType<ReaderPorts['held']>>>;

/** What was read of one archive, for as long as it is open. */
interface Memory {
  last: number;
  /** Entries of `RELEASE_EVENTS`, which come again and again, in the order of their places. */
  entries: readonly Arrived[];
  ground: string;
  /** Whose an entry was found to be; only where that does not depend on when it is read. */
  readonly judged: Map<string, Proved>;
  readonly heard: Map<string, Spoken['code']>;
  readonly acts: Map<string, Act>;
  readonly lists: Map<string, readonly Act[]>;
}

/**
 * Reads acts, each entry once. Whose one is proved to be is found anew as soon as anything of what that rests on has changed:
 * a roster, an adoption, a revoked key, another log, a cosignature; and each time where only the time of reading dates it
 * from above. As long as nothing is new the very same list is given, so that what was worked out of it stays good.
 */
export function actReader({ held, judge, ground }: ReaderPorts): ActPorts['readActs'] {
  const memories = new WeakMap<object, Memory>();
  return async ({ release, types }, roster, at) => {
    const archive = await held();
    if (archive === null) return [];
    const memory = memories.get(archive) ?? { last: 0, entries: [], ground: '', judged: new Map(), heard: new Map(), acts: new Map(), lists: new Map() };
    memories.set(archive, memory);
    const now = `${await archive.ground()}\n${await ground()}`;
    if (now !== memory.ground) {
      memory.judged.clear();
      memory.ground = now;
    }
    const logs = await archive.logs();
    const forked = new Set(logs.filter(({ state }) => state !== 'good').map(({ origin }) => origin));
    const ownSize = logs.find(({ own }) => own)?.size ?? 0;
    const acts: Act[] = [];
    for (const one of await entriesFor(archive, memory, { release, types })) {
      const proved = roster === null || one.entry.signatures.length === 0 ? NOTHING : await provedIn(one, memory, { judge, at, own: archive.origin, ownSize });
      acts.push(actFor(one, proved, forked.has(one.entry.origin), memory));
    }
    return sameOr(memory, JSON.stringify([release, types]), acts);
  };
}

/** What an entry proves: whose act it is, and of a call what the roster says of it. */
interface Proved {
  readonly by: readonly Signer[];
  readonly spoken: Spoken | null;
}
const NOTHING: Proved = { by: [], spoken: null };

async function entriesFor(archive: Held, memory: Memory, { release, types }: ActQuery): Promise<readonly Arrived[]> {
  const usual: readonly string[] = RELEASE_EVENTS;
  if (types === null || types.some((type) => !usual.includes(type))) {
    const read = await archive.arrived({ after: 0, types, release });
    return [...read].sort((a, b) => byPlace(a.id, b.id));
  }
  const fresh = await archive.arrived({ after: memory.last, types: usual, release: null });
  // Another look may have taken in meanwhile what this one read.
  const added = fresh.filter(({ arrival }) => arrival > memory.last);
  if (added.length > 0) {
    memory.entries = [...memory.entries, ...added].sort((a, b) => byPlace(a.id, b.id));
    memory.last = Math.max(...added.slice(-1).map(({ arrival }) => arrival));
  }
  return types.length === usual.length && release === null ? memory.entries : memory.entries.filter((one) => (release === null || one.release === release) && types.includes(one.entry.record.event_type));
}

interface Judging {
  readonly judge: ReaderPorts['judge'];
  readonly at: string;
  readonly own: string;
  readonly ownSize: number;
}

async function provedIn({ id, entry, leaf }: Arrived, { judged, heard }: Memory, { judge, at, own, ownSize }: Judging): Promise<Proved> {
  const known = judged.get(id);
  if (known !== undefined) return known;
  const { act: { standing, person, roles, interval, life } } = await judge(id, new Date(at));
  const counts = standing === 'counts' && person !== null;
  const call = counts && life !== null && interval !== null ? VerbalApprovalRecord.safeParse(entry.record).data : undefined;
  const proved: Proved = !counts ? NOTHING : { by: [{ id: person.id, name: person.name, emails: person.emails, roles }], spoken: call === undefined || life === null || interval === null ? null : spokenOf(call, life.roster, interval, await heardOnce(heard, `${leaf} ${life.digest}`, () => codeTold(call, life.roster))) };
  // What nobody is known to have seen is dated by the time of reading; what points into this log beyond its end may be there tomorrow.
  const lasts = interval !== null && Date.parse(interval.to) < Date.parse(at) && !entry.refs.some((ref) => ref.origin === own && ref.seq >= ownSize);
  if (lasts) judged.set(id, proved);
  return proved;
}

/** Trying a code takes a good part of a second (scrypt), and says the same for ever. */
async function heardOnce(heard: Map<string, Spoken['code']>, key: string, hear: () => Promise<Spoken['code']>): Promise<Spoken['code']> {
  const known = heard.get(key) ?? (await hear());
  heard.set(key, known);
  return known;
}

function actFor({ id, entry, leaf }: Arrived, proved: Proved, forked: boolean, { acts }: Memory): Act {
  const known = acts.get(leaf);
  const aside = entry.record.imported === true ? 'imported' : forked ? 'forked' : null;
  const counts = aside === null ? proved : NOTHING;
  if (known !== undefined && known.aside === aside && sameSpoken(known.spoken, counts.spoken) && saysTheSame(known.by, counts.by)) return known;
  const act = actOf({ id, entry, leaf, ...proved, forked });
  acts.set(leaf, act);
  return act;
}

function saysTheSame(a: readonly Signer[], b: readonly Signer[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((one, at) => {
    const other = b[at];
    return other !== undefined && one.id === other.id && one.name === other.name && one.emails.join('\n') === other.emails.join('\n') && [...one.roles].sort().join(' ') === [...other.roles].sort().join(' ');
  });
}

/** The list that was given before, where this one has the same acts. */
function sameOr({ lists }: Memory, name: string, acts: readonly Act[]): readonly Act[] {
  const before = lists.get(name);
  if (before !== undefined && before.length === acts.length && before.every((act, at) => act === acts[at])) return before;
  lists.delete(name);
  lists.set(name, acts);
  const [oldest] = lists.keys();
  if (lists.size > KEPT_LISTS && oldest !== undefined) lists.delete(oldest);
  return acts;
}

import type { Person } from '../model/roster.ts';
import { later, type Adoption, type Ending, type RosterLife } from './lives.ts';
import { personByKey, rolesOf } from './people.ts';
import type { RevokedKeys } from './revocations.ts';

/** An entry of the archive as an act of somebody (FORMATS §4): who it says it is by, and everything that dates it. */
export interface Act {
  readonly origin: string;
  readonly seq: number;
  /** What its console's clock said. */
  readonly claimed: string;
  /** The newest time of another log that it names by its leaf. */
  readonly notBefore: string | null;
  /** When the console of another person had first seen it. */
  readonly notAfter: string | null;
  /** The last entry of each other log that it names by its leaf. */
  readonly knew: ReadonlyMap<string, number>;
  /** This console wrote it down itself, and its clock had not been set back. */
  readonly ownClock: boolean;
  /** Digest of the roster that it names; null where it names none. */
  readonly roster: string | null;
  /** Id of the person whose act it says it is; null where it does not say. */
  readonly by: string | null;
  /** It carries personal signatures, good or not. */
  readonly signed: boolean;
}

/** What an act is held against. */
export interface Authority {
  /** Every version that was ever held here. */
  readonly lives: readonly RosterLife[];
  readonly adoptions: readonly Adoption[];
  readonly revoked: RevokedKeys;
  /** The time at which it is read. */
  readonly now: string;
}

/** Keys of whatever use, by the fingerprint of their primary key, whose signatures over the act are good by a roster's certificates at a time. */
export type SignersUnder = (life: RosterLife, at: string) => readonly string[];

/** The closed list of what a signed act comes to. Only `counts` opens anything. */
export type Standing = 'counts' | 'late' | 'undetermined' | 'forged' | 'unsigned' | 'not-permitted';

export interface JudgedAct {
  readonly standing: Standing;
  /** A clause that says why, without a full stop; for what counts, when it must have been done. */
  readonly why: string;
  /** Whose it is; null where that is not proved. */
  readonly person: Person | null;
  /** The roles that they had in the whole interval, deputising included. */
  readonly roles: ReadonlySet<string>;
  /** The roster that it was judged by; null where that is not known here. */
  readonly life: RosterLife | null;
  /** In which it must have been done. */
  readonly interval: { readonly from: string; readonly to: string } | null;
}

/**
 * Whether an act of authority counts (FORMATS §4, §5): under the roster that it names, by the person that it names, with a key
 * that this roster gives them for approvals, and only where the whole interval in which it must have been done lies
 * inside the life of that roster, and before any report that the key was lost or stolen.
 *
 * An act that names a roster by its digest was done after that roster was there, whatever a clock says. It was done
 * before another person's console saw it; where none has, before it is read. What this console wrote itself is dated
 * by its own clock, as long as that was never set back: somebody who left cannot write there, and a log that took a
 * newer roster before takes nothing under the older one. When a roster came into force no single clock tells: an act
 * was done before a console took the next one where it stands earlier in that log, where that console named it when
 * it took it, or where it was seen before that one was signed.
 */
export function judgeAct(act: Act, authority: Authority, signersUnder: SignersUnder): JudgedAct {
  const none = { person: null, roles: new Set<string>(), life: null, interval: null };
  if (!act.signed) return { standing: 'unsigned', why: 'nobody signed it', ...none };
  const newest = authority.lives.at(-1);
  const life = act.roster === null ? newest : authority.lives.find(({ digest }) => digest === act.roster);
  if (life === undefined || newest === undefined) {
    return { standing: 'undetermined', why: act.roster === null ? 'no roster was ever held here' : `it names the roster ${act.roster.slice(0, 12)}, which was never held here`, ...none };
  }
  const interval = intervalOf(act, life, authority.now);
  const signers = signersUnder(life, interval.to);
  const known = { life, interval, roles: new Set<string>() };
  const person = signers.flatMap((key) => personByKey(life.roster, key, 'approve') ?? []).find(({ id }) => act.by === null || id === act.by) ?? null;
  if (person === null) return { ...notTheirs(act, life, authority, signers, signersUnder), person: null, ...known };
  const judged = { ...known, person };
  if (life.disputed !== null) return { standing: 'undetermined', why: `it names version ${life.roster.version} of the roster, of which there are two: ${life.disputed}`, ...judged };
  const outside = outsideOf(act, life, authority, interval);
  if (outside !== null) return { ...outside, ...judged };
  const lost = signers.filter((key) => personByKey(life.roster, key, 'approve')?.id === person.id).map((key) => authority.revoked.get(key));
  const stolen = lost.find((key) => key !== undefined && Date.parse(interval.to) >= Date.parse(key.since));
  if (stolen !== undefined && lost.every((key) => key !== undefined && Date.parse(interval.to) >= Date.parse(key.since))) {
    return { standing: 'undetermined', why: `administrators revoked its key as ${stolen.cause} from ${stolen.since} (${stolen.record}), and that it was done before is not proved`, ...judged };
  }
  const atStart = rolesOf(life.roster, person, interval.from);
  const roles = new Set([...rolesOf(life.roster, person, interval.to)].filter((role) => atStart.has(role)));
  return { standing: 'counts', why: `done between ${interval.from} and ${interval.to}, under version ${life.roster.version} of the roster`, ...judged, roles };
}

/** A claim to have acted later than proved does nobody good, so the claimed time bounds it from below where it can be true. */
function intervalOf(act: Act, life: RosterLife, now: string): { readonly from: string; readonly to: string } {
  const bounds = [act.notAfter, act.ownClock ? act.claimed : null].filter((time) => time !== null);
  const seen = bounds.reduce<string | null>((first, time) => (first === null || later(first, time) === first ? time : first), null) ?? later(now, act.claimed);
  const floor = [life.from, act.notBefore].filter((time) => time !== null).reduce<string | null>((last, time) => (last === null ? time : later(last, time)), null);
  // Where a clock went slow: what names a roster was not there before it.
  const to = floor === null ? seen : later(seen, floor);
  const claimed = later(act.claimed, to) === to || act.claimed === to ? act.claimed : to;
  return { from: floor === null ? claimed : later(claimed, floor), to };
}

function outsideOf(act: Act, life: RosterLife, { adoptions }: Authority, { from, to }: { readonly from: string; readonly to: string }): Pick<JudgedAct, 'standing' | 'why'> | null {
  const { version } = life.roster;
  const taken = adoptions.find((one) => one.origin === act.origin && one.seq < act.seq && one.version > version);
  if (taken !== undefined) return { standing: 'late', why: `its console had taken version ${taken.version} of the roster before (${taken.origin}#${taken.seq}), and it names version ${version}` };
  if (act.notAfter !== null && !life.begun.some((adoption) => isAfter(act, adoption))) {
    // At that very moment too: it was then made before it was seen.
    if (life.from !== null && Date.parse(act.notAfter) <= Date.parse(life.from)) return { standing: 'undetermined', why: `it was seen at ${act.notAfter}, before version ${version} of the roster, which it names, came into force at ${life.from}` };
    if (life.begun.length > 0) return { standing: 'undetermined', why: `it was seen at ${act.notAfter}, and nothing proves that version ${version} of the roster, which it names, was in force before` };
  }
  const { expires } = life.roster;
  const end = life.ended.find((one) => !isBefore(act, one, to));
  if (end === undefined && Date.parse(to) <= Date.parse(expires)) return null;
  const ended = end === undefined || life.until === expires ? `it expired at ${expires}` : `version ${end.version} took its place at ${life.until}`;
  if (Date.parse(from) > Date.parse(end === undefined ? expires : life.until)) return { standing: 'late', why: `it was done after the life of version ${version} of the roster, which it names: ${ended}` };
  return { standing: 'undetermined', why: `nobody else is known to have seen it before ${to}, and version ${version} of the roster, which it names, had ended: ${ended}` };
}

/** By the order of a log, by what that console knew, or by times that it has not set itself. */
function isBefore({ origin, seq }: Act, ending: Ending, to: string): boolean {
  if (origin === ending.origin ? seq < ending.seq : seq <= (ending.knew.get(origin) ?? -1)) return true;
  return ending.since !== null && Date.parse(to) <= Date.parse(ending.since);
}

function isAfter({ origin, seq, knew, notAfter }: Act, adoption: Adoption): boolean {
  if (origin === adoption.origin ? seq > adoption.seq : adoption.seq <= (knew.get(adoption.origin) ?? -1)) return true;
  return notAfter !== null && adoption.notAfter !== null && Date.parse(notAfter) > Date.parse(adoption.notAfter);
}

/** Why none of the signatures is that of the person whom the act names. */
function notTheirs(act: Act, life: RosterLife, { lives, now }: Authority, signers: readonly string[], signersUnder: SignersUnder): Pick<JudgedAct, 'standing' | 'why'> {
  const { version, people } = life.roster;
  const named = act.by === null ? '' : ` ${act.by} is said to have done it.`;
  for (const key of signers) {
    const holders = people.filter(({ keys }) => keys.some(({ fingerprint }) => fingerprint === key));
    const [holder] = holders;
    if (holder === undefined) continue;
    if (holders.length > 1) return { standing: 'not-permitted', why: `its key stands with ${holders.map(({ id }) => id).join(' and ')} in version ${version} of the roster, so it is nobody's` };
    if (holder.status !== 'active') return { standing: 'not-permitted', why: `${holder.name} ${holder.status === 'left' ? 'had left' : 'was suspended'} in version ${version} of the roster` };
    const uses = holder.keys.find(({ fingerprint }) => fingerprint === key)?.use ?? [];
    if (!uses.includes('approve')) return { standing: 'not-permitted', why: `it is signed with ${holder.name}'s key for ${uses.join(' and ')}, which is none for approvals` };
    return { standing: 'not-permitted', why: `it is signed by ${holder.name}.${named}`.replace(/\.$/, '') };
  }
  for (const other of lives) {
    const [key] = other.digest === life.digest ? [] : signersUnder(other, now);
    if (key === undefined) continue;
    return { standing: 'not-permitted', why: `its key is in version ${other.roster.version} of the roster, and not in version ${version}, which it names` };
  }
  return { standing: 'forged', why: `no signature over exactly this is good by a key of version ${version} of the roster` };
}

import { AppError } from '../model/errors.ts';
import type { Roster } from '../model/roster.ts';
import { gained } from './changes.ts';
import { personByKey } from './people.ts';

/** A roster with the keys, by the fingerprint of their primary key, whose signatures over its bytes are good today. */
export interface SignedRoster {
  readonly roster: Roster;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  readonly signers: ReadonlySet<string>;
  /** When the newest of those signatures was made, RFC 3339 UTC; null where none is good. */
  readonly signedAt?: string | null;
}

/** Why a roster gives nobody authority at a time; null where it does (FORMATS §5). */
export function whyNotInForce({ roster, signers }: SignedRoster, at: string): string | null {
  if (Date.parse(roster.expires) <= Date.parse(at)) return `The roster ${roster.roster} expired at ${roster.expires}`;
  return whyBelowThreshold(roster, signers, `its own`);
}

/** Other valid rosters of some version that no later one names, and all digests that the next has to name for that. */
export interface OpenFork {
  readonly rivals: readonly SignedRoster[];
  readonly digests: readonly string[];
}
const NO_FORK: OpenFork = { rivals: [], digests: [] };

/**
 * Holds a roster against the one that is held now: the first by the digest that came by another way, a later one by
 * the threshold of the administrators of the one before it and by its own; where there are several of a version, by that
 * of each, and it names them all (FORMATS §5). Errors: `not-permitted`,
 * `fork-detected`, `bad-input`.
 */
export function assertSucceeds(next: SignedRoster, held: SignedRoster | null, expectedDigest: string | null, fork: OpenFork = NO_FORK): void {
  const refused = (code: 'not-permitted' | 'fork-detected' | 'bad-input', message: string, hint: string): AppError =>
    new AppError(code, message, { hint, details: { roster: next.roster.roster, version: next.roster.version, digest: next.digest } });
  const own = whyBelowThreshold(next.roster, next.signers, 'its own');
  if (own !== null) throw refused('not-permitted', `${own}.`, 'Have the administrators sign the file: gpg --detach-sign --armor, one NAME.PERSON.asc each beside it.');
  if (expectedDigest !== null && expectedDigest !== next.digest) {
    throw refused('not-permitted', `The roster's digest is ${next.digest}, not ${expectedDigest}.`, 'It is not the file that you were told of: ask for both again, each by its own way.');
  }
  if (held === null) {
    if (expectedDigest === null) {
      throw refused('not-permitted', `No roster is held yet, so nothing says that ${next.digest} is the right one.`, 'Have its SHA-256 read to you by another way (telephone, paper) and give it with --digest.');
    }
    return;
  }
  const { roster: before } = held;
  if (next.digest === held.digest) throw refused('bad-input', `This roster, version ${before.version}, is held already.`, 'There is nothing to do.');
  if (next.roster.roster !== before.roster) throw refused('not-permitted', `This console holds the roster ${before.roster}, not ${next.roster.roster}.`, 'Use another data folder for another organisation.');
  if (next.roster.version < before.version) throw refused('not-permitted', `Version ${next.roster.version} is older than ${before.version}, which is held.`, 'Ask for the newest roster.');
  if (next.roster.version === before.version) {
    throw refused('fork-detected', `There are two rosters of version ${before.version}: ${held.digest} is held, ${next.digest} is another.`, 'Keep both files and tell the administrators: the next version has to name both.');
  }
  if (next.roster.version > before.version + 1) throw refused('not-permitted', `Version ${before.version + 1} comes before ${next.roster.version}.`, 'Adopt the versions between, one after the other.');
  for (const one of [held, ...fork.rivals]) {
    const past = whyBelowThreshold(one.roster, next.signers, `version ${one.roster.version}'s`);
    if (past !== null) throw refused('not-permitted', `${past}.`, `The administrators of version ${one.roster.version}${fork.rivals.length === 0 ? '' : `, which is ${one.digest.slice(0, 12)},`} have to sign version ${next.roster.version} too.`);
  }
  const unnamed = fork.digests.filter((digest) => !(next.roster.resolves ?? []).includes(digest));
  if (unnamed.length > 0) {
    throw refused('not-permitted', `Version ${next.roster.version} does not name ${unnamed.map((digest) => digest.slice(0, 12)).join(' and ')}, and authority is frozen until a version names every roster of the fork.`, 'Propose it again: countersign roster propose puts them into "resolves".');
  }
  const grants = whoGrantsThemselves(next, held);
  if (grants !== null) throw refused('not-permitted', `${grants}.`, 'Another administrator has to sign it too.');
}

/** Nobody grants a role to themself (FORMATS §5): whoever gains one needs another administrator's signature, of the version before. */
export function whoGrantsThemselves({ roster, signers }: SignedRoster, before: Pick<SignedRoster, 'roster'>): string | null {
  const granting = new Set([...signers].flatMap((fingerprint) => personByKey(before.roster, fingerprint, 'admin')?.id ?? []));
  const alone = roster.people.find((person) => granting.size === 1 && granting.has(person.id) && gained(before.roster, roster, person.id).length > 0);
  return alone === undefined ? null : `${alone.name} would grant a role to themself: ${gained(before.roster, roster, alone.id).join(', ')}`;
}

/** Why the administrators' authority is frozen: another valid roster of some version, that no later one names; null where none is (FORMATS §5). */
export function whyFrozen(held: readonly Pick<SignedRoster, 'roster' | 'digest'>[], rivals: readonly Pick<SignedRoster, 'roster' | 'digest'>[]): string | null {
  const open = openRivals(held, rivals);
  const [first] = open;
  if (first === undefined) return null;
  const { version } = first.roster;
  const both = [...new Set([...held, ...open].filter(({ roster }) => roster.version === version).map(({ digest }) => digest))];
  return `There are ${both.length} valid rosters of version ${version} (${both.map((digest) => digest.slice(0, 12)).join(' and ')}): authority is frozen until a version names ${both.length === 2 ? 'both' : 'all'}`;
}

/** What the next version has to name. */
export function openFork(held: readonly Pick<SignedRoster, 'roster' | 'digest'>[], rivals: readonly SignedRoster[]): OpenFork {
  const open = openRivals(held, rivals);
  return { rivals: open, digests: [...new Set([...held, ...open].filter(({ roster }) => open.some((one) => one.roster.version === roster.version)).map(({ digest }) => digest))].sort() };
}

/** Rivals that no version held here names together with what they are rivals of. */
export function openRivals<One extends Pick<SignedRoster, 'roster' | 'digest'>>(held: readonly Pick<SignedRoster, 'roster' | 'digest'>[], rivals: readonly One[]): One[] {
  return rivals.filter(({ roster, digest }) => {
    const same = held.find((one) => one.roster.version === roster.version)?.digest;
    return !held.some((one) => one.roster.version > roster.version && [digest, same].every((named) => named === undefined || (one.roster.resolves ?? []).includes(named)));
  });
}

/** Whether a roster could have followed the version before it: signed by that one's threshold and its own. A rival of a roster that is held is one that could. */
export function couldFollow(next: SignedRoster, before: Pick<SignedRoster, 'roster'>): boolean {
  return next.roster.roster === before.roster.roster && next.roster.version === before.roster.version + 1 && [before.roster, next.roster].every((roster) => whyBelowThreshold(roster, next.signers, '') === null) && whoGrantsThemselves(next, before) === null;
}

/** Which administrators of a roster signed, of how many that are asked for; somebody with two keys is one person. */
export function thresholdOf(roster: Roster, signers: ReadonlySet<string>): { readonly people: string[]; readonly needed: number; readonly reached: boolean } {
  const people = [...new Set([...signers].flatMap((fingerprint) => personByKey(roster, fingerprint, 'admin')?.id ?? []))].sort();
  return { people, needed: roster.thresholds.admin, reached: people.length >= roster.thresholds.admin };
}


function whyBelowThreshold(roster: Roster, signers: ReadonlySet<string>, whose: string): string | null {
  const { people, needed, reached } = thresholdOf(roster, signers);
  return reached ? null : `The roster is signed by ${people.length} of the ${needed} administrators that ${whose} threshold asks for`;
}

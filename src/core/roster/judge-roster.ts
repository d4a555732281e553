import { AppError } from '../model/errors.ts';
import type { Roster } from '../model/roster.ts';
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

/**
 * Holds a roster against the one that is held now: the first by the digest that came by another way, a later one by
 * the threshold of the administrators of the one before it and by its own (FORMATS §5). Errors: `not-permitted`,
 * `fork-detected`, `bad-input`.
 */
export function assertSucceeds(next: SignedRoster, held: SignedRoster | null, expectedDigest: string | null): void {
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
  const past = whyBelowThreshold(before, next.signers, `version ${before.version}'s`);
  if (past !== null) throw refused('not-permitted', `${past}.`, `The administrators of version ${before.version} have to sign version ${next.roster.version} too.`);
}

function whyBelowThreshold(roster: Roster, signers: ReadonlySet<string>, whose: string): string | null {
  // Somebody with two keys is one person.
  const people = new Set([...signers].flatMap((fingerprint) => personByKey(roster, fingerprint, 'admin')?.id ?? []));
  const threshold = roster.thresholds.admin;
  return people.size >= threshold ? null : `The roster is signed by ${people.size} of the ${threshold} administrators that ${whose} threshold asks for`;
}

import type { SigningKey } from '../contract/contract.ts';
import { AppError } from '../model/errors.ts';
import type { Person, RosterInForce } from '../model/roster.ts';
import { personByKey, rolesOf } from '../roster/people.ts';
import type { OpenPgp } from '../signing/openpgp.ts';
import { instant } from './release-handlers.ts';

export interface SpeakerPorts {
  readonly openpgp: OpenPgp;
  readonly rosterInForce: (at: string, signal: AbortSignal) => Promise<RosterInForce | null>;
  readonly now: () => Date;
}

/** Who is about to sign something as themself: by the roster in force, and by a key that it names for that. */
export interface Speaker {
  readonly key: SigningKey;
  readonly person: Person;
  readonly roles: ReadonlySet<string>;
  readonly roster: RosterInForce;
  readonly at: string;
}

/** Errors: `not-permitted` where nobody's word, or not theirs, would count; `not-found` where the key is not here. */
export async function speakerWith(ports: SpeakerPorts, wanted: string, signal: AbortSignal): Promise<Speaker> {
  const at = instant(ports.now());
  const roster = await ports.rosterInForce(at, signal);
  if (roster === null) {
    throw new AppError('not-permitted', 'No roster is in force on this console, so nobody’s signed word would count.', { hint: 'Take your organisation’s: countersign roster adopt FILE --digest SHA256' });
  }
  const key = await namedKey(ports.openpgp, wanted);
  const person = personByKey(roster.roster, key.fingerprint, 'approve');
  if (person === null) {
    throw new AppError('not-permitted', `The key ${key.fingerprint} is nobody's key for approvals in the roster in force.`, { hint: 'Use the key that the roster names for approvals, or have it added by the administrators.', details: { fingerprint: key.fingerprint } });
  }
  return { key, person, roles: rolesOf(roster.roster, person, at), roster, at };
}

async function namedKey(openpgp: OpenPgp, wanted: string): Promise<SigningKey> {
  const print = wanted.replace(/^0x/i, '').replaceAll(/\s/g, '').toUpperCase();
  const keys = await openpgp.keys();
  const found = keys.filter(({ fingerprint, signing }) => [fingerprint, signing].some((one) => one?.endsWith(print) === true));
  const [key] = found;
  if (key !== undefined && found.length === 1) return key;
  throw new AppError('not-found', found.length === 0 ? `gpg holds no secret key ${wanted}.` : `${found.length} keys end in ${wanted}.`, { hint: 'countersign keys list shows the keys that can sign.', details: { key: wanted } });
}

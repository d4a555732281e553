import { AppError } from '../model/errors.ts';
import type { Person, RosterInForce } from '../model/roster.ts';
import type { Secret } from '../model/secret.ts';
import { personByKey, rolesOf } from '../roster/people.ts';
import { heldKey, textSigner, type HeldKeyPorts } from './held-key.ts';
import { instant } from './release-handlers.ts';

export interface SpeakerPorts extends HeldKeyPorts {
  readonly rosterInForce: (at: string, signal: AbortSignal) => Promise<RosterInForce | null>;
  /** Why the roster that is held gives nobody authority: expired, frozen, put back; null where none is held, or it is in force. */
  readonly rosterProblem: (at: string) => Promise<string | null>;
}

/** Who is about to sign something as themself: by the roster in force, and by a key that it names for that. */
export interface Speaker {
  readonly fingerprint: string;
  readonly person: Person;
  readonly roles: ReadonlySet<string>;
  readonly roster: RosterInForce;
  readonly at: string;
  /** Detached and armored. A key in a file is unlocked once for all. */
  readonly sign: (text: string) => Promise<string>;
  /** Unlocks a key that lies in a file, so that a wrong passphrase is told before something is begun that ends with a signature; gpg asks at the signature itself. */
  readonly unlock: () => Promise<void>;
}

/**
 * A key that gpg holds, which asks for its PIN itself, or one in a file with its passphrase. Errors: `not-permitted` where nobody's
 * word, or not theirs, would count; `not-found` where the key is not here; those of the key once something is signed.
 */
export async function speakerWith(ports: SpeakerPorts, wanted: string, signal: AbortSignal, passphrase: Secret | null | undefined = null): Promise<Speaker> {
  const at = instant(ports.now());
  const roster = await ports.rosterInForce(at, signal);
  if (roster === null) {
    const problem = await ports.rosterProblem(at);
    if (problem !== null) throw new AppError('not-permitted', `No roster is in force on this console, so nobody’s signed word would count: ${problem}.`, { hint: 'Take the next version: countersign roster adopt FILE, or sync with an archive that brings it.' });
    throw new AppError('not-permitted', 'No roster is in force on this console, so nobody’s signed word would count.', { hint: 'Take your organisation’s: countersign roster adopt FILE --digest SHA256' });
  }
  const key = await heldKey(ports, wanted);
  const { fingerprint } = key.key;
  const person = personByKey(roster.roster, fingerprint, 'approve');
  if (person === null) {
    throw new AppError('not-permitted', `The key ${fingerprint} is nobody's key for approvals in the roster in force.`, { hint: 'Use the key that the roster names for approvals, or have it added by the administrators.', details: { fingerprint } });
  }
  // Nobody is asked for a PIN or a passphrase before it is known that what they sign would count.
  let signer: ReturnType<typeof textSigner> | null = null;
  const opened = (): ReturnType<typeof textSigner> => {
    signer ??= textSigner(ports, key, passphrase ?? null, signal);
    return signer;
  };
  return {
    fingerprint, person, roles: rolesOf(roster.roster, person, at), roster, at,
    sign: async (text) => (await opened()).sign(text),
    unlock: async () => {
      if (key.at === 'file') await opened();
    },
  };
}

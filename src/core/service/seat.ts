import { randomBytes } from 'node:crypto';
import { AppError } from '../model/errors.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { Secret } from '../model/secret.ts';
import type { Output } from '../contract/types.ts';
import { personHolding, rolesOf } from '../roster/people.ts';
import { gpgKeys, heldKey, textSigner, type HeldKey, type HeldKeyPorts } from './held-key.ts';
import { instant } from './release-handlers.ts';

export interface SeatPorts extends HeldKeyPorts {
  readonly rosterInForce: (at: string) => Promise<RosterInForce | null>;
  /** Why the roster that is held is not in force; null where none is held, or it is. */
  readonly rosterProblem: (at: string) => Promise<string | null>;
  /** The keys of the roster, by the fingerprint of their primary key, whose signatures over a text are good today. */
  readonly signersOf: (text: string, asc: string, roster: RosterInForce) => readonly string[];
  /** The name of this console's log. */
  readonly origin: () => Promise<string>;
}

type SeatState = Output<'seat.read'>;
type SeatKey = SeatState['keys'][number];

/** The one seat of a window. It is kept in memory alone, so that a restart asks again. */
export interface SeatKeeper {
  readonly state: () => Promise<SeatState>;
  /** Errors: `not-permitted` where the roster gives the key to nobody, or where the signature does not prove it; those of the key. */
  readonly take: (named: string, passphrase: Secret | null, signal: AbortSignal) => Promise<SeatState>;
  readonly lock: () => Promise<SeatState>;
  readonly leave: () => Promise<SeatState>;
  /** Whether a locked seat is waiting for somebody. */
  readonly isLocked: () => boolean;
  /** Who sits here by the roster in force now; null where nobody does. */
  readonly person: () => Promise<{ readonly id: string; readonly name: string } | null>;
  /** Whose a key is that an act names; null where the roster in force gives it to nobody, or where there is no such key. */
  readonly ownerOf: (named: string) => Promise<{ readonly id: string; readonly name: string } | null>;
  readonly namedInRoster: (id: string) => Promise<string | null>;
}

/** A challenge that waited longer for its signature proves nothing about now. */
const ANSWERED_WITHIN = 10 * 60 * 1000;

/**
 * What is signed to take a seat. Acts are canonical JSON, lists of digests or bytes of artifacts; no reader of any of them
 * takes a text that begins so.
 */
export function seatChallenge(about: { readonly origin: string; readonly person: string; readonly roster: string; readonly at: string; readonly random: string }): string {
  return `countersign/seat/v1\nProof of who sits at a console. It is no approval, no record and no release signature.\norigin: ${about.origin}\nperson: ${about.person}\nroster: ${about.roster}\ntime: ${about.at}\nchallenge: ${about.random}\n`;
}

export function seatKeeper(ports: SeatPorts): SeatKeeper {
  let taken: (Pick<SeatKey, 'key' | 'fingerprint' | 'inFile' | 'card'> & { readonly since: string }) | null = null;
  let locked = false;

  const roster = (): Promise<RosterInForce | null> => ports.rosterInForce(instant(ports.now()));
  const keyIn = (inForce: RosterInForce, { key, fingerprint, inFile, card }: Pick<SeatKey, 'key' | 'fingerprint' | 'inFile' | 'card'>): SeatKey[] => {
    const person = personHolding(inForce.roster, fingerprint);
    const use = person?.keys.find((one) => one.fingerprint === fingerprint)?.use ?? [];
    return person === null ? [] : [{ key, fingerprint, inFile, card, person: { id: person.id, name: person.name }, roles: [...rolesOf(inForce.roster, person, instant(ports.now()))].sort(), use }];
  };
  const keysHere = async (inForce: RosterInForce): Promise<SeatKey[]> => {
    const [held, files] = await Promise.all([gpgKeys(ports.openpgp), ports.local.list()]);
    return [
      ...held.filter(({ unusable }) => unusable === null).map(({ fingerprint, onCard }) => ({ key: fingerprint, fingerprint, inFile: false, card: onCard })),
      ...files.filter(({ unusable }) => unusable === null).map(({ fingerprint, file }) => ({ key: file, fingerprint, inFile: true, card: null })),
    ].flatMap((key) => keyIn(inForce, key));
  };
  const state = async (): Promise<SeatState> => {
    const inForce = await roster();
    if (inForce === null) {
      const problem = await ports.rosterProblem(instant(ports.now()));
      return { seat: null, locked, keys: [], problem: problem === null ? 'No roster of people and keys is held on this console, so it cannot say whose a key is.' : `${problem}.` };
    }
    const keys = await keysHere(inForce);
    const here = taken;
    const [seat] = here === null ? [] : keyIn(inForce, here);
    return {
      seat: seat === undefined || here === null ? null : { ...seat, since: here.since }, locked, keys,
      problem: keys.length > 0 ? null : `No key that is here is anybody’s in the roster ${inForce.roster.roster}, version ${inForce.roster.version}.`,
    };
  };

  return {
    state,
    take: async (named, passphrase, signal) => {
      const inForce = await roster();
      if (inForce === null) throw new AppError('not-permitted', (await state()).problem ?? 'No roster is in force on this console.', { hint: 'Take your organisation’s roster under People first.' });
      const held = await heldKey(ports, named);
      const { fingerprint } = held.key;
      const person = personHolding(inForce.roster, fingerprint);
      if (person === null) throw new AppError('not-permitted', `The key ${fingerprint} is nobody’s in the roster in force.`, { hint: 'Use a key that the roster names, or have it added by the administrators.', details: { fingerprint } });
      const begun = ports.now();
      const text = seatChallenge({ origin: await ports.origin(), person: person.id, roster: inForce.digest, at: instant(begun), random: randomBytes(32).toString('hex') });
      const asc = await (await textSigner(ports, held, passphrase, signal)).sign(text);
      signal.throwIfAborted();
      if (!ports.signersOf(text, asc, inForce).includes(fingerprint)) throw new AppError('not-permitted', `The signature does not prove that ${person.name} sits here.`, { hint: 'The key may have expired or been revoked since the roster was made: countersign keys list shows it.', details: { fingerprint } });
      if (ports.now().getTime() - begun.getTime() > ANSWERED_WITHIN) throw new AppError('not-permitted', 'The challenge waited too long for its signature.', { hint: 'Take the seat again.' });
      if ((await roster())?.digest !== inForce.digest) throw new AppError('not-permitted', 'Another version of the roster came into force meanwhile.', { hint: 'Take the seat again.' });
      taken = { ...placeOf(held), fingerprint, since: instant(ports.now()) };
      locked = false;
      return state();
    },
    lock: () => {
      // Where nobody sits there is nothing that a signature could open again.
      locked = taken !== null;
      return state();
    },
    leave: () => {
      if (locked) throw new AppError('not-permitted', 'The window is locked, so the seat is taken again rather than left.', { hint: 'Take the seat with your key.' });
      taken = null;
      return state();
    },
    isLocked: () => locked,
    person: async () => (await state()).seat?.person ?? null,
    ownerOf: async (named) => {
      const inForce = await roster();
      if (inForce === null) return null;
      try {
        const { key: { fingerprint } } = await heldKey(ports, named);
        const person = personHolding(inForce.roster, fingerprint);
        return person === null ? null : { id: person.id, name: person.name };
      } catch (cause) {
        // Whatever it names is no key that is here; the call itself says so.
        if (cause instanceof AppError) return null;
        throw cause;
      }
    },
    namedInRoster: async (id) => (await roster())?.roster.people.find((one) => one.id === id)?.name ?? null,
  };
}

function placeOf(held: HeldKey): Pick<SeatKey, 'key' | 'inFile' | 'card'> {
  return held.at === 'file' ? { key: held.key.file, inFile: true, card: null } : { key: held.key.fingerprint, inFile: false, card: held.key.onCard };
}

import { provesPerson } from '../../../core/approval/read-statements.ts';
import type { VerifyPerson } from '../../../core/archive/person.ts';
import type { Entry } from '../../../core/model/archive.ts';
import type { RosterConsoles, RosterInForce } from '../../../core/model/roster.ts';
import { decisionOf, stillCounted, withoutKeys, type RevokedKeys } from '../../../core/roster/revocations.ts';
import type { ArchivePort } from '../../../core/service/archive-port.ts';
import { isDecided, revokedKeys } from '../../../core/service/revoked-keys.ts';
import { instant } from '../../../core/service/release-handlers.ts';
import { personalSignatures, type SignersOf } from './personal-signatures.ts';
import { rosterKeeper, type RosterKeeper } from './roster-folder.ts';

/** How long what was read of revoked keys is used again: another process may have recorded one since. */
const KEPT_FOR = 1_000;

/** House rule: so many people besides a log's owner make its records witnessed, where the roster does not say. */
const WITNESSES = 1;

/** Whose word counts on this console: the roster it holds, the keys that its administrators revoked, and who signed what. */
export interface WhoseWord {
  readonly roster: RosterKeeper;
  /** The roster in force without the keys that were revoked, for what is done from now on. */
  readonly inForceNow: (at: string) => Promise<RosterInForce | null>;
  readonly revoked: () => Promise<RevokedKeys>;
  /** Whose keys signed an entry, as far as they still count. */
  readonly signersOf: (entry: Entry, roster: RosterInForce, at: Date) => Promise<readonly string[]>;
  readonly administratorsOf: SignersOf;
  readonly verifyPerson: VerifyPerson;
  /** The consoles that the roster in force names; null where none is in force. */
  readonly consoles: () => Promise<RosterConsoles | null>;
  /** The archive changed: what was read of it is read again. */
  readonly forget: () => void;
}

/** `archive` gives null where this console has none yet. */
export function whoseWord(home: string, now: () => Date, archive: () => Promise<ArchivePort | null>): WhoseWord {
  const [approvers, administrators] = [personalSignatures('approve'), personalSignatures('admin')];
  let known: { readonly at: number; readonly keys: Promise<RevokedKeys> } | null = null;
  const read = async (): Promise<RevokedKeys> => {
    const opened = await archive();
    const rosters = opened === null ? [] : await roster.everHeld();
    return opened === null || rosters.length === 0 ? new Map() : revokedKeys(opened, rosters, (entry, held) => administrators(entry, held, now()));
  };
  const revoked = (): Promise<RevokedKeys> => {
    if (known === null || Date.now() - known.at > KEPT_FOR) known = { at: Date.now(), keys: read() };
    return known.keys;
  };
  const roster = rosterKeeper(home, now, revoked);
  const signersOf: WhoseWord['signersOf'] = async (entry, inForce, at) => {
    const signers = approvers(entry, inForce, at);
    const keys = signers.length === 0 ? null : await revoked();
    const opened = keys === null || keys.size === 0 ? null : await archive();
    return keys === null || opened === null ? signers : stillCounted(signers, entry, keys, opened.origin);
  };
  return {
    roster, revoked, signersOf, administratorsOf: administrators,
    inForceNow: async (at) => {
      const inForce = await roster.inForce(at);
      return inForce === null ? null : withoutKeys(inForce, await revoked());
    },
    verifyPerson: async (entry) => {
      if (decisionOf(entry) !== null) return isDecided(entry, await roster.everHeld(), (one, held) => administrators(one, held, now()));
      const inForce = await roster.inForce(instant(now()));
      if (inForce === null) return false;
      // Reading the revoked keys lists these very entries.
      const signers = entry.record.event_type === 'key_revocation' ? approvers(entry, inForce, now()) : await signersOf(entry, inForce, now());
      return provesPerson(entry, signers, inForce);
    },
    consoles: async () => {
      const inForce = await roster.inForce(instant(now()));
      return inForce === null ? null : { consoles: inForce.roster.consoles, witnesses: inForce.roster.thresholds['witnesses'] ?? WITNESSES };
    },
    forget: () => {
      known = null;
    },
  };
}

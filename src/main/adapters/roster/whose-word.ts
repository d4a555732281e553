import { personNamed, rosterNamed, statementOf, type JudgedEntry } from '../../../core/approval/acts.ts';
import { provesPerson } from '../../../core/approval/read-statements.ts';
import type { VerifyPerson } from '../../../core/archive/person.ts';
import type { Entry } from '../../../core/model/archive.ts';
import { RosterChangeRecord } from '../../../core/model/records/people.ts';
import type { RosterConsoles, RosterInForce } from '../../../core/model/roster.ts';
import { judgeAct, type Authority, type SignersUnder } from '../../../core/roster/judge-act.ts';
import { whyFrozen } from '../../../core/roster/judge-roster.ts';
import { livesOf, type Adoption, type RosterLife } from '../../../core/roster/lives.ts';
import { decidedBy, decisionOf, stillCounted, withoutKeys, type RevokedKeys } from '../../../core/roster/revocations.ts';
import type { ArchivePort, EntryBounds } from '../../../core/service/archive-port.ts';
import { isDecided, revokedKeys } from '../../../core/service/revoked-keys.ts';
import { instant } from '../../../core/service/release-handlers.ts';
import { digestOf } from '../../../core/workflow/canonical.ts';
import { personalSignatures, textSignatures, type SignersOf } from './personal-signatures.ts';
import { rosterKeeper, type RosterKeeper, type TakenHere } from './roster-folder.ts';

/** How long what was read of revoked keys and of rosters is used again: another process may have recorded one since. */
const KEPT_FOR = 1_000;

/** House rule: so many people besides a log's owner make its records witnessed, where the roster does not say. */
const WITNESSES = 1;

/** Whose word counts on this console: the roster it holds, the keys that its administrators revoked, and who signed what. */
export interface WhoseWord {
  readonly roster: RosterKeeper;
  /** The roster in force without the keys that were revoked, for what is done from now on. */
  readonly inForceNow: (at: string) => Promise<RosterInForce | null>;
  readonly revoked: () => Promise<RevokedKeys>;
  /** What an entry of the archive comes to as an act of the person whom it names, read at a time. */
  readonly judge: (id: string, at: Date) => Promise<JudgedEntry>;
  /** Which consoles took which version, as far as the archive tells. */
  readonly adoptions: () => Promise<readonly (Adoption & { readonly id: string })[]>;
  /** When each version that was ever held was in force. */
  readonly lives: () => Promise<readonly RosterLife[]>;
  /** Is another as soon as an entry may come to something else, of all that is known of rosters, of who took them, and of revoked keys. */
  readonly ground: () => Promise<string>;
  readonly administratorsOf: SignersOf;
  readonly verifyPerson: VerifyPerson;
  /** The consoles that the roster in force names; null where none is in force. */
  readonly consoles: () => Promise<RosterConsoles | null>;
  /** The archive changed: what was read of it is read again. */
  readonly forget: () => void;
}

/** `archive` gives null where this console has none yet. */
export function whoseWord(home: string, now: () => Date, archive: () => Promise<ArchivePort | null>): WhoseWord {
  const [approvers, administrators, everyone] = [personalSignatures('approve'), personalSignatures('admin'), personalSignatures('approve', 'release', 'admin')];
  const statements = textSignatures('approve', 'release', 'admin');
  const revoked = keptFor(async (): Promise<RevokedKeys> => {
    const opened = await archive();
    const rosters = opened === null ? [] : await roster.everHeld();
    return opened === null || rosters.length === 0 ? new Map() : revokedKeys(opened, rosters, (entry, held) => administrators(entry, held, now()));
  });
  // The roster that is in force rests on these alone: who saw what cannot be asked before it is known.
  const taken = keptFor(async () => {
    const opened = await archive();
    const changes = opened === null ? [] : await opened.entriesOf('roster_change');
    return changes.flatMap(({ id, entry: { origin, seq, record } }) => {
      const change = record.imported === true ? undefined : RosterChangeRecord.safeParse(record).data;
      return change === undefined ? [] : [{ id, origin, seq, digest: change.roster_digest, version: change.version, time: change.adopted_at, own: origin === opened?.origin }];
    });
  });
  let dated: { readonly of: string; readonly adoptions: readonly (Adoption & { readonly id: string; readonly own: boolean })[] } = { of: '', adoptions: [] };
  const adoptions = keptFor(async () => {
    const [opened, all] = [await archive(), await taken.read()];
    if (opened === null) return [];
    // There is one for every console and version, and what dates them seldom changes.
    const of = `${await opened.ground()}\n${all.map(({ id }) => id).join(' ')}`;
    if (dated.of !== of) dated = { of, adoptions: await Promise.all(all.map(async (one) => ({ ...one, ...dating(await opened.bounds(one.id)) }))) };
    return dated.adoptions;
  });
  const takenHere = async (): Promise<TakenHere | null> => {
    const own = (await taken.read()).filter((one) => one.own);
    return own.reduce<TakenHere | null>((newest, { version, digest, id }) => (newest === null || version >= newest.version ? { version, digest, record: id } : newest), null);
  };
  const roster = rosterKeeper(home, now, { revokedKeys: revoked.read, takenHere });

  const lives = keptFor(async (): Promise<readonly RosterLife[]> => {
    const { held, rivals } = await roster.kept();
    const disputed = new Map(rivals.map((rival) => [rival.roster.version, whyFrozen(held.filter(({ roster: { version } }) => version <= rival.roster.version), [rival]) ?? 'another is valid too']));
    const known = await adoptions.read();
    return livesOf(held, known, known.find(({ own }) => own)?.origin ?? null, disputed);
  });
  const authority = async (at: Date): Promise<Authority> => ({ lives: await lives.read(), adoptions: await adoptions.read(), revoked: await revoked.read(), now: instant(at) });
  const signersUnder = (entry: Entry): SignersUnder => {
    const statement = statementOf(entry.record);
    return (life, at) => {
      const signers = everyone(entry, life, new Date(at));
      if (statement === null || signers.length === 0) return signers;
      // What outsiders check has to be signed by the same key as what is counted here.
      const good = new Set(statements(digestOf({ statement }), [statement.asc], () => statement.text, life, new Date(at)));
      return signers.filter((key) => good.has(key));
    };
  };

  return {
    roster, revoked: revoked.read, administratorsOf: administrators, adoptions: adoptions.read, lives: lives.read,
    judge: async (id, at) => {
      const opened = await archive();
      if (opened === null) throw new Error('There is no archive to judge an entry of.');
      const { entry, notBefore, notAfter, knew, own, clockSetBack } = await opened.bounds(id);
      const act = {
        origin: entry.origin, seq: entry.seq, claimed: entry.time, notBefore, notAfter, knew, ownClock: own && !clockSetBack,
        roster: rosterNamed(entry.record), by: personNamed(entry.record), signed: entry.signatures.length > 0,
      };
      return { id, entry, act: judgeAct(act, await authority(at), signersUnder(entry)) };
    },
    ground: async () => digestOf({
      lives: (await lives.read()).map(({ digest, from, until, disputed }) => ({ digest, from, until, disputed })),
      adoptions: (await adoptions.read()).map((one) => ({ ...one, knew: [...one.knew].sort() })), revoked: [...(await revoked.read())].map(([key, why]) => ({ key, why: { ...why } })),
    }),
    inForceNow: async (at) => {
      const inForce = await roster.inForce(at);
      return inForce === null ? null : withoutKeys(inForce, await revoked.read());
    },
    verifyPerson: async (entry) => {
      const held = await roster.everHeld();
      if (decisionOf(entry) !== null) return isDecided(entry, held, (one, by) => administrators(one, by, now()));
      if (entry.record.event_type === 'roster_change') return provesRoster(entry, held);
      const named = rosterNamed(entry.record);
      const judgedBy = named === null ? await roster.inForce(instant(now())) : (held.find(({ digest }) => digest === named) ?? null);
      if (judgedBy === null) return false;
      const signers = approvers(entry, judgedBy, now());
      // Reading the revoked keys lists these very entries.
      const keys = signers.length === 0 || entry.record.event_type === 'key_revocation' ? null : await revoked.read();
      const opened = keys === null || keys.size === 0 ? null : await archive();
      return provesPerson(entry, keys === null || opened === null ? signers : stillCounted(signers, entry, keys, opened.origin), judgedBy);
    },
    consoles: async () => {
      const inForce = await roster.inForce(instant(now()));
      return inForce === null ? null : { consoles: inForce.roster.consoles, witnesses: inForce.roster.thresholds['witnesses'] ?? WITNESSES };
    },
    forget: () => {
      revoked.forget();
      taken.forget();
      adoptions.forget();
      lives.forget();
    },
  };
}

function dating({ knew, notAfter }: EntryBounds): Pick<Adoption, 'knew' | 'notAfter'> {
  return { knew, notAfter };
}

/** A version that is held here, whose own threshold its administrators' signatures reached when it was read. */
function provesRoster({ record }: Entry, held: readonly RosterInForce[]): boolean {
  const change = RosterChangeRecord.safeParse(record).data;
  const found = held.find(({ digest }) => digest === change?.roster_digest);
  return change !== undefined && found !== undefined && found.roster.version === change.version && decidedBy(found, change.signed_by).reached;
}

function keptFor<Value>(work: () => Promise<Value>): { readonly read: () => Promise<Value>; readonly forget: () => void } {
  let known: { readonly at: number; readonly value: Promise<Value> } | null = null;
  return {
    read: () => {
      if (known === null || Date.now() - known.at > KEPT_FOR) known = { at: Date.now(), value: work() };
      return known.value;
    },
    forget: () => {
      known = null;
    },
  };
}

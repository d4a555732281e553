import { randomInt } from 'node:crypto';
import { couldBeCode, makeCode, whichCode } from '../approval/voice-code.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import { VerbalApprovalRecord } from '../model/records/verbal.ts';
import type { Roster, RosterInForce } from '../model/roster.ts';
import { changesBetween } from '../roster/changes.ts';
import { NO_CHANGES, nextRoster } from '../roster/propose.ts';
import { codesLeft, namedCodes, type MadeCode } from '../roster/voice-codes.ts';
import { ofForm } from '../workflow/acts.ts';
import { nextCommands, nextFrom, writeNext, type NextRosterPorts } from './next-roster.ts';
import type { ActPorts } from './read-acts.ts';
import { instant } from './release-handlers.ts';

/** Which codes of somebody were told in a record, and in which: by the code's name. */
export type BurntCodes = ReadonlyMap<string, string>;

/** `inForce`: the roster under which the archive is read, so that the lists of its acts are those that others read too. */
type FindBurnt = (roster: Pick<Roster, 'people'>, inForce: RosterInForce | null, at: string) => Promise<ReadonlyMap<string, BurntCodes>>;
const finders = new WeakMap<ActPorts['readActs'], FindBurnt>();

/**
 * Finds which codes of a roster are burnt, by whose they are: those that a record of any log tells, proved or not, because whoever
 * reads the archive knows them (FORMATS §7). For one archive it is the same finder, which holds each record against each code once.
 */
export function burntCodesIn(readActs: ActPorts['readActs']): FindBurnt {
  const finder = finders.get(readActs) ?? burntCodeFinder(readActs);
  finders.set(readActs, finder);
  return finder;
}

function burntCodeFinder(readActs: ActPorts['readActs']): FindBurnt {
  const known = new Map<string, string | null>();
  return async ({ people }, inForce, at) => {
    const burnt = new Map<string, Map<string, string>>();
    for (const { act, record } of ofForm(await readActs({ release: null, types: ['verbal_approval'] }, inForce, at), VerbalApprovalRecord)) {
      const codes = people.find(({ id }) => id === record.approver)?.voice_codes ?? [];
      if (codes.length === 0 || record.voice_code == null || !couldBeCode(record.voice_code)) continue;
      const key = `${act.leaf} ${codes.map(({ salt }) => salt).join(' ')}`;
      const id = known.has(key) ? (known.get(key) ?? null) : ((await whichCode(record.voice_code, codes))?.id ?? null);
      known.set(key, id);
      if (id === null) continue;
      const theirs = burnt.get(record.approver) ?? new Map<string, string>();
      burnt.set(record.approver, theirs);
      if (!theirs.has(id)) theirs.set(id, act.id);
    }
    return burnt;
  };
}

/** Beside those that are asked for, each batch has one for duress. */
const DURESS_CODES = 1;

export interface VoiceCodePorts extends NextRosterPorts, ActPorts {
  readonly rosterInForce: (at: string, signal: AbortSignal) => Promise<RosterInForce | null>;
  readonly held: (at: string, signal: AbortSignal) => Promise<{ readonly signed: { readonly roster: Roster } } | null>;
}

/** Single-use codes by which somebody is known on the telephone: made, printed once and burnt (FORMATS §7). */
export function voiceCodeHandlers(ports: VoiceCodePorts): Pick<Handlers, 'roster.makeVoiceCodes' | 'roster.voiceCodes'> {
  return {
    'roster.makeVoiceCodes': async (input, context) => make(ports, input, context),
    'roster.voiceCodes': async (_input, { signal }) => {
      const at = instant(ports.now());
      const roster = (await ports.held(at, signal))?.signed.roster;
      if (roster === undefined) return { people: [] };
      const burnt = await burntCodesIn(ports.readActs)(roster, await ports.rosterInForce(at, signal), at);
      return {
        people: roster.people.map((person) => {
          const theirs: BurntCodes = burnt.get(person.id) ?? new Map();
          return { id: person.id, name: person.name, phones: person.phones, left: codesLeft(person, new Set(theirs.keys())).length, codes: person.voice_codes.map(({ id }) => ({ id, burntBy: theirs.get(id) ?? null })) };
        }),
      };
    },
  };
}

async function make(ports: VoiceCodePorts, { person, count, replace, file, out }: Parsed<'roster.makeVoiceCodes'>, { signal, progress }: CallContext): Promise<Output<'roster.makeVoiceCodes'>> {
  const { held, before, base, fork } = await nextFrom(ports, file);
  const known = base.people.find(({ id }) => id === person);
  if (known === undefined) throw new AppError('bad-input', `Nobody in the roster is called "${person}".`, { hint: `It knows ${base.people.map(({ id }) => id).join(', ')}.`, details: { place: 'person' } });
  if (known.status !== 'active') throw new AppError('bad-input', `${known.name} ${known.status === 'left' ? 'left' : 'is suspended'}, so their word opens nothing.`, { hint: 'Make them active again in the same proposal first.', details: { place: 'person' } });
  const made: MadeCode[] = [];
  while (made.length < count + DURESS_CODES) {
    signal.throwIfAborted();
    made.push(await makeCode());
    progress({ label: 'Making voice codes', item: null, done: made.length, total: count + DURESS_CODES, unit: 'steps' });
  }
  const codes = namedCodes(made, randomInt(made.length), [...held.map(({ roster }) => roster), base], person);
  const next = nextRoster(base, { ...NO_CHANGES, voiceCodes: [{ id: person, replace, codes: codes.map(({ id, salt, scrypt, duress }) => ({ id, salt, scrypt, duress })) }] }, fork.digests);
  const { path, digest } = await writeNext(ports, next, out);
  return {
    person, name: known.name, codes: codes.map(({ id, words, duress }) => ({ id, words: [...words], duress })), file: path, version: next.version, digest,
    changes: before === undefined ? [] : changesBetween(before.roster, next), next: nextCommands(path, digest, before !== undefined),
  };
}

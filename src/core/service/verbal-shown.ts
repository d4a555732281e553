import { byPlace } from '../archive/entry-id.ts';
import type { VerbalRequestShown, VerbalShown } from '../contract/verbal-calls.ts';
import { codesLeft, nextCodeOf } from '../roster/voice-codes.ts';
import { VerbalRequestRecord } from '../model/records/verbal.ts';
import type { Person } from '../model/roster.ts';
import { ofForm, pointingAt, type Act, type Read } from '../workflow/acts.ts';
import { readBackWords } from '../workflow/verbal-statement.ts';
import type { Verbal } from '../workflow/verbal.ts';
import type { BurntCodes } from './voice-codes.ts';
import type { Situation } from './workflow-ports.ts';

/** So many read-backs and codes that are not right end a statement (FORMATS §7: nobody guesses). */
export const MOST_TRIES = 3;

/** What was asked, with what is still to be done about it. */
export interface Request {
  readonly act: Act;
  readonly record: VerbalRequestRecord;
  readonly challenge: Read<typeof VerbalRequestRecord> | null;
  readonly failed: number;
  readonly answers: readonly Act[];
}

/** Every statement that was logged for an emergency, the oldest first. */
export function requestsOf(acts: readonly Act[], emergencyId: string): Request[] {
  return ofForm(acts, VerbalRequestRecord)
    .filter(({ act, record }) => act.aside === null && record.act === 'statement' && record.emergency_id === emergencyId)
    .map(({ act, record }) => ({
      act, record,
      challenge: ofForm(pointingAt(acts, 'challenges', act), VerbalRequestRecord).find((one) => one.act.aside === null && one.act.entry.origin === act.entry.origin) ?? null,
      failed: pointingAt(acts, 'fails', act).length,
      answers: pointingAt(acts, 'answers', act),
    }))
    .sort((a, b) => Date.parse(a.record.asked_at) - Date.parse(b.record.asked_at) || byPlace(a.act.id, b.act.id));
}

/** `burnt`: codes that some record tells, by whose they are. */
export function requestShown({ act, record, challenge, failed, answers }: Request, { roster }: Situation, burnt: ReadonlyMap<string, BurntCodes>): VerbalRequestShown {
  const people = roster?.roster.people ?? [];
  const person = people.find(({ id }) => id === record.approver) ?? null;
  const used = new Set(burnt.get(record.approver)?.keys() ?? []);
  return {
    record: act.id, challengeRecord: challenge?.act.id ?? null, emergency: record.emergency_id, release: record.release_version, askedAt: record.asked_at, takenBy: nameIn(people, record.taken_by),
    approver: { id: record.approver, name: nameIn(people, record.approver), role: record.approver_role },
    statement: record.statement ?? '', statementSha256: record.statement_sha256 ?? '', subjectDigest: record.subject_digest ?? '',
    readBack: challenge === null ? [] : readBackWords(record.statement_sha256 ?? '', act.leaf, challenge.record.challenge ?? ''),
    numbers: [...(person?.phones ?? [])], nextCode: person === null ? null : (nextCodeOf(person, used)?.id ?? null), codesLeft: person === null ? 0 : codesLeft(person, used).length,
    witnesses: people.filter(({ id, status, keys }) => status === 'active' && id !== record.approver && id !== record.taken_by && keys.some(({ use }) => use.includes('approve'))).map(({ id, name }) => ({ id, name })),
    failed, triesLeft: Math.max(0, MOST_TRIES - failed), answered: answers.length > 0,
  };
}

export function verbalShown(one: Verbal, { roster, at }: Situation): VerbalShown {
  const { act, record, request, decision, approver, taker, identity, opens, why, witness, ratification, notes } = one;
  const people = roster?.roster.people ?? [];
  return {
    record: act.id, request: request?.act.id ?? null, emergency: record.emergency_id ?? '', release: record.release_version, decision,
    approver: { id: record.approver, name: approver?.name ?? nameIn(people, record.approver), role: record.approver_role }, takenBy: taker?.name ?? nameIn(people, record.taken_by), takenProven: taker !== null,
    spokenAt: record.spoken_at, channel: record.channel, called: record.called, callBack: record.call_back === true, late: record.entered_late === true, words: record.words,
    statement: request?.record.statement ?? null, statementSha256: record.statement_sha256 ?? null, subjectDigest: record.subject_digest, identity, opens, why, witness,
    ratification: { ...ratification, secondsLeft: ratification.state === 'owed' ? Math.max(0, Math.floor((Date.parse(ratification.due) - Date.parse(at)) / 1000)) : 0 },
    attachments: act.entry.attachments.map(({ name, sha256 }) => ({ name, sha256 })), notes: [...notes],
  };
}

export function nameIn(people: readonly Person[], id: string): string {
  return people.find((person) => person.id === id)?.name ?? id;
}

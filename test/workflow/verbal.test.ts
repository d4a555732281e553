import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeTold, spokenOf, type Spoken } from '../../src/core/approval/spoken.ts';
import { makeCode } from '../../src/core/approval/voice-code.ts';
import { pgpWords } from '../../src/core/model/pgp-words.ts';
import type { EntryRef } from '../../src/core/model/archive.ts';
import type { VerbalApprovalRecord } from '../../src/core/model/records/verbal.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { authorityOf, type AuthorityLine } from '../../src/core/workflow/deployment-authority.ts';
import { sha256Of } from '../../src/core/workflow/canonical.ts';
import { readBackWords, sameWords, statementText, type StatementParts } from '../../src/core/workflow/verbal-statement.ts';
import { verbalOf, type Verbal } from '../../src/core/workflow/verbal.ts';
import { Logs, rules, signerCalled, type Written } from './acts.ts';

const V = 'v1.1.1';
const AT = '2026-01-12T03:00:00Z';
const STATEMENT = 'Do you approve that exactly this is deployed now?\n';
const SUBJECT = 'a'.repeat(64);
const CHALLENGE = '0123456789abcdef0123456789abcdef';

const spokenBy = (more: Partial<Spoken> = {}): Spoken => ({ approver: signerCalled('cleo'), numbers: ['+1 202 555 0101'], witness: null, code: { state: 'none', id: null }, ...more });
const CODED = spokenBy({ code: { state: 'good', id: 'c01' } });

interface Call {
  readonly logs: Logs;
  readonly declared: Written;
  readonly asked: Written;
  readonly drawn: Written;
  readonly words: readonly string[];
  readonly answer: (more?: Readonly<Record<string, unknown>>, how?: { spoken?: Spoken | null; by?: readonly string[]; refs?: readonly EntryRef[]; origin?: string }) => Written;
  readonly all: (now?: string) => Verbal[];
}

/** A call up to the point where something is answered: dora takes it, cleo is asked as CTO. */
function call({ declarer = 'ines', drawnFirst = false }: { readonly declarer?: string; readonly drawnFirst?: boolean } = {}): Call {
  const logs = new Logs();
  logs.time = AT;
  const declared = logs.write({ event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: V, severity: 'critical', declared_by: declarer, declared_at: AT, reason: 'x' }, { by: [declarer] });
  const base = { event_type: 'verbal_request', emergency_id: 'e', release_version: V, asked_at: AT, taken_by: 'dora', approver: 'cleo', approver_role: 'cto' };
  const early = drawnFirst ? logs.write({ ...base, act: 'challenge', challenge: CHALLENGE }) : null;
  const asked = logs.write({ ...base, act: 'statement', statement: STATEMENT, statement_sha256: sha256Of(STATEMENT), subject_digest: SUBJECT, release_artifacts_sha256: { 'a.tgz': 'b'.repeat(64) } }, { refs: [declared.ref('of-emergency')] });
  const drawn = early ?? logs.write({ ...base, act: 'challenge', challenge: CHALLENGE }, { refs: [asked.ref('challenges')] });
  const words = readBackWords(sha256Of(STATEMENT), asked.leaf, CHALLENGE);
  return {
    logs, declared, asked, drawn, words,
    answer: (more = {}, { spoken = CODED, by = ['dora'], refs = [asked.ref('answers'), drawn.ref('challenged-by'), declared.ref('of-emergency')], origin = 'a.example' } = {}) =>
      logs.write({
        event_type: 'verbal_approval', release_version: V, subject_digest: SUBJECT, approver: 'cleo', approver_role: 'cto', spoken_at: AT, channel: 'phone', called: '+1 202 555 0101', taken_by: 'dora', witness: null, words: 'Yes.',
        read_back: [...words], challenge: CHALLENGE, identified_by: 'coded', decision: 'approve', emergency_id: 'e', statement_sha256: sha256Of(STATEMENT), call_back: true, voice_code: 'one two three four five six', ...more,
      }, { by, refs, spoken, origin }),
    all: (now = '2026-01-12T04:00:00Z') => verbalOf(logs.acts(), rules, now),
  };
}

const only = (all: readonly Verbal[]): Pick<Verbal, 'opens' | 'identity' | 'why'> & { ratification: string; witness: string | undefined } => {
  const [one] = all;
  if (one === undefined) throw new Error('nothing was told');
  return { opens: one.opens, identity: one.identity, why: one.why, ratification: one.ratification.state, witness: one.witness?.state };
};

describe('an approval by word', () => {
  test('opens by the approver’s own code, and is owed a ratification', () => {
    const told = call();
    told.answer();
    expect(only(told.all())).toEqual({ opens: true, identity: 'coded', why: 'cleo approved it by word as cto: by their own code.', ratification: 'owed', witness: undefined });
    expect(only(told.all('2026-01-13T03:00:01Z'))).toMatchObject({ opens: true, ratification: 'overdue' });
  });

  test('opens by a witness who has not signed yet, until they deny it', () => {
    const told = call();
    const spoken = spokenBy({ witness: signerCalled('quinn') });
    const answered = told.answer({ witness: 'quinn', voice_code: null }, { spoken });
    expect(only(told.all())).toMatchObject({ opens: true, identity: 'witnessed', witness: 'owed' });
    expect(only(told.all('2026-01-13T03:00:01Z'))).toMatchObject({ opens: true, witness: 'overdue' });
    const say = (heard: boolean, by: string): Written => told.logs.write({ event_type: 'attestation', attests: 'call', attested_by: 'quinn', attested_at: AT, release_version: V, heard, statement: 'x', roster_digest: SUBJECT }, { by: [by], refs: [answered.ref('witnesses')], origin: 'q.example' });
    say(false, 'eve');
    expect(only(told.all())).toMatchObject({ opens: true, witness: 'owed' });
    say(true, 'quinn');
    expect(only(told.all('2026-01-13T03:00:01Z'))).toMatchObject({ opens: true, witness: 'signed' });
    say(false, 'quinn');
    expect(only(told.all())).toMatchObject({ opens: false, identity: 'word-only', witness: 'denied', why: 'quinn, who is said to have been on the line, says that it was not so.' });
  });

  // Whoever takes it can type both sides, name anybody, and write any record into their own log.
  test.each<[what: string, forge: (told: Call) => void, why: RegExp]>([
    ['the taker types both sides', (told) => told.answer({ voice_code: null, identified_by: 'coded' }, { spoken: spokenBy() }), /rests on the word of dora alone/],
    ['a code that is nobody’s', (told) => told.answer({}, { spoken: spokenBy({ code: { state: 'wrong', id: null } }) }), /no code of cleo counts/],
    ['the code for duress', (told) => told.answer({ witness: 'quinn' }, { spoken: spokenBy({ witness: signerCalled('quinn'), code: { state: 'duress', id: 'c03' } }) }), /asks to be confirmed by another way/],
    ['a signature that is not the taker’s', (told) => told.answer({}, { by: ['eve'] }), /Nothing proves that dora took it/],
    ['what was imported', (told) => told.answer({ imported: true }), /imported/],
    ['a number that the roster does not have', (told) => told.answer({ called: '+1 202 555 0199' }), /no number or room/],
    ['a role that they do not have', (told) => told.answer({}, { spoken: { ...CODED, approver: signerCalled('quinn') } }), /quinn was not cto/],
    ['somebody who left', (told) => told.answer({}, { spoken: { ...CODED, approver: null } }), /nobody who is active/],
    ['a witness who is the taker', (told) => told.answer({ witness: 'dora' }, { spoken: { ...CODED, witness: signerCalled('dora') } }), /have to be different people/],
    ['words that are not those', (told) => told.answer({ read_back: [...told.words].reverse() }), /not those of the statement/],
    ['words of fewer', (told) => told.answer({ read_back: told.words.slice(1) }), /not those of the statement/],
    ['another challenge', (told) => told.answer({ challenge: CHALLENGE.replace('0', 'f') }), /challenge is not in the log/],
    ['no challenge in the log', (told) => told.answer({}, { refs: [told.asked.ref('answers'), told.declared.ref('of-emergency')] }), /challenge is not in the log/],
    ['no statement in the log', (told) => told.answer({}, { refs: [told.drawn.ref('challenged-by'), told.declared.ref('of-emergency')] }), /statement that was read is not in the log/],
    ['another statement', (told) => told.answer({ statement_sha256: 'c'.repeat(64) }), /another than the one/],
    ['another subject than was asked for', (told) => told.answer({ subject_digest: 'c'.repeat(64) }), /another than the one/],
    ['another version than was asked for', (told) => told.answer({ release_version: 'v9.9.9' }), /another than the one/],
    ['no emergency behind it', (told) => told.answer({}, { refs: [told.asked.ref('answers'), told.drawn.ref('challenged-by')] }), /No emergency/],
    ['an answer in another log than the question', (told) => told.answer({}, { origin: 'b.example' }), /challenge is not in the log/],
  ])('%s opens nothing', (_, forge, why) => {
    const told = call();
    forge(told);
    expect(only(told.all())).toMatchObject({ opens: false, why: expect.stringMatching(why) as string });
  });

  test('opens nothing where the challenge was drawn before the digest was logged, or nobody who may declared', () => {
    const early = call({ drawnFirst: true });
    early.answer();
    expect(only(early.all())).toMatchObject({ opens: false, why: expect.stringMatching(/challenge is not in the log between/) as string });
    const undeclared = call({ declarer: 'quinn' });
    undeclared.answer();
    expect(only(undeclared.all())).toMatchObject({ opens: false, why: expect.stringMatching(/No emergency/) as string });
  });

  test('a record that says it was spoken in years to come is owed its ratification and its witness in time all the same', () => {
    const told = call();
    told.answer({ spoken_at: '2099-01-01T00:00:00Z', witness: 'quinn', voice_code: null }, { spoken: spokenBy({ witness: signerCalled('quinn') }) });
    expect(only(told.all('2026-01-13T03:00:01Z'))).toMatchObject({ ratification: 'overdue', witness: 'overdue' });
  });

  test('a witness who could never sign is none', () => {
    const told = call();
    told.answer({ witness: 'quinn', voice_code: null }, { spoken: spokenBy() });
    expect(only(told.all())).toMatchObject({ opens: false, witness: 'denied' });
  });

  test('a refusal opens nothing and asks for no words', () => {
    const told = call();
    told.answer({ decision: 'refuse', read_back: [] });
    expect(only(told.all())).toMatchObject({ opens: false, why: 'cleo refused it as cto.', ratification: 'not-needed' });
  });
});

describe('a code is used once', () => {
  test('the later of one log is the one that does not count', () => {
    const told = call();
    told.answer();
    told.answer({ words: 'Again.' });
    expect(told.all().map(({ opens }) => opens)).toEqual([true, false]);
  });

  test('where two consoles did not know of each other, neither counts; where one knew, it is the later', () => {
    const told = call();
    const first = told.answer();
    const replayed = (refs: readonly EntryRef[]): void => void told.answer({ words: 'Replayed.' }, { origin: 'b.example', refs });
    replayed([first.ref('knows')]);
    expect(told.all().map(({ opens }) => opens)).toEqual([true, false]);
    replayed([]);
    expect(told.all().map(({ opens }) => opens)).toEqual([false, false, false]);
  });

  test('a record that nobody is proved to have taken takes nothing from one that was told before, and burns what it told first', () => {
    const told = call();
    told.answer();
    told.answer({ words: 'Anybody writes this.' }, { origin: 'b.example', refs: [], by: [] });
    expect(told.all().map(({ opens }) => opens)).toEqual([true, false]);
    const later = call();
    const leaked = later.answer({ words: 'Anybody writes this.' }, { origin: 'b.example', refs: [], by: [] });
    later.answer({}, { refs: [later.asked.ref('answers'), later.drawn.ref('challenged-by'), later.declared.ref('of-emergency'), leaked.ref('knows')] });
    expect(later.all().map(({ opens, identity }) => [opens, identity])).toEqual([[false, 'word-only'], [false, 'word-only']]);
  });

  test('what was replayed after a deployment takes nothing from what it rested on', () => {
    const told = call();
    const first = told.answer();
    told.answer({ words: 'Replayed.' }, { origin: 'b.example', refs: [] });
    const known = verbalOf(told.logs.acts(), rules, AT, { known: ({ entry }) => entry.origin === 'a.example' });
    expect(known.find(({ act }) => act.id === first.id)?.opens).toBe(true);
  });

  test('a copy of the record in another log is the same record', () => {
    const told = call();
    const first = told.answer();
    told.logs.write(first.entry.record, { by: ['dora'], refs: first.entry.refs, spoken: CODED, origin: 'b.example' });
    expect(told.all().find(({ act }) => act.id === first.id)?.opens).toBe(true);
  });
});

describe('afterwards', () => {
  const ratify = (told: Call, answered: Written, more: Readonly<Record<string, unknown>> = {}, by = 'cleo'): Written =>
    told.logs.write({ event_type: 'ratification', release_version: V, approver: 'cleo', ratified_at: '2026-01-12T09:00:00Z', subject_digest: SUBJECT, statement: STATEMENT, statement_sha256: sha256Of(STATEMENT), statement_signature: 'x', criterion_confirmed: true, ...more }, { by: [by], refs: [answered.ref('ratifies')], origin: 'c.example' });

  test.each<[what: string, more: Readonly<Record<string, unknown>>, by: string, state: string, opens: boolean]>([
    ['the approver signs the very bytes', {}, 'cleo', 'ratified', true],
    ['somebody else signs', {}, 'ines', 'owed', true],
    ['other bytes are signed', { statement: 'Something else.\n' }, 'cleo', 'owed', true],
    ['other bytes are signed, with their digest', { statement: 'Something else.\n', statement_sha256: sha256Of('Something else.\n') }, 'cleo', 'owed', true],
    ['the criterion is found not to hold', { criterion_confirmed: false, reason: 'It was no outage.' }, 'cleo', 'ratified', false],
  ])('%s', (_, more, by, state, opens) => {
    const told = call();
    ratify(told, told.answer(), more, by);
    expect(only(told.all())).toMatchObject({ ratification: state, opens });
  });

  test('the approver disputes it, and that stands whatever was signed besides', () => {
    const told = call();
    const answered = told.answer();
    const dispute = (by: string): Written => told.logs.write({ event_type: 'dispute', disputed_by: by, disputed_at: AT, reason: 'Nobody called me.', release_version: V }, { by: [by], refs: [answered.ref('disputes')], origin: 'c.example' });
    dispute('ines');
    expect(only(told.all())).toMatchObject({ opens: true, ratification: 'owed' });
    dispute('cleo');
    ratify(told, answered);
    expect(only(told.all())).toMatchObject({ opens: false, ratification: 'disputed', why: expect.stringMatching(/Nobody called me/) as string });
  });
});

describe('what was deployed on a word', () => {
  const approvalsLine = (later: (told: Call, answered: Written) => void): Pick<AuthorityLine, 'good' | 'words'> | undefined => {
    const told = call({ declarer: 'mia' });
    const cto = told.answer();
    const ciso = told.logs.write({
      event_type: 'approval', release_version: V, release_commit: 'c'.repeat(40), approver: 'ines', approver_role: 'ciso', decided_at: AT, statement_signature: 'x',
      statement: { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'a.tgz', digest: { sha256: 'b'.repeat(64) } }], predicateType: 'countersign/approval/v1', predicate: { decision: 'approve', release: V, types: [], subjectDigest: SUBJECT, planDigest: null, rosterDigest: SUBJECT, reason: '', approver: 'ines', role: 'ciso' } },
    }, { by: ['ines'] });
    const start = told.logs.write({ event_type: 'deployment_stage', release_version: V, deployment_id: 'd', environment: 'production', method: 'direct', act: 'start', at: AT, decided_by: 'dora', percent: 100, subject_digest: SUBJECT, release_artifacts_sha256: { 'a.tgz': 'b'.repeat(64) } }, { by: ['dora'], refs: [told.declared.ref('declared-by'), cto.ref('approved-by'), ciso.ref('approved-by')] });
    later(told, cto);
    const acts = told.logs.acts();
    const act = acts.find(({ id }) => id === start.id);
    return act === undefined ? undefined : authorityOf(act, acts, rules).find(({ id }) => id === 'approvals');
  };
  const dispute = (told: Call, answered: Written): void => void told.logs.write({ event_type: 'dispute', disputed_by: 'cleo', disputed_at: AT, reason: 'x', release_version: V }, { by: ['cleo'], refs: [answered.ref('disputes')], origin: 'c.example' });
  const denied = (told: Call, answered: Written): void => void told.logs.write({ event_type: 'ratification', release_version: V, approver: 'cleo', ratified_at: AT, subject_digest: SUBJECT, statement: STATEMENT, statement_sha256: sha256Of(STATEMENT), statement_signature: 'x', criterion_confirmed: false, reason: 'It was no outage.' }, { by: ['cleo'], refs: [answered.ref('ratifies')], origin: 'c.example' });

  test('is authorised, and stays so when its code is replayed elsewhere afterwards', () => {
    expect(approvalsLine(() => undefined)).toMatchObject({ good: true, words: 'Approved by ines as ciso, cleo as cto.' });
    expect(approvalsLine((told) => told.answer({ words: 'Replayed.' }, { origin: 'b.example', refs: [] }))).toMatchObject({ good: true });
  });

  test.each([['disputes it', dispute], ['finds that there was no emergency', denied]])('becomes unauthorised where the approver %s', (_, later) => {
    expect(approvalsLine(later)).toMatchObject({ good: false, words: 'No approval of exactly this release by cto.' });
  });
});

describe('the statement', () => {
  const parts: StatementParts = {
    policy: 'GQ-SSDLC-008', approver: 'Cleo', role: 'cto', taker: 'Dora', release: V, commit: 'c'.repeat(40), artifacts: [{ name: 'a.tgz', sha256: 'b'.repeat(64) }], subjectDigest: SUBJECT, risk: 'The cache is cold', skipped: [], askedAt: AT,
    emergency: { id: 'e', declaredBy: 'Ines', declaredAt: AT, criterion: 'System outage (production down)', reason: 'No order is taken' },
  };

  test('says digests, version and risk, and no reason adds a line to it', () => {
    const lines = statementText(parts).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['What could go wrong: The cache is cold.', `  a.tgz, whose digest begins ${pgpWords('bbbbbbbb').join(' ')}.`, `SHA-256 of all this: ${SUBJECT}`, `SHA-256 of a.tgz: ${'b'.repeat(64)}`]));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (reason, risk) => {
      const text = statementText({ ...parts, risk, emergency: { ...parts.emergency, reason } });
      expect(text.split(/[\n\r\u2028\u2029\u0085\v\f]/)).toHaveLength(lines.length);
    }), { numRuns: 300 });
  });

  test('its words are of the digest, of where it was logged, and of the challenge', () => {
    const words = readBackWords('a'.repeat(64), 'b'.repeat(64), CHALLENGE);
    expect(words).toHaveLength(4);
    const others = [readBackWords('c'.repeat(64), 'b'.repeat(64), CHALLENGE), readBackWords('a'.repeat(64), 'c'.repeat(64), CHALLENGE), readBackWords('a'.repeat(64), 'b'.repeat(64), CHALLENGE.replace('0', '1'))];
    for (const other of others) expect(sameWords(other, words)).toBe(false);
    expect(sameWords(words.map((word) => word.toUpperCase()), words)).toBe(true);
  });
});

test('a call is held against the roster under which it was taken: role, numbers, and whose code it is', async () => {
  const [code, duress] = await Promise.all([makeCode(), makeCode()]);
  const person = (id: string, roles: string[], more: Partial<Roster['people'][number]> = {}): Roster['people'][number] => ({ id, name: id, emails: [], roles, status: 'active', deputies: [], keys: [], phones: [], voice_codes: [], ...more });
  const codes = [{ id: 'c01', salt: code.salt, scrypt: code.scrypt, duress: false }, { id: 'c02', salt: duress.salt, scrypt: duress.scrypt, duress: true }];
  const roster = { people: [person('cleo', ['cto'], { phones: ['1'], voice_codes: codes, deputies: [{ id: 'nora', from: '2026-01-12T00:00:00Z', until: '2026-01-13T00:00:00Z' }] }), person('nora', []), person('gone', ['cto'], { status: 'left', voice_codes: codes })] } as unknown as Roster;
  const record = (approver: string, words: readonly string[] | null): VerbalApprovalRecord => ({ approver, witness: null, voice_code: words?.join(' ') ?? null }) as unknown as VerbalApprovalRecord;
  const heard = async (approver: string, words: readonly string[] | null, from = AT, to = AT): Promise<[state: string, id: string | null, roles: string[] | null]> => {
    const { code: told, approver: who } = spokenOf(record(approver, words), roster, { from, to }, await codeTold(record(approver, words), roster));
    return [told.state, told.id, who === null ? null : [...who.roles]];
  };
  expect(await heard('cleo', code.words.map((word) => ` ${word.toUpperCase()} `))).toEqual(['good', 'c01', ['cto']]);
  expect(await heard('cleo', duress.words)).toEqual(['duress', 'c02', ['cto']]);
  expect(await heard('cleo', [...code.words].reverse())).toEqual(['wrong', null, ['cto']]);
  expect(await heard('cleo', null)).toEqual(['none', null, ['cto']]);
  expect(await heard('nora', code.words)).toEqual(['wrong', null, ['cto']]);
  expect(await heard('nora', null, AT, '2026-01-14T00:00:00Z')).toEqual(['none', null, []]);
  const keyed = { ...person('will', []), keys: [{ use: ['approve'] }] } as unknown as Roster['people'][number];
  const witnessed = (who: Roster['people'][number]): string | undefined => spokenOf({ ...record('cleo', null), witness: who.id }, { ...roster, people: [...roster.people, who] }, { from: AT, to: AT }, { state: 'none', id: null }).witness?.id;
  expect([witnessed(keyed), witnessed(person('keyless', []))]).toEqual(['will', undefined]);
  expect((await heard('gone', null))[2]).toBeNull();
});

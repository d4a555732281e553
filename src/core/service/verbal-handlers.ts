import { randomBytes } from 'node:crypto';
import { codeTold } from '../approval/spoken.ts';
import { normalisedCode } from '../approval/voice-code.ts';
import { APPROVALS } from '../checks/judge-checklist.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { EntryRef } from '../model/archive.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { READ_BACK_WORDS, VOICE_CODE_WORDS, type RatificationRecord, type VerbalApprovalRecord, type VerbalRequestRecord } from '../model/records/verbal.ts';
import type { CallAttestation } from '../model/statements.ts';
import type { Person } from '../model/roster.ts';
import { authored, clashOf } from '../roster/differ.ts';
import { personByKey, rolesOf } from '../roster/people.ts';
import { ofForm, pointingAt, refTo } from '../workflow/acts.ts';
import type { JudgedRelease } from '../workflow/assess-release.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { criterionWords } from '../workflow/emergency.ts';
import { readBackWords, sameWords, statementText } from '../workflow/verbal-statement.ts';
import { verbalOf, type Verbal } from '../workflow/verbal.ts';
import { checklistRunRecord } from './checklist-record.ts';
import type { DeploymentPorts } from './deployment-ports.ts';
import { declarationNamed } from './emergency-named.ts';
import { emergenciesIn, emergencyNamed } from './emergency-shown.ts';
import { speakerWith, type Speaker } from './speaker.ts';
import { burntCodesIn, type BurntCodes } from './voice-codes.ts';
import { MOST_TRIES, nameIn, requestShown, requestsOf, verbalShown, type Request } from './verbal-shown.ts';
import { callForm } from './verbal-form.ts';
import { refOf } from './watch-acts.ts';
import { appendSigned, refused, situationOf, uniqueRefs, type Situation } from './workflow-ports.ts';

type Owned = 'verbal.attempt' | 'verbal.request' | 'verbal.requests' | 'verbal.record' | 'verbal.witness' | 'verbal.ratify' | 'verbal.dispute' | 'verbal.form' | 'verbal.list';

/** Approving by word in a declared emergency (FORMATS §7), in its order: what is to be approved is logged before the challenge is drawn. */
export function verbalHandlers(ports: DeploymentPorts): Pick<Handlers, Owned> {
  return {
    'verbal.request': async (input, context) => {
      const situation = await situationOf(ports, null, input.draft.policyFile, context.signal);
      const speaker = await speakerWith(ports, input.key, context.signal, input.passphrase);
      const emergency = declarationNamed(situation, input.emergency);
      const approver = approverFor(situation, speaker, input.approver, input.role);
      // The call ends with a signature: whoever is on the telephone does not learn only then that it cannot be made.
      await speaker.unlock();
      const judged = await ports.assess(input.draft, situation.at, context);
      assertAsks(judged, emergency.record.emergency_id, approver);
      const [run] = await (await ports.archive()).appendRecords([checklistRunRecord(judged, ports.version)]);
      const asked = statementRecord(judged, situation, speaker, emergency, approver, input);
      const after = run === undefined ? situation : await situationOf(ports, null, input.draft.policyFile, context.signal);
      const { id } = await ports.append({ record: { ...asked }, refs: uniqueRefs([...(await ports.seen()), refTo('of-emergency', emergency.declared), ...(run === undefined ? [] : [refOf(after.acts, run.id, 'judged-by')])]), attachments: [] });
      return drawn(ports, id, context.signal);
    },
    'verbal.requests': async ({ emergency }, { signal }) => {
      const situation = await situationOf(ports, null, null, signal);
      const burnt = await burntIn(ports, situation);
      return { at: situation.at, requests: requestsOf(situation.acts, emergencyNamed(emergenciesIn(situation).all, emergency).record.emergency_id).map((one) => requestShown(one, situation, burnt)) };
    },
    'verbal.record': (input, context) => recordCall(ports, input, context),
    'verbal.attempt': async ({ emergency, key, passphrase, approver, role, called, outcome, words }, { signal }) => {
      const situation = await situationOf(ports, null, null, signal);
      const { declared, record: { emergency_id, severity, release_version } } = declarationNamed(situation, emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const person = approverFor(situation, speaker, approver, role);
      if (!person.phones.includes(called)) throw notReachedBy(called, person);
      const record: EmergencyPatchRecord = {
        event_type: 'emergency_patch', emergency_id, act: 'call-attempt', release_version, severity, declared_by: speaker.person.id, declared_at: situation.at, reason: words, attempt: { approver: person.id, role, called, at: situation.at, outcome },
      };
      const { id } = await appendSigned(ports, speaker, record, uniqueRefs([...(await ports.seen()), refTo('of-emergency', declared)]));
      return { record: id, attempts: ofForm(pointingAt(situation.acts, 'of-emergency', declared), EmergencyPatchRecord).filter((one) => one.record.attempt?.approver === person.id).length + 1 };
    },
    'verbal.witness': async ({ verbal, key, passphrase, heard, words }, { signal }) => {
      const { one, situation } = await found(ports, verbal, signal);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      if (one.record.witness !== speaker.person.id) throw refused(`${speaker.person.name} is not who was on the line${one.record.witness === null ? ': nobody was named' : ''}.`, 'Whoever took the call names the witness.');
      if (one.witness?.record != null) throw refused(`${speaker.person.name} said so already (${one.witness.record}).`, 'What was signed stands; a dispute is the approver’s.');
      const record: CallAttestation = { event_type: 'attestation', attests: 'call', attested_by: speaker.person.id, attested_at: situation.at, release_version: one.record.release_version, heard, statement: words, roster_digest: speaker.roster.digest };
      await appendSigned(ports, speaker, record, uniqueRefs([...(await ports.seen()), refTo('witnesses', one.act)]));
      return (await found(ports, one.act.id, signal)).shown;
    },
    'verbal.ratify': async ({ verbal, key, passphrase, criterionConfirmed, reason, shown, out }, { signal }) => {
      const { one, situation } = await found(ports, verbal, signal);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const { statement, sha256 } = assertTheirs(one, speaker, 'ratify');
      if (shown !== null && shown !== sha256) throw new AppError('verification-failed', `What was read has the digest ${sha256}, and ${shown} was to be signed.`, { hint: 'Nothing was signed. Read it again.', details: { sha256, shown } });
      if (!criterionConfirmed && reason === '') throw new AppError('bad-input', 'Whoever finds that the criterion did not hold says why.', { hint: 'Give it with --reason.' });
      const signature = await speaker.sign(statement);
      const record: RatificationRecord = {
        event_type: 'ratification', release_version: one.record.release_version, approver: speaker.person.id, ratified_at: situation.at, subject_digest: one.record.subject_digest, statement, statement_sha256: sha256, statement_signature: signature,
        criterion_confirmed: criterionConfirmed, ...(reason === '' ? {} : { reason }), emergency_id: one.record.emergency_id ?? '',
      };
      if (out !== null) {
        await ports.writeText(out, statement);
        await ports.writeText(`${out}.asc`, signature);
      }
      await appendSigned(ports, speaker, record, uniqueRefs([...(await ports.seen()), refTo('ratifies', one.act)]));
      return (await found(ports, one.act.id, signal)).shown;
    },
    'verbal.dispute': async ({ verbal, key, passphrase, reason }, { signal }) => {
      const { one, situation } = await found(ports, verbal, signal);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      assertTheirs(one, speaker, 'dispute');
      await appendSigned(ports, speaker, { event_type: 'dispute', disputed_by: speaker.person.id, disputed_at: situation.at, reason, release_version: one.record.release_version, emergency_id: one.record.emergency_id ?? '' }, uniqueRefs([...(await ports.seen()), refTo('disputes', one.act)]));
      return (await found(ports, one.act.id, signal)).shown;
    },
    'verbal.form': async ({ request, out }, { signal }) => {
      const situation = await situationOf(ports, null, null, signal);
      const text = callForm(requestShown(requestNamed(situation, request), situation, await burntIn(ports, situation)));
      return { text, path: out === null ? null : (await ports.writeText(out, text)).path };
    },
    'verbal.list': async ({ emergency, release }, { signal }) => {
      const situation = await situationOf(ports, null, null, signal);
      const id = emergency === null ? null : emergencyNamed(emergenciesIn(situation).all, emergency).record.emergency_id;
      const all = verbalOf(situation.acts, situation.rules, situation.at).filter(({ record }) => (id === null || record.emergency_id === id) && (release === null || record.release_version === release));
      return { at: situation.at, verbal: all.map((one) => verbalShown(one, situation)) };
    },
  };
}

async function burntIn({ readActs }: DeploymentPorts, { roster, at }: Situation): Promise<ReadonlyMap<string, BurntCodes>> {
  return roster === null ? new Map() : burntCodesIn(readActs)(roster.roster, roster, at);
}

/** Draws the challenge once what is to be approved is in the log, and logs it too. */
async function drawn(ports: DeploymentPorts, id: string, signal: AbortSignal): Promise<Output<'verbal.request'>> {
  const logged = requestNamed(await situationOf(ports, null, null, signal), id);
  const { record, act } = logged;
  const challenge: VerbalRequestRecord = {
    event_type: 'verbal_request', act: 'challenge', emergency_id: record.emergency_id, release_version: record.release_version, asked_at: record.asked_at, taken_by: record.taken_by, approver: record.approver, approver_role: record.approver_role,
    challenge: randomBytes(16).toString('hex'),
  };
  await ports.append({ record: challenge, refs: [refTo('challenges', act)], attachments: [] });
  const situation = await situationOf(ports, null, null, signal);
  return requestShown(requestNamed(situation, id), situation, await burntIn(ports, situation));
}

/** Who is asked has the role now, a key to ratify with, and a number by which the roster reaches them; and is not who asks. */
function approverFor({ roster, at }: Situation, speaker: Speaker, id: string, role: string): Person {
  const person = roster?.roster.people.find((one) => one.id === id && one.status === 'active');
  if (roster === null || person === undefined) throw new AppError('not-found', `Nobody who is active in the roster in force is called ${id}.`, { hint: 'countersign roster show lists them.' });
  if (!rolesOf(roster.roster, person, at).has(role)) throw refused(`${person.name} is not ${role} in the roster in force, nor stands in for one.`, 'Ask somebody who is, or a deputy whom the roster names.');
  const clash = clashOf('verbal', [person, speaker.person, null]);
  if (clash !== null) throw refused(`${clash}.`, 'Have somebody else take the call.');
  if (person.phones.length === 0) throw refused(`The roster has no number and no room for ${person.name}.`, 'Call somebody whom the roster reaches; numbers are added by countersign roster propose --add-phone.');
  return person;
}

/** What is asked would count: the release mends this emergency, and all that is not an approval is green. */
function assertAsks({ emergency, report, range, artifacts, lines }: JudgedRelease, wanted: string, approver: Person): void {
  if (emergency?.id !== wanted) throw refused(`${report.release} is not what ${wanted} is mended by${emergency === null ? ', or is deployed already' : `, but ${emergency.id}`}.`, `Name it first: countersign emergency release ${wanted} ${report.release}`);
  if (artifacts.length === 0) throw refused('There is no artifact, and an approval is over artifacts.', 'Name the folder of build outputs that holds them.');
  const own = authored(approver, { range });
  if (own !== null) throw refused(`${approver.name} is an author of ${own.slice(0, 12)}, which is in this release, so the approval would not count.`, 'A deputy whom the roster names can approve it.');
  const open = report.results.filter(({ section, status }) => section !== APPROVALS && status !== 'passed' && status !== 'not-applicable' && status !== 'accepted');
  if (open.length === 0) return;
  const words = open.slice(0, 5).map(({ id }) => `${id} (${lines.find(({ result }) => result.id === id)?.question ?? 'not green'})`);
  throw refused(`${open.length} ${open.length === 1 ? 'line that the policy asks of an emergency patch is' : 'lines that the policy asks of an emergency patch are'} not green yet, and an approval of today would die with the first that turns: ${words.join('; ')}${open.length > 5 ? ' …' : ''}.`, 'Have them turned green first; countersign check says how.');
}

function statementRecord(judged: JudgedRelease, { at, inForce, roster }: Situation, speaker: Speaker, { record: declared, by }: ReturnType<typeof declarationNamed>, approver: Person, { role, risk }: Parsed<'verbal.request'>): VerbalRequestRecord {
  const { report, range, artifacts, emergency, planDigest, lines } = judged;
  const files = artifacts.map(({ path, sha256 }) => ({ name: path, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const statement = statementText({
    policy: inForce.policy.policy.id, approver: approver.name, role, taker: speaker.person.name, release: report.release, commit: range.commit, artifacts: files, subjectDigest: report.subjectDigest, risk, askedAt: at,
    skipped: (emergency?.skipped ?? []).map((id) => lines.find(({ result }) => result.id === id)?.words ?? id),
    emergency: { id: declared.emergency_id, declaredBy: by, declaredAt: declared.declared_at, criterion: criterionWords(declared.criterion), reason: declared.reason },
  });
  return {
    event_type: 'verbal_request', act: 'statement', emergency_id: declared.emergency_id, release_version: report.release, asked_at: at, taken_by: speaker.person.id, approver: approver.id, approver_role: role,
    statement, statement_sha256: sha256Of(statement), release_commit: range.commit, release_artifacts_sha256: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])), subject_digest: report.subjectDigest, plan_digest: planDigest,
    ...(roster === null ? {} : { roster_digest: roster.digest }),
  };
}

/** What was heard is judged once it is whole; what is not right is logged, and nobody guesses more than three times. */
async function recordCall(ports: DeploymentPorts, input: Parsed<'verbal.record'>, context: CallContext): Promise<Output<'verbal.record'>> {
  const situation = await situationOf(ports, null, null, context.signal);
  const request = requestNamed(situation, input.request);
  const speaker = await speakerWith(ports, input.key, context.signal, input.passphrase);
  const { record: asked } = request;
  const challenge = request.challenge;
  if (challenge === null) throw refused('No challenge was drawn for this statement.', 'Ask anew: countersign emergency verbal request.');
  if (asked.taken_by !== speaker.person.id) throw refused(`${nameIn(speaker.roster.roster.people, asked.taken_by)} asked, and ${speaker.person.name} cannot say what came of it.`, 'Whoever is on the phone asks anew.');
  if (request.answers.length > 0) throw refused(`This statement was answered already (${request.answers[0]?.id ?? ''}).`, 'Ask anew for another answer.');
  if (request.failed >= MOST_TRIES) throw refused(`${request.failed} read-backs or codes for this statement were not right.`, 'Ask anew: another challenge is drawn then.');
  const approver = approverFor(situation, speaker, asked.approver, asked.approver_role);
  assertReached(input, approver, situation, asked.asked_at);
  const witness = witnessFor(input.witness, approver, speaker);
  const fail = async (failed: 'read-back' | 'voice-code', message: string, hint: string): Promise<never> => {
    const record: VerbalRequestRecord = { event_type: 'verbal_request', act: 'failed', emergency_id: asked.emergency_id, release_version: asked.release_version, asked_at: situation.at, taken_by: asked.taken_by, approver: asked.approver, approver_role: asked.approver_role, failed };
    await ports.append({ record, refs: [refTo('fails', request.act)], attachments: [] });
    const left = MOST_TRIES - request.failed - 1;
    throw new AppError('verification-failed', message, { hint: `${hint} ${left === 0 ? 'No try is left for this statement: ask anew.' : `${left} ${left === 1 ? 'try is' : 'tries are'} left; this one is in the log.`}`, details: { failed, triesLeft: left } });
  };
  if (input.decision === 'approve' && !sameWords(input.readBack, readBackWords(asked.statement_sha256 ?? '', request.act.leaf, challenge.record.challenge ?? ''))) {
    await fail('read-back', `What was read back is not the ${READ_BACK_WORDS} words of this statement.`, 'Read the words out again, and have them said back one by one.');
  }
  const code = input.voiceCode === null ? null : normalisedCode(input.voiceCode);
  if (code !== null) {
    if (code.split(' ').length !== VOICE_CODE_WORDS) throw new AppError('bad-input', `A voice code has ${VOICE_CODE_WORDS} words, and ${code === '' ? 0 : code.split(' ').length} were typed.`, { hint: 'Leave the code out where the approver has none at hand.' });
    const told = await codeTold({ approver: approver.id, voice_code: code }, speaker.roster.roster);
    if (told.id === null) await fail('voice-code', `That is no code of ${approver.name}.`, 'Have the next code read again from paper, word by word.');
    if (told.id !== null && (await burntIn(ports, situation)).get(approver.id)?.has(told.id) === true) await fail('voice-code', `The code ${told.id} was used before.`, 'A code is used once. Have the next one read.');
  }
  const attachments = input.files.length === 0 ? [] : await (await ports.archive()).keep(input.files, { signal: context.signal, progress: context.progress });
  const record: VerbalApprovalRecord = {
    event_type: 'verbal_approval', release_version: asked.release_version, subject_digest: asked.subject_digest ?? '', approver: approver.id, approver_role: asked.approver_role, spoken_at: input.spokenAt ?? situation.at,
    channel: input.channel, called: input.called, taken_by: speaker.person.id, witness: witness?.id ?? null, words: input.words, read_back: input.decision === 'approve' ? input.readBack.map((word) => word.toLowerCase()) : [], challenge: challenge.record.challenge ?? '',
    identified_by: code !== null ? 'coded' : witness !== null ? 'witnessed' : 'word-only', decision: input.decision, emergency_id: asked.emergency_id, statement_sha256: asked.statement_sha256 ?? '', call_back: input.callBack, entered_late: input.late, voice_code: code, consent: input.consent,
  };
  const declaration = request.act.entry.refs.filter(({ rel }) => rel === 'of-emergency');
  const refs: EntryRef[] = [...(await ports.seen()), refTo('answers', request.act), refTo('challenged-by', challenge.act), ...declaration];
  const { id } = await appendSigned(ports, speaker, { ...record }, uniqueRefs(refs), attachments);
  return (await found(ports, id, context.signal)).shown;
}

function assertReached({ called, late, spokenAt, readBack, decision }: Parsed<'verbal.record'>, approver: Person, { at }: Situation, askedAt: string): void {
  if (!approver.phones.includes(called)) throw notReachedBy(called, approver);
  if (late !== (spokenAt !== null)) throw new AppError('bad-input', 'What is entered late says when it was said, and nothing else does.', { hint: 'Give --late together with --spoken TIME, as it stands on the form.' });
  if (spokenAt !== null && (Date.parse(spokenAt) > Date.parse(at) || Date.parse(spokenAt) < Date.parse(askedAt))) throw new AppError('bad-input', `It cannot have been said at ${spokenAt}: the statement was logged at ${askedAt}, and here it is ${at}.`, { hint: 'Give the time in UTC.' });
  if (decision === 'approve' && readBack.length !== READ_BACK_WORDS) throw new AppError('bad-input', `${READ_BACK_WORDS} words are read back, and ${readBack.length} were typed.`, { hint: 'Type all of them; they are judged only when they are complete.' });
}

function notReachedBy(called: string, { name, phones }: Person): AppError {
  return new AppError('bad-input', `${called} is no number or room that the roster has for ${name}.`, { hint: `It has ${phones.join(', ')}. Call back by one of them.` });
}

function witnessFor(id: string | null, approver: Person, speaker: Speaker): Person | null {
  if (id === null) return null;
  const { roster } = speaker.roster;
  const person = roster.people.find((one) => one.id === id && one.status === 'active');
  if (person === undefined) throw new AppError('not-found', `Nobody who is active in the roster in force is called ${id}.`, { hint: 'countersign roster show lists them.' });
  const clash = clashOf('verbal', [approver, speaker.person, person]);
  if (clash !== null) throw refused(`${clash}.`, 'Name a third person, or nobody.');
  if (!person.keys.some(({ fingerprint }) => personByKey(roster, fingerprint, 'approve')?.id === person.id)) throw refused(`${person.name} has no key for approvals in the roster, and could not sign that they heard it.`, 'Name somebody who has one.');
  return person;
}

/** Only the approver themself ratifies or disputes, once, and what is in the log. */
function assertTheirs(one: Verbal, { person }: Speaker, what: 'ratify' | 'dispute'): { readonly statement: string; readonly sha256: string } {
  const { record, request, ratification } = one;
  if (record.approver !== person.id) throw refused(`${person.name} is not who is said to have spoken; it is ${one.approver?.name ?? record.approver}.`, `Only they ${what} it.`);
  if (ratification.state === 'disputed') throw refused(`It is disputed already (${ratification.record ?? ''}).`, 'countersign emergency status says where it stands.');
  if (what === 'ratify' && ratification.state === 'ratified') throw refused(`It is ratified already (${ratification.record ?? ''}).`, 'countersign emergency status says where it stands.');
  if (what === 'ratify' && record.decision === 'refuse') throw refused('A refusal by word is not ratified.', 'It stands as it was said; dispute it where it was not so.');
  const statement = request?.record.statement;
  if (statement === undefined || sha256Of(statement) !== record.statement_sha256) throw refused('The statement that was read is not in the log of this console, or is another.', 'Sync the archive, and dispute it where it is not what you heard.');
  return { statement, sha256: record.statement_sha256 };
}

function requestNamed({ acts }: Situation, named: string): Request {
  const request = requestsOf(acts, String(acts.find(({ id }) => id === named)?.entry.record['emergency_id'] ?? '')).find(({ act }) => act.id === named);
  if (request === undefined) throw new AppError('not-found', `No statement for an approval by word is ${named}.`, { hint: 'countersign emergency verbal list EMERGENCY shows them.' });
  return request;
}

async function found(ports: DeploymentPorts, named: string, signal: AbortSignal): Promise<{ readonly one: Verbal; readonly situation: Situation; readonly shown: Output<'verbal.record'> }> {
  const situation = await situationOf(ports, null, null, signal);
  const one = verbalOf(situation.acts, situation.rules, situation.at).find(({ act }) => act.id === named);
  if (one === undefined) throw new AppError('not-found', `No approval by word is ${named}.`, { hint: 'countersign emergency verbal list EMERGENCY shows them.' });
  return { one, situation, shown: verbalShown(one, situation) };
}

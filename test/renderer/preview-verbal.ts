import type { Page } from 'playwright-core';
import type { Handlers } from '../../src/core/contract/serve.ts';
import type { VerbalRequestShown, VerbalShown } from '../../src/core/contract/verbal-calls.ts';
import { AppError } from '../../src/core/model/errors.ts';
import { digest, minutesBefore, NOW } from './preview-releases.ts';
import type { View } from './preview-views.ts';

const OURS = 'countersign.invalid/console-7f3a';
export const STATEMENT = `This is an approval by word, for an emergency.
Version v1.1.0 of ghostquant, commit 3f9a2c71b0e4.
What it is about has the digest that begins 4b 91 e7 20 and ends 0c 5d a8 f3.
It mends: everybody who knows the number of an order can read it.
What could go wrong: the export for the auditors is off until tomorrow, and one report will be late. Sessions that are open now are ended.
Lines of the checklist that are left out for now: 14.
Do you approve that v1.1.0 is deployed to production now, outside the maintenance window?`;
const HOSTILE = `<b>not markup</b> \u202Eesrever & <img src=x onerror=alert(1)>`;

const APPROVERS = { grace: 'Grace Hopper', xiaoming: '王小明', ines: 'Ines Security' } as const;
type Approver = keyof typeof APPROVERS;

export function requestOf(seq: number, approver: Approver, role: string, more: Partial<VerbalRequestShown> = {}): VerbalRequestShown {
  return {
    record: `${OURS}#${seq}`, challengeRecord: `${OURS}#${seq + 1}`, emergency: `${OURS}#2904`, release: 'v1.1.0', askedAt: minutesBefore(14), takenBy: 'quinn', approver: { id: approver, name: APPROVERS[approver], role },
    statement: STATEMENT, statementSha256: digest(STATEMENT), subjectDigest: digest('subject'), readBack: ['tissue', 'paperweight', 'Zulu', 'holiness'], numbers: ['+49 30 901820 11', '+49 171 555 0199', 'Room 4.12'], nextCode: 'code 3', codesLeft: 8,
    witnesses: [{ id: 'olga', name: 'Olga Operations' }, { id: 'sven', name: `Sven Architect ${HOSTILE}` }], failed: 0, triesLeft: 3, answered: false, ...more,
  };
}

export function verbalOf(seq: number, approver: Approver, role: string, more: Partial<VerbalShown> = {}): VerbalShown {
  return {
    record: `${OURS}#${seq}`, request: `${OURS}#${seq - 2}`, emergency: `${OURS}#2904`, release: 'v1.1.0', decision: 'approve', approver: { id: approver, name: APPROVERS[approver], role }, takenBy: 'Quinn Quality', takenProven: true,
    spokenAt: minutesBefore(60 * 26), channel: 'phone', called: '+49 30 901820 11', callBack: true, late: false, words: 'Yes. Deploy it, and call me when it is out.', statement: STATEMENT, statementSha256: digest(STATEMENT), subjectDigest: digest('subject'),
    identity: 'coded', opens: true, why: `It counts as the approval of ${APPROVERS[approver]} as ${role}: their voice code is right, and the words were read back.`, witness: null,
    ratification: { state: 'owed', due: minutesBefore(-60 * 3 - 12), secondsLeft: 11_520, at: null, record: null, criterionConfirmed: null, reason: null }, attachments: [], notes: [], ...more,
  };
}

/** What was said by word in the emergency that has everything. */
export const VERBAL: readonly VerbalShown[] = [
  verbalOf(2_921, 'grace', 'cto', { ratification: { state: 'overdue', due: minutesBefore(70), secondsLeft: 0, at: null, record: null, criterionConfirmed: null, reason: null } }),
  verbalOf(2_925, 'xiaoming', 'ciso', {
    identity: 'witnessed', late: true, channel: 'room', called: 'Room 4.12', callBack: false, why: 'It counts as the approval of 王小明 as ciso: Quinn Quality was on the line. Her signature is still to come.', words: `${HOSTILE} — ${'yes '.repeat(60)}`,
    witness: { id: 'quinn', name: 'Quinn Quality', state: 'owed', due: minutesBefore(-600), at: null, record: null }, takenBy: 'Olga Operations',
    attachments: [{ name: 'notes-of-the-call.txt', sha256: digest('notes') }], notes: ['It was entered 38 min after it was said.'],
  }),
  verbalOf(2_931, 'ines', 'ciso', { identity: 'word-only', opens: false, takenProven: false, why: 'It opens nothing: no voice code was read and nobody else was on the line, so it is the taker’s word alone.' }),
  verbalOf(2_935, 'ines', 'ciso', { decision: 'refuse', opens: false, why: 'It opens nothing: she refused.', words: 'No. Not before the export is off everywhere.', ratification: { state: 'not-needed', due: NOW, secondsLeft: 0, at: null, record: null, criterionConfirmed: null, reason: null } }),
  verbalOf(2_937, 'xiaoming', 'ciso', { opens: false, why: 'It opens nothing: 王小明 disputes it.', ratification: { state: 'disputed', due: NOW, secondsLeft: 0, at: minutesBefore(30), record: `${OURS}#2940`, criterionConfirmed: null, reason: 'Nobody called me that night. I was on a plane.' } }),
  // The one who sits there is the approver: what the approver's own screen shows.
  { ...verbalOf(2_941, 'grace', 'qa', {}), approver: { id: 'quinn', name: 'Quinn Quality', role: 'qa' }, takenBy: 'Olga Operations' },
];

type Owned = 'verbal.request' | 'verbal.requests' | 'verbal.record' | 'verbal.attempt' | 'verbal.witness' | 'verbal.ratify' | 'verbal.dispute' | 'verbal.form' | 'verbal.list';

/** What the stand-ins of calls keep between calls. */
export interface Calls {
  readonly requests: VerbalRequestShown[];
  readonly verbal: VerbalShown[];
  attempts: number;
}

/** Stand-ins for the calls of an approval by word. A read-back of other words than the four is refused, as the core does. */
export function verbalAnswers(kept: Calls): Pick<Handlers, Owned> {
  const put = (next: VerbalShown): VerbalShown => {
    const at = kept.verbal.findIndex(({ record }) => record === next.record);
    kept.verbal.splice(at < 0 ? kept.verbal.length : at, 1, next);
    return next;
  };
  const one = (record: string): VerbalShown => kept.verbal.find((verbal) => verbal.record === record) ?? verbalOf(2_921, 'grace', 'cto');
  return {
    'verbal.request': async ({ approver, role }) => {
      const made = requestOf(2_990 + kept.requests.length * 2, approver === 'xiaoming' || approver === 'ines' ? approver : 'grace', role, { askedAt: NOW });
      kept.requests.push(made);
      return made;
    },
    'verbal.requests': async () => ({ at: NOW, requests: kept.requests }),
    'verbal.record': async ({ request, decision, readBack, voiceCode, witness, words }) => {
      const at = kept.requests.findIndex(({ record }) => record === request);
      const asked = kept.requests[at];
      if (asked === undefined) throw new AppError('not-found', `No request is recorded as ${request}.`);
      if (decision === 'approve' && readBack.join(' ').toLowerCase() !== asked.readBack.join(' ').toLowerCase()) {
        kept.requests[at] = { ...asked, failed: asked.failed + 1, triesLeft: asked.triesLeft - 1 };
        throw new AppError('verification-failed', 'The words that were read back are not the ones that belong to this statement. That is logged.', { hint: `${asked.triesLeft - 1} tries are left. Read the words out again, and type what you hear.`, details: { failed: 'read-back', triesLeft: asked.triesLeft - 1 } });
      }
      kept.requests[at] = { ...asked, answered: true };
      const identity = voiceCode !== null ? 'coded' as const : witness !== null ? 'witnessed' as const : 'word-only' as const;
      return put({ ...verbalOf(2_995, 'grace', asked.approver.role), approver: asked.approver, decision, words, identity, opens: identity !== 'word-only' && decision === 'approve', why: identity === 'word-only' ? 'It opens nothing: it is the taker’s word alone.' : `It counts as the approval of ${asked.approver.name} as ${asked.approver.role}.`, witness: witness === null ? null : { id: witness, name: 'Olga Operations', state: 'owed', due: minutesBefore(-60 * 24), at: null, record: null } });
    },
    'verbal.attempt': async () => ({ record: `${OURS}#2998`, attempts: (kept.attempts += 1) }),
    'verbal.witness': async ({ verbal, heard }) => {
      const before = one(verbal);
      return put({ ...before, witness: before.witness === null ? null : { ...before.witness, state: heard ? 'signed' : 'denied', at: NOW, record: `${OURS}#2999` } });
    },
    'verbal.ratify': async ({ verbal, criterionConfirmed, reason }) => put({ ...one(verbal), ratification: { ...one(verbal).ratification, state: 'ratified', at: NOW, record: `${OURS}#2999`, criterionConfirmed, reason } }),
    'verbal.dispute': async ({ verbal, reason }) => put({ ...one(verbal), opens: false, why: 'It opens nothing: it is disputed.', ratification: { ...one(verbal).ratification, state: 'disputed', at: NOW, record: `${OURS}#2999`, reason } }),
    'verbal.form': async () => ({ path: null, text: `CALL FORM                                   emergency-20260302-004\n\nAsk:      Grace Hopper, as cto\nNumbers:  +49 30 901820 11   +49 171 555 0199   Room 4.12\n\nRead aloud, word for word:\n\n${STATEMENT}\n\nWords to be said back:  __________  __________  __________  __________\nVoice code (code 3):    ________ ________ ________ ________ ________ ________\n\n[ ] approves   [ ] refuses      At (UTC): ____-__-__ __:__\nIn their words: ______________________________________________\nOn the line too: ______________________  Taken by: ______________________\n` }),
    'verbal.list': async () => ({ at: NOW, verbal: kept.verbal }),
  };
}

const OF = encodeURIComponent(`${OURS}#2904`);
const CALL = `#/emergency?of=${OF}&act=call&request=${encodeURIComponent(`${OURS}#2927`)}`;
const passphrase = async (page: Page): Promise<void> => page.getByTestId('act-passphrase').fill('not the real one');
/** What was typed in the picture before is kept, as it should be; a call that begins is one without it. */
const onTheLine = async (page: Page): Promise<void> => {
  await page.evaluate(() => window.localStorage.clear());
  await page.reload();
  await passphrase(page);
  await page.getByTestId('call-next').click();
};
const said = async (page: Page): Promise<void> => {
  await onTheLine(page);
  await page.getByTestId('call-next').click();
};
const typeBlind = async (page: Page, testId: string, words: string): Promise<void> => {
  await page.getByTestId(testId).locator('input').first().focus();
  await page.keyboard.type(words);
};

/** The places of a call that have a picture. */
export const CALL_VIEWS: readonly View[] = [
  { name: 'call-prepare', address: `#/emergency?of=${OF}&act=call&who=xiaoming&role=ciso` },
  { name: 'call-nobody', address: `#/emergency?of=${OF}&act=call&who=eve&role=cto` },
  { name: 'call-not-loaded', address: `#/emergency?of=${encodeURIComponent(`${OURS}#2905`)}&act=call&who=grace&role=cto` },
  { name: 'call-ringing', address: CALL, act: passphrase },
  { name: 'call-read', address: CALL, act: onTheLine },
  { name: 'call-words', address: CALL, act: said },
  { name: 'call-words-typed', address: CALL, act: async (page) => {
    await said(page);
    await typeBlind(page, 'read-back', 'tissue paperweight Zu');
  } },
  { name: 'call-code', address: CALL, act: async (page) => {
    await said(page);
    await typeBlind(page, 'read-back', 'tissue paperweight Zulu holiness');
    await page.keyboard.press('Enter');
    await typeBlind(page, 'voice-code', 'one two three ');
  } },
  { name: 'call-wrong', address: CALL, act: async (page) => {
    await said(page);
    await typeBlind(page, 'read-back', 'tissue paperweight Zulu hamburger');
    await page.keyboard.press('Enter');
    await page.getByTestId('no-code').click();
    await page.getByTestId('call-next').click();
    await page.getByTestId('call-decision').getByRole('radio', { name: 'Approve' }).check();
    await page.getByTestId('call-words').fill('Yes.');
    await page.getByTestId('sign-call').click();
    await page.getByTestId('read-back').waitFor();
  } },
  { name: 'call-decide', address: CALL, act: async (page) => {
    await said(page);
    await typeBlind(page, 'read-back', 'tissue paperweight Zulu holiness');
    await page.keyboard.press('Enter');
    await page.getByTestId('no-code').click();
    await page.getByTestId('call-next').click();
    await page.getByTestId('call-decision').getByRole('radio', { name: 'Approve' }).check();
    await page.getByTestId('call-words').fill('Yes. Deploy it, and call me when it is out.');
  } },
  { name: 'call-came-to', address: CALL, act: async (page) => {
    await said(page);
    await typeBlind(page, 'read-back', 'tissue paperweight Zulu holiness');
    await page.keyboard.press('Enter');
    await typeBlind(page, 'voice-code', 'one two three four five six');
    await page.keyboard.press('Enter');
    await page.getByTestId('call-witness').selectOption('olga');
    await page.getByTestId('call-next').click();
    await page.getByTestId('call-decision').getByRole('radio', { name: 'Approve' }).check();
    await page.getByTestId('call-words').fill('Yes.');
    await page.getByTestId('sign-call').click();
    await page.getByTestId('came-to').waitFor();
  } },
  { name: 'call-form', address: `#/emergency?of=${OF}&act=form&request=${encodeURIComponent(`${OURS}#2927`)}` },
  { name: 'word-ratify', address: `#/emergency?of=${OF}&act=ratify&verbal=${encodeURIComponent(`${OURS}#2941`)}`, act: async (page) => {
    await page.getByTestId('ratify-way').getByRole('radio').first().check();
    await page.getByTestId('criterion-confirmed').getByRole('radio').last().check();
    await page.getByTestId('ratify-reason').scrollIntoViewIfNeeded();
  } },
  { name: 'word-ratify-top', address: `#/emergency?of=${OF}&act=ratify&verbal=${encodeURIComponent(`${OURS}#2941`)}` },
  { name: 'word-dispute', address: `#/emergency?of=${OF}&act=ratify&verbal=${encodeURIComponent(`${OURS}#2921`)}`, act: async (page) => page.getByTestId('ratify-way').getByRole('radio').last().check() },
  { name: 'word-witness', address: `#/emergency?of=${OF}&act=witness&verbal=${encodeURIComponent(`${OURS}#2925`)}`, act: async (page) => page.getByTestId('witness-heard').scrollIntoViewIfNeeded() },
];

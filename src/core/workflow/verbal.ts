import { byPlace } from '../archive/entry-id.ts';
import type { Spoken } from '../approval/spoken.ts';
import type { Signer } from '../checks/check.ts';
import { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { DisputeRecord, RatificationRecord, VerbalApprovalRecord, VerbalRequestRecord } from '../model/records/verbal.ts';
import { CallAttestation } from '../model/statements.ts';
import { clashOf } from '../roster/differ.ts';
import { byLeafOf, copiesOf, ofForm, pointedAt, pointingAt, provedBy, type Act, type Read } from './acts.ts';
import { sha256Of } from './canonical.ts';
import type { DeploymentRules } from './deployment-rules.ts';
import { readBackWords, sameWords } from './verbal-statement.ts';

export type VerbalRules = Pick<DeploymentRules, 'declarers' | 'ratificationHours' | 'witnessHours'>;

/** An approval or a refusal by word, as the records tell it (FORMATS §7). */
export interface Verbal {
  readonly act: Act;
  readonly record: VerbalApprovalRecord;
  readonly request: Read<typeof VerbalRequestRecord> | null;
  readonly decision: 'approve' | 'refuse';
  /** By the roster under which it was taken; null where that has nobody of that name. */
  readonly approver: Signer | null;
  readonly taker: Signer | null;
  /** By what it is known who spoke, as it turned out to be. */
  readonly identity: 'coded' | 'witnessed' | 'word-only';
  /** It opens what it was asked for. */
  readonly opens: boolean;
  /** Why it does, or why it does not: a sentence. */
  readonly why: string;
  readonly witness: { readonly id: string; readonly name: string; readonly state: 'owed' | 'overdue' | 'signed' | 'denied'; readonly due: string; readonly at: string | null; readonly record: string | null } | null;
  readonly ratification: Ratified;
  /** The duress code was told, or what else is to be known of it. */
  readonly notes: readonly string[];
  readonly duress: boolean;
}

export interface Ratified {
  readonly state: 'owed' | 'overdue' | 'ratified' | 'disputed' | 'not-needed';
  readonly due: string;
  readonly at: string | null;
  readonly record: string | null;
  readonly criterionConfirmed: boolean | null;
  readonly reason: string | null;
}

interface Context {
  readonly acts: readonly Act[];
  readonly byLeaf: ReadonlyMap<string, Act>;
  readonly rules: VerbalRules;
  readonly now: string;
  /** What whoever rests on it could have known; a code that was told again only afterwards takes nothing from what was deployed. */
  readonly known: (act: Act) => boolean;
}

const HOUR = 3_600_000;

/** Everything that was taken by word, the oldest first. What opens nothing is told with the reason. */
export function verbalOf(acts: readonly Act[], rules: VerbalRules, now: string, { byLeaf = byLeafOf(acts), known = () => true }: Partial<Pick<Context, 'byLeaf' | 'known'>> = {}): Verbal[] {
  const context: Context = { acts, byLeaf, rules, now, known };
  return ofForm(acts, VerbalApprovalRecord)
    .map((one) => verbal(one, context))
    .sort((a, b) => Date.parse(a.record.spoken_at) - Date.parse(b.record.spoken_at) || byPlace(a.act.id, b.act.id));
}

function verbal({ act, record }: Read<typeof VerbalApprovalRecord>, context: Context): Verbal {
  const request = ofForm(pointedAt(act, 'answers', context.byLeaf), VerbalRequestRecord).find((one) => one.record.act === 'statement') ?? null;
  const taker = provedBy(act, record.taken_by);
  const spoken = taker === null ? null : act.spoken;
  const decision = record.decision ?? 'approve';
  const witness = witnessOf(act, record, spoken, context);
  const code = codeOf(act, record, spoken, context);
  const identity = code.counts ? 'coded' : witness !== null && witness.state !== 'denied' ? 'witnessed' : 'word-only';
  const ratification = ratificationOf(act, record, decision, context);
  const fault = faultOf({ act, record, request, taker, spoken, witness, code, identity, ratification, context });
  const who = spoken?.approver?.name ?? record.approver;
  const duress = spoken?.code.state === 'duress';
  const opens = fault === null && decision === 'approve';
  return {
    act, record, request, taker, approver: spoken?.approver ?? null, decision, identity, opens, witness, ratification, duress,
    why: decision === 'refuse' ? `${who} refused it as ${record.approver_role}.` : (fault ?? `${who} approved it by word as ${record.approver_role}: ${identity === 'coded' ? 'by their own code' : `${witness?.name ?? ''} was on the line${witness?.state === 'signed' ? '' : ', and has not signed yet'}`}.`),
    notes: [
      ...(record.entered_late === true ? ['It was written on paper first and entered late.'] : []),
      ...(record.call_back === true ? [] : ['The approver was not called back by the number of the roster.']),
      ...(code.why === null ? [] : [code.why]),
      ...(ratification.criterionConfirmed === false ? [`Whoever ratified it finds that the criterion did not hold: ${ratification.reason ?? ''}`] : []),
    ],
  };
}

interface Weighed {
  readonly act: Act;
  readonly record: VerbalApprovalRecord;
  readonly request: Verbal['request'];
  readonly taker: Signer | null;
  readonly spoken: Spoken | null;
  readonly witness: Verbal['witness'];
  readonly code: Code;
  readonly identity: Verbal['identity'];
  readonly ratification: Ratified;
  readonly context: Context;
}

/** The first thing for which it does not count, as a sentence; null where it does. The order is that of FORMATS §7. */
function faultOf(weighed: Weighed): string | null {
  const { act, record, request, taker, spoken, context } = weighed;
  if (act.aside !== null) return act.aside === 'imported' ? 'It was imported, so nothing proves who took it.' : 'It is of a log whose history was rewritten.';
  if (taker === null || spoken === null) return `Nothing proves that ${record.taken_by} took it: their signature is not on it.`;
  if (!isOfDeclared(weighed)) return 'No emergency that somebody declared who may is behind it.';
  if (request === null) return 'The statement that was read is not in the log.';
  const order = orderFault(request, act, record, context);
  if (order !== null) return order;
  const { approver } = spoken;
  if (approver === null) return `${record.approver} is nobody who is active in the roster under which it was taken.`;
  if (!approver.roles.has(record.approver_role)) return `${approver.name} was not ${record.approver_role} in the roster under which it was taken.`;
  const clash = clashOf('verbal', [approver, taker, record.witness === null ? null : (spoken.witness ?? { id: record.witness, name: record.witness, emails: [] })]);
  if (clash !== null) return `${clash}.`;
  if (!spoken.numbers.includes(record.called)) return `${record.called} is no number or room that the roster has for ${approver.name}.`;
  // Whatever it rested on, that it was not so is told first.
  return afterwardsFault(weighed) ?? identityFault(weighed);
}

function isOfDeclared({ act, record, context: { byLeaf, rules } }: Weighed): boolean {
  return ofForm(pointedAt(act, 'of-emergency', byLeaf), EmergencyPatchRecord).some((one) => {
    const signer = provedBy(one.act, one.record.declared_by);
    return one.record.act === 'declare' && one.record.emergency_id === record.emergency_id && signer !== null && rules.declarers.some((role) => signer.roles.has(role));
  });
}

/** First the digest in the log, then the challenge, then the call, all by the same taker; and the words are those of all three. */
function orderFault({ act: asked, record: said }: NonNullable<Verbal['request']>, act: Act, record: VerbalApprovalRecord, { byLeaf }: Context): string | null {
  const sameAsked = said.release_version === record.release_version && said.subject_digest === record.subject_digest && said.approver === record.approver && said.approver_role === record.approver_role && said.taken_by === record.taken_by && said.emergency_id === record.emergency_id;
  if (!sameAsked || said.statement === undefined || said.statement_sha256 !== record.statement_sha256 || sha256Of(said.statement) !== said.statement_sha256) return 'The statement that is in the log is another than the one that it says was read.';
  const drawn = ofForm(pointedAt(act, 'challenged-by', byLeaf), VerbalRequestRecord).find((one) => one.record.act === 'challenge' && one.record.challenge === record.challenge);
  const isAfter = drawn !== undefined && pointedAt(drawn.act, 'challenges', byLeaf).some(({ leaf }) => leaf === asked.leaf) && drawn.act.entry.origin === asked.entry.origin && drawn.act.entry.seq > asked.entry.seq && drawn.act.entry.origin === act.entry.origin && act.entry.seq > drawn.act.entry.seq;
  if (!isAfter) return 'The challenge is not in the log between the statement and the answer.';
  return sameWords(record.read_back, readBackWords(said.statement_sha256 ?? '', asked.leaf, record.challenge)) ? null : 'The words that were read back are not those of the statement and its challenge.';
}

function identityFault({ record, spoken, witness, code, identity }: Weighed): string | null {
  if (spoken?.code.state === 'duress') return `What ${spoken.approver?.name ?? record.approver} said asks to be confirmed by another way.`;
  if (identity !== 'word-only') return null;
  if (witness?.state === 'denied') return `${witness.name}, who is said to have been on the line, says that it was not so.`;
  return `It rests on the word of ${record.taken_by} alone: no code of ${spoken?.approver?.name ?? record.approver} counts${code.why === null ? '' : ` (${code.why.replace(/\.$/, '')})`}, and nobody else was on the line.`;
}

/** What was said later: a dispute, or that no emergency was there, takes it back for good. */
function afterwardsFault({ ratification, spoken, record }: Weighed): string | null {
  const who = spoken?.approver?.name ?? record.approver;
  if (ratification.state === 'disputed') return `${who} disputes it: ${ratification.reason ?? ''} (${ratification.record ?? ''}).`;
  return ratification.criterionConfirmed === false ? `${who} found that the criterion of the emergency did not hold: ${ratification.reason ?? ''} (${ratification.record ?? ''}).` : null;
}

interface Code {
  readonly counts: boolean;
  /** Why a code that was told does not count; null where none was told, or it does. */
  readonly why: string | null;
}

/**
 * A code is single-use: where two records tell it, the later one knows the earlier; where neither does, neither counts. What nobody is
 * proved to have taken burns a code that it told first, and takes nothing from one that was told before: anybody can write such a record.
 */
function codeOf(act: Act, record: VerbalApprovalRecord, spoken: Spoken | null, { acts, known }: Context): Code {
  if (spoken === null || spoken.code.state === 'none' || spoken.code.state === 'duress') return { counts: false, why: null };
  if (spoken.code.state === 'wrong') return { counts: false, why: `What was told is no code of ${spoken.approver?.name ?? record.approver}.` };
  const others = ofForm(acts, VerbalApprovalRecord).filter((one) => one.act.identity !== act.identity && one.record.approver === record.approver && told(one.record) === told(record) && one.act.aside === null && (known(one.act) || precedes(one.act, act)));
  const burnt = others.find((one) => precedes(one.act, act) || (provedBy(one.act, one.record.taken_by) !== null && !precedes(act, one.act)));
  return burnt === undefined ? { counts: true, why: null } : { counts: false, why: `The code ${spoken.code.id ?? ''} was used in ${burnt.act.id} too.` };
}

function told({ voice_code: code }: VerbalApprovalRecord): string {
  return (code ?? '').trim().toLowerCase().split(/\s+/).join(' ');
}

/** One act was there when another was written: earlier in its log, or in what that log had seen. */
function precedes(one: Act, other: Act): boolean {
  const { origin, seq } = one.entry;
  return origin === other.entry.origin ? seq < other.entry.seq : other.entry.refs.some((ref) => ref.origin === origin && ref.seq >= seq);
}

function witnessOf(act: Act, record: VerbalApprovalRecord, spoken: Spoken | null, { acts, rules, now }: Context): Verbal['witness'] {
  const { witness } = record;
  if (witness === null) return null;
  const said = ofForm(pointedAtBy(acts, 'witnesses', act), CallAttestation).filter((one) => provedBy(one.act, witness) !== null && one.record.attested_by === witness);
  // Whoever denies it once is not heard twice.
  const last = said.find((one) => !one.record.heard) ?? said[0];
  const due = after(saidBy(act, record), rules.witnessHours);
  const name = spoken?.witness?.name ?? witness;
  if (last === undefined) return { id: witness, name, state: spoken !== null && spoken.witness === null ? 'denied' : isOver(due, now) ? 'overdue' : 'owed', due, at: null, record: null };
  return { id: witness, name, state: last.record.heard ? 'signed' : 'denied', due, at: last.record.attested_at, record: last.act.id };
}

function ratificationOf(act: Act, record: VerbalApprovalRecord, decision: Verbal['decision'], { acts, rules, now }: Context): Ratified {
  const due = after(saidBy(act, record), rules.ratificationHours);
  const none = { due, at: null, record: null, criterionConfirmed: null, reason: null };
  const dispute = ofForm(pointedAtBy(acts, 'disputes', act), DisputeRecord).find((one) => one.record.disputed_by === record.approver && provedBy(one.act, record.approver) !== null);
  if (dispute !== undefined) return { ...none, state: 'disputed', at: dispute.record.disputed_at, record: dispute.act.id, reason: dispute.record.reason };
  const signed = ofForm(pointedAtBy(acts, 'ratifies', act), RatificationRecord).filter((one) => one.record.approver === record.approver && provedBy(one.act, record.approver) !== null && one.record.statement_sha256 === record.statement_sha256 && sha256Of(one.record.statement ?? '') === record.statement_sha256);
  const said = signed.find((one) => one.record.criterion_confirmed === false) ?? signed[0];
  if (said !== undefined) return { due, state: 'ratified', at: said.record.ratified_at, record: said.act.id, criterionConfirmed: said.record.criterion_confirmed ?? null, reason: said.record.reason ?? null };
  if (decision === 'refuse') return { ...none, state: 'not-needed' };
  return { ...none, state: isOver(due, now) ? 'overdue' : 'owed' };
}

/** Approvals by word that nobody ratified yet: how many, until when the first of them is due, and whether that is over. */
export interface Unratified {
  readonly count: number;
  readonly due: string;
  readonly overdue: boolean;
}

/** Who is said to have approved, by the signature of whoever took it, and has neither ratified nor disputed it: of what opens nothing too, so that they hear of it. */
export function isUnratified({ decision, taker, ratification: { state } }: Pick<Verbal, 'decision' | 'taker' | 'ratification'>): boolean {
  return decision === 'approve' && taker !== null && (state === 'owed' || state === 'overdue');
}

/** What a release, or an emergency, wears until its approvals by word are ratified; null where none is owed (FORMATS §7). */
export function unratifiedIn(said: readonly Pick<Verbal, 'decision' | 'taker' | 'ratification'>[]): Unratified | null {
  const open = said.filter(isUnratified).map(({ ratification }) => ratification).sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  const [first] = open;
  return first === undefined ? null : { count: open.length, due: first.due, overdue: open.some(({ state }) => state === 'overdue') };
}

/** What points at an act, or at a copy of it in another log. */
function pointedAtBy(acts: readonly Act[], rel: string, act: Act): Act[] {
  return [...new Set([act, ...copiesOf(acts, act)].flatMap((one) => pointingAt(acts, rel, one)))].filter(({ aside }) => aside === null);
}

/** What is said to be spoken later than it was written down was spoken by then: no record gives itself more time. */
export function saidBy({ entry }: Act, { spoken_at: spoken }: VerbalApprovalRecord): string {
  return Date.parse(spoken) > Date.parse(entry.time) ? entry.time : spoken;
}

function after(time: string, hours: number): string {
  return `${new Date(Date.parse(time) + hours * HOUR).toISOString().slice(0, 19)}Z`;
}

function isOver(due: string, now: string): boolean {
  return Date.parse(now) > Date.parse(due);
}

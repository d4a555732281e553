import { signedBytes } from '../approval/personal-signature.ts';
import { classOf, dueAt, holdsOver, type Hold, type Keeping, type RetentionClass } from '../archive/keeping.ts';
import type { RecordParts } from '../archive/entry.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import type { AttachmentState } from '../model/attachments.ts';
import type { AttachmentRef, EntryRef, GenesisRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { LegalHoldRecord, TombstoneRecord } from '../model/records/people.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { Policy } from '../policy/policy.ts';
import { instant } from './release-handlers.ts';
import { speakerWith, type Speaker, type SpeakerPorts } from './speaker.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** An attachment whose bytes are here, where an entry names it. */
export interface KeptAttachment extends AttachmentRef {
  readonly entry: string;
  readonly event_type: string;
  readonly release: string | null;
  /** When its entry was made, by its console. */
  readonly time: string;
}

/** The attachments of the archive, as calls use them. */
export interface AttachmentDesk {
  /** Errors: `not-found`, `bad-input`. */
  readonly states: (id: string) => Promise<AttachmentState[]>;
  readonly writeOut: (wanted: Parsed<'archive.attachment'>, work: Work) => Promise<Output<'archive.attachment'>>;
  /** The attachment of an entry that a name means, and the entry. Errors: `not-found`, `bad-input`. */
  readonly nameIn: (id: string, name: string | null) => Promise<KeptAttachment & { readonly ref: Omit<EntryRef, 'rel'> }>;
  readonly keeping: () => Keeping;
  readonly holdsOver: (sha256: string) => readonly Hold[];
  readonly kept: () => readonly KeptAttachment[];
  /** Removes the bytes of what is withheld. */
  readonly finish: () => Promise<void>;
  readonly here: (sha256: string) => boolean;
}

export interface AttachmentPorts extends SpeakerPorts {
  readonly desk: () => Promise<AttachmentDesk>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  readonly seen: () => Promise<EntryRef[]>;
  /** The policy file of this console; to `decide` by it, it is one that the roster in force names. Errors: `not-permitted`, those of the file. */
  readonly policy: (use: 'look' | 'decide') => Promise<Policy>;
  /** Who sits here by the machine's word, where no roster says who anybody is. */
  readonly localUser: () => string;
}

type Owned = 'archive.attachments' | 'archive.attachment' | 'archive.withhold' | 'archive.hold' | 'archive.retention';

/** Attachments: what has become of their bytes, how long they are kept, and their erasure (FORMATS §4). */
export function attachmentHandlers(ports: AttachmentPorts): Pick<Handlers, Owned> {
  return {
    'archive.attachments': async ({ id }) => ({ attachments: await (await ports.desk()).states(id) }),
    'archive.attachment': async (wanted, work) => (await ports.desk()).writeOut(wanted, work),
    'archive.withhold': async (wanted, { signal }) => withhold(ports, wanted, signal),
    'archive.hold': async (wanted, { signal }) => (wanted.act === 'place' ? place(ports, wanted, signal) : lift(ports, wanted, signal)),
    'archive.retention': async () => retention(await ports.desk(), (await ports.policy('look')).parameters.retention_classes.value, instant(ports.now())),
  };
}

/** The tombstone is on the disk before the first byte goes, and the digest stays in its entry for good. */
async function withhold(ports: AttachmentPorts, { id, name, class: named, reason, key }: Parsed<'archive.withhold'>, signal: AbortSignal): Promise<Output<'archive.withhold'>> {
  const { parameters } = await ports.policy('decide');
  const desk = await ports.desk();
  const wanted = await desk.nameIn(id, name);
  const earlier = desk.keeping().withheld.get(wanted.sha256);
  if (earlier !== undefined) throw new AppError('already-exists', `${JSON.stringify(wanted.name)} is withheld already, by ${earlier.id}.`, { details: { record: earlier.id } });
  const [hold] = desk.holdsOver(wanted.sha256);
  if (hold !== undefined) throw new AppError('not-permitted', `${JSON.stringify(wanted.name)} is under the legal hold ${JSON.stringify(hold.record.hold)} (${hold.id}), so it stays.`, { hint: `It can be withheld once the hold is lifted: countersign archive hold lift ${JSON.stringify(hold.record.hold)}`, details: { hold: hold.record.hold, record: hold.id } });
  const found = classNamed(parameters.retention_classes.value, named);
  if (found.erase === 'when-due') checkDue(wanted, found, instant(ports.now()));
  const speaker = await who(ports, key, parameters.erasure_roles.value, signal);
  const record: TombstoneRecord = {
    event_type: 'tombstone', attachment_sha256: wanted.sha256, attachment_name: wanted.name, withheld_at: speaker.at, withheld_by: speaker.person,
    because: named === 'personal-data' ? 'personal-data' : 'retention', retention_class: named, reason, roster_digest: speaker.roster?.digest ?? null,
  };
  const isHere = desk.here(wanted.sha256);
  const { id: tombstone } = await said(ports, speaker, record, [{ rel: 'withholds', ...wanted.ref }]);
  await desk.finish();
  return { record: tombstone, name: wanted.name, sha256: wanted.sha256, removed: isHere && !desk.here(wanted.sha256) };
}

async function place(ports: AttachmentPorts, { hold, reason, key, about }: Parsed<'archive.hold'>, signal: AbortSignal): Promise<Output<'archive.hold'>> {
  if (about === undefined || (about.attachments.length === 0 && about.releases.length === 0 && !about.everything)) throw new AppError('bad-input', 'A hold is about something.', { hint: 'Name attachments, releases, or everything.' });
  const desk = await ports.desk();
  const { parameters } = await ports.policy('decide');
  if (desk.keeping().holds.some(({ record }) => record.hold === hold)) throw new AppError('already-exists', `A hold called ${JSON.stringify(hold)} stands already.`, { hint: 'Give this one another name.' });
  const attachments = await Promise.all(about.attachments.map(({ id, name }) => desk.nameIn(id, name)));
  const speaker = await who(ports, key, parameters.erasure_roles.value, signal);
  const record: LegalHoldRecord = {
    event_type: 'legal_hold', act: 'place', hold, decided_by: speaker.person, decided_at: speaker.at, reason,
    attachments_sha256: attachments.map(({ sha256 }) => sha256), release_versions: about.releases, everything: about.everything, roster_digest: speaker.roster?.digest ?? null,
  };
  const { id } = await said(ports, speaker, record, unique(attachments.map(({ ref }) => ({ rel: 'holds', ...ref }))));
  return { record: id, hold, lifts: [] };
}

async function lift(ports: AttachmentPorts, { hold, reason, key, about }: Parsed<'archive.hold'>, signal: AbortSignal): Promise<Output<'archive.hold'>> {
  if (about !== undefined) throw new AppError('bad-input', 'A hold is lifted whole.', { hint: 'Place another for what is still to be held.' });
  const desk = await ports.desk();
  const { parameters } = await ports.policy('decide');
  const placed = desk.keeping().holds.filter(({ id, record }) => record.hold === hold || id === hold);
  if (placed.length === 0) throw new AppError('not-found', `No hold called ${JSON.stringify(hold)} stands.`, { hint: 'countersign archive retention lists them.' });
  const speaker = await who(ports, key, parameters.erasure_roles.value, signal);
  const [first] = placed;
  const record: LegalHoldRecord = {
    event_type: 'legal_hold', act: 'lift', hold: first?.record.hold ?? hold, decided_by: speaker.person, decided_at: speaker.at, reason,
    attachments_sha256: [], release_versions: [], everything: false, roster_digest: speaker.roster?.digest ?? null,
  };
  const { id } = await said(ports, speaker, record, placed.map((one) => ({ rel: 'lifts', ...placeOf(one) })));
  // What a tombstone had withheld meanwhile may go now.
  await desk.finish();
  return { record: id, hold: record.hold, lifts: placed.map((one) => one.id) };
}

function retention(desk: AttachmentDesk, classes: readonly RetentionClass[], at: string): Output<'archive.retention'> {
  const keeping = desk.keeping();
  const kept = desk.kept();
  const releases = new Map<string, (string | null)[]>();
  for (const { sha256, release } of kept) releases.set(sha256, [...(releases.get(sha256) ?? []), release]);
  const attachments = kept.map((one) => {
    const found = classOf(classes, one, one.event_type);
    const due = dueAt(found, one.time);
    const holds = holdsOver(keeping, one.sha256, releases.get(one.sha256) ?? []).map(({ record }) => record.hold);
    const state = holds.length > 0 ? 'held' as const : due !== null && Date.parse(due) <= Date.parse(at) ? 'due' as const : 'kept' as const;
    return { entry: one.entry, name: one.name, size: one.size, sha256: one.sha256, class: found?.class ?? null, due, state, holds };
  });
  const order = { due: 0, held: 1, kept: 2 };
  attachments.sort((a, b) => order[a.state] - order[b.state] || Date.parse(a.due ?? '9999-12-31T00:00:00Z') - Date.parse(b.due ?? '9999-12-31T00:00:00Z') || (a.entry < b.entry ? -1 : 1));
  return {
    at, classes: classes.filter((one, index) => classes.findIndex((other) => other.class === one.class) === index).map(({ class: name, years, erase }) => ({ class: name, years, erase })), attachments,
    holds: keeping.holds.map(({ id, record }) => ({ id, hold: record.hold, by: record.decided_by, at: record.decided_at, reason: record.reason, about: aboutOf(record) })),
  };
}

function aboutOf({ everything, release_versions, attachments_sha256 }: LegalHoldRecord): string {
  if (everything) return 'everything';
  return [...release_versions.map((version) => `release ${version}`), ...(attachments_sha256.length === 0 ? [] : [`${attachments_sha256.length} attachment${attachments_sha256.length === 1 ? '' : 's'}`])].join(', ');
}

function classNamed(classes: readonly RetentionClass[], named: string): RetentionClass {
  const found = classes.find((one) => one.class === named);
  if (found !== undefined) return found;
  throw new AppError('bad-input', `The policy has no retention class ${JSON.stringify(named)}.`, { hint: `It has ${[...new Set(classes.map((one) => one.class))].join(', ')}.` });
}

/** What is kept for a term may not go before it is over; only a class that may be erased at any time is no matter of time. */
function checkDue({ name, time }: KeptAttachment, found: RetentionClass, at: string): void {
  const due = dueAt(found, time);
  if (due !== null && Date.parse(due) <= Date.parse(at)) return;
  throw new AppError('not-permitted', `${JSON.stringify(name)} is kept as ${found.class} ${due === null ? 'for good' : `until ${due}`}.`, { hint: 'Only a class of the policy that is erased at any time, such as personal data, lets it go before.', details: due === null ? {} : { due } });
}

/** Who decides: by the roster in force, somebody with a role that may; without one the word of this machine, which binds this console alone. */
interface Decider {
  readonly person: string;
  readonly at: string;
  readonly speaker: Speaker | null;
  readonly roster: RosterInForce | null;
}

async function who(ports: AttachmentPorts, key: string | null, roles: readonly string[], signal: AbortSignal): Promise<Decider> {
  const at = instant(ports.now());
  const roster = await ports.rosterInForce(at, signal);
  if (roster === null) return { person: ports.localUser(), at, speaker: null, roster };
  if (key === null) throw new AppError('not-permitted', `A roster is in force, so this asks for the signature of somebody who is ${roles.join(' or ')}.`, { hint: 'Name your key: --key FINGERPRINT' });
  const speaker = await speakerWith(ports, key, signal);
  if (!roles.some((role) => speaker.roles.has(role))) throw new AppError('not-permitted', `${speaker.person.name} is not ${roles.join(' or ')} in the roster in force.`, { hint: `Ask somebody who is ${roles.join(' or ')}.` });
  return { person: speaker.person.id, at: speaker.at, speaker, roster };
}

async function said(ports: AttachmentPorts, { speaker }: Decider, record: GenesisRecord, refs: readonly EntryRef[]): Promise<{ readonly id: string }> {
  const parts = { record: { ...record }, refs: [...refs, ...(await ports.seen())], attachments: [] };
  if (speaker === null) return ports.append(parts);
  const asc = await speaker.sign(signedBytes(parts));
  return ports.append({ ...parts, signatures: [{ fingerprint: speaker.fingerprint, asc }] });
}

function placeOf({ id, leaf }: Hold): Omit<EntryRef, 'rel'> {
  const hash = id.lastIndexOf('#');
  return { origin: id.slice(0, hash), seq: Number(id.slice(hash + 1)), leaf };
}

function unique(refs: readonly EntryRef[]): EntryRef[] {
  return refs.filter((ref, at) => refs.findIndex(({ origin, seq }) => origin === ref.origin && seq === ref.seq) === at);
}

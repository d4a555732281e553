import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { holdsOver, readKeeping, type Hold, type Keeping } from '../../../core/archive/keeping.ts';
import { checkAttachmentName } from '../../../core/archive/blobs.ts';
import { checkOnce } from '../../../core/archive/import-lines.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AttachmentState } from '../../../core/model/attachments.ts';
import type { AttachmentRef, Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { AttachmentDesk, KeptAttachment } from '../../../core/service/attachment-handlers.ts';
import { told, type ByteWork, type LocalAttachments, type NamedAttachment } from '../../../core/sync/exchange-attachments.ts';
import type { SharedAttachments } from '../../../core/sync/shared-archive.ts';
import { fileError, syncFolder } from '../archive-files.ts';
import { attachmentStore, type NamedPlace } from '../sqlite/attachment-store.ts';
import { guarded, type Db } from '../sqlite/database.ts';
import { blobFolder, writeWhole } from './blob-folder.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;
type Problem = Output<'archive.verify'>['problems'][number];

/** What is decided elsewhere about attachments: by the policy file, and by the roster in force. */
export interface AttachmentRules {
  /** The largest that a sync takes in, and the largest that it publishes, in bytes. Errors: those of the policy file. */
  readonly limits: () => Promise<{ readonly taken: number; readonly published: number }>;
  /** Whether a tombstone or a legal hold of another console is signed by somebody who may erase. */
  readonly mayErase: (entry: Entry) => Promise<boolean>;
}

/** Nobody may erase but this console itself, and what it takes is what the built-in policy says. */
const ALONE: AttachmentRules = { limits: () => Promise.resolve({ taken: 256 * 1024 ** 2, published: 4 * 1024 ** 3 - 1 }), mayErase: () => Promise.resolve(false) };

interface Held {
  readonly home: string;
  readonly file: string;
  readonly db: Db;
  readonly now: () => Date;
  readonly rules: AttachmentRules | undefined;
}

/** The attachments of this console: their bytes in the data folder, and what is known of them in the database. */
export interface HeldAttachments extends LocalAttachments, Omit<AttachmentDesk, 'states' | 'writeOut' | 'nameIn'> {
  /** Takes files in before the record that names them is appended. Errors: `bad-input`, `not-found`, `storage-failed`, `cancelled`. */
  readonly keep: (paths: readonly string[], work: Work) => Promise<AttachmentRef[]>;
  readonly keepFrom: (folder: string, name: string, work: Work) => Promise<AttachmentRef>;
  readonly states: (entry: Entry) => Promise<AttachmentState[]>;
  readonly writeOut: (entry: Entry, name: string | null, out: string, from: SharedAttachments | null, work: Work) => Promise<Output<'archive.attachment'>>;
  /** Finishes the removal of what is withheld here. */
  readonly finish: () => Promise<void>;
  readonly verify: (work: Work) => Promise<Problem[]>;
  /** What an export carries, each good. Errors: `verification-failed` where bytes here are not. */
  readonly exported: (snapshot: Db, work: Work) => AsyncGenerator<{ readonly sha256: string; readonly bytes: AsyncIterable<Buffer> }>;
}

const MAX_PROBLEMS = 200;
/** Codes of what a verification says of attachments and that makes no archive bad. */
export const ATTACHMENT_NOTES: ReadonlySet<string> = new Set(['withheld', 'never-had', 'unnamed-attachment']);

export function heldAttachments({ home, file, db, now, rules = ALONE }: Held): HeldAttachments {
  const blobs = blobFolder(home);
  const store = guarded(file, () => attachmentStore(db));
  const keeping = (): Keeping => guarded(file, () => readKeeping(store.acts().filter(({ own, counted }) => own || counted)));
  const overOf = (known: Keeping, sha256: string): readonly Hold[] => (known.holds.length === 0 ? [] : holdsOver(known, sha256, guarded(file, () => store.placesOf(sha256)).map(({ release }) => release)));
  // One sync asks thousands of times; what it changes itself it reads anew.
  let known: Keeping | null = null;

  const finish = async (): Promise<void> => {
    // What this console wrote itself was judged before it was written.
    for (const { entry, own, counted } of guarded(file, store.acts)) if (own && !counted) guarded(file, () => store.count(entry));
    known = keeping();
    for (const sha256 of known.withheld.keys()) if (blobs.hasAny(sha256) && overOf(known, sha256).length === 0) await blobs.remove(sha256);
  };
  const remember = (sha256: string, size: number): void => guarded(file, () => store.setKept(sha256, size, now().toISOString()));
  const keepOne = async (path: string, name: string, links: 'followed' | 'refused', { signal, progress }: Work): Promise<AttachmentRef> => {
    const total = (await lstat(path).catch(() => null))?.size ?? null;
    let done = 0;
    const kept = await blobs.keep(path, links, { signal, onBytes: (bytes) => progress({ label: 'Keeping', item: name, done: (done += bytes), total, unit: 'bytes' }) });
    if (keeping().withheld.has(kept.sha256)) {
      await finish();
      if (blobs.sizeOf(kept.sha256) === null) throw new AppError('not-permitted', `${name} is withheld by ${keeping().withheld.get(kept.sha256)?.id ?? 'a tombstone'}, so its bytes are not kept again.`, { details: { sha256: kept.sha256 } });
    }
    remember(kept.sha256, kept.size);
    return { name, ...kept };
  };
  const receive: LocalAttachments['receive'] = async (wanted, from, work) => {
    const good = await blobs.receive(wanted.sha256, wanted.size, from, work);
    if (good) remember(wanted.sha256, wanted.size);
    return good;
  };

  const stateOf = async ({ name, size, sha256 }: AttachmentRef, current = keeping()): Promise<AttachmentState> => {
    const tombstone = current.withheld.get(sha256);
    const holds = overOf(current, sha256).map(({ record }) => record.hold);
    const isHere = blobs.sizeOf(sha256) !== null;
    const withheld = tombstone === undefined ? null : { id: tombstone.id, by: tombstone.record.withheld_by, at: tombstone.record.withheld_at, reason: tombstone.record.reason, class: tombstone.record.retention_class ?? null };
    const told_ = (state: AttachmentState['state'], said: string): AttachmentState => ({ name, size, sha256, state, said, withheld, holds });
    const held = holds.length === 0 ? '' : ` It is under the legal hold ${holds.map((one) => JSON.stringify(one)).join(', ')}.`;
    if (withheld !== null && (!isHere || holds.length === 0)) return told_('withheld', `Withheld by ${withheld.by} (${withheld.id}), because: ${withheld.reason.replace(/[.\s]+$/, '')}. Its digest stays.`);
    if (withheld !== null) return told_('here', `Its bytes are here, although ${withheld.id} withholds them.${held}`);
    if (isHere) return told_('here', `Its bytes are here.${held}`);
    const was = guarded(file, () => store.keptAt(sha256));
    if (was !== null) return told_('missing', `Bytes missing: they were here on ${was}, and are gone.${held}`);
    const { taken } = await rules.limits();
    if (size > taken) return told_('never-had', `Never had: it is larger than the ${taken} bytes that the policy takes in.${held}`);
    return told_('missing', `Bytes missing: they were never received.${held}`);
  };

  return {
    limits: rules.limits,
    settle: async () => {
      await blobs.tidy();
      for (const { entry, own, counted } of guarded(file, store.acts)) if (!own && !counted && (await rules.mayErase(entry))) guarded(file, () => store.count(entry));
      await finish();
    },
    named: () => guarded(file, store.named),
    here: (sha256) => blobs.sizeOf(sha256) !== null,
    withheld: (sha256) => {
      known ??= keeping();
      if (!known.withheld.has(sha256)) return 'no';
      return overOf(known, sha256).length === 0 ? 'withheld' : 'held';
    },
    isGood: blobs.isGood, read: blobs.read, receive,
    keep: async (paths, work) => {
      checkOnce(paths.map((path) => ({ name: basename(path), size: 0, sha256: '' })));
      const refs: AttachmentRef[] = [];
      for (const path of paths) refs.push(await keepOne(resolve(path), checkAttachmentName(basename(path)), 'followed', work));
      return refs;
    },
    keepFrom: (folder, name, work) => keepOne(join(resolve(folder), name), checkAttachmentName(name), 'refused', work),
    states: async (entry) => {
      const current = keeping();
      return Promise.all(entry.attachments.map((ref) => stateOf(ref, current)));
    },
    writeOut: async (entry, name, out, from, work) => {
      const ref = attachmentCalled(entry, name);
      const { state, said } = await stateOf(ref);
      if (state === 'withheld') throw new AppError('not-permitted', said, { details: { sha256: ref.sha256 } });
      const fetched = state !== 'here';
      if (fetched) {
        if (from === null) throw new AppError('not-found', said, { hint: 'Name a shared archive that holds it: --from URL', details: { sha256: ref.sha256 } });
        const wanted: NamedAttachment = { ...ref, origin: entry.origin, entry: `${entry.origin}#${entry.seq}` };
        if (!(await from.have([ref.sha256])).has(ref.sha256)) throw new AppError('not-found', 'Its bytes do not lie there either.', { hint: 'Ask whoever made the record.', details: { sha256: ref.sha256 } });
        if (!(await receive(wanted, (at) => from.read(ref.sha256, at), reported(work, 'Fetching', ref)))) throw new AppError('verification-failed', 'The bytes there are not those of its digest; nothing of them was kept.', { details: { sha256: ref.sha256 } });
      }
      if (!(await blobs.isGood(ref.sha256, { signal: work.signal, onBytes: () => undefined }))) {
        throw new AppError('verification-failed', `The bytes of ${JSON.stringify(ref.name)} here are damaged, so they are not written out.`, { hint: 'Sync with an archive that holds it after its file is removed; archive verify names it.', details: { sha256: ref.sha256 } });
      }
      const { signal, onBytes } = reported(work, 'Writing', ref);
      return { path: await writeNew(out, told(blobs.read(ref.sha256, 0), signal, onBytes)), ...ref, fetched };
    },
    finish,
    keeping,
    holdsOver: (sha256) => overOf(keeping(), sha256),
    kept: (): KeptAttachment[] => guarded(file, store.places).filter(({ sha256 }) => blobs.sizeOf(sha256) !== null),
    verify: (work) => {
      const current = keeping();
      return verify({ work, named: guarded(file, store.named), places: guarded(file, store.places), blobs, stateOf: (ref) => stateOf(ref, current) });
    },
    exported: async function* (snapshot, { signal }) {
      const current = keeping();
      const once = new Set<string>();
      for (const { sha256, name, entry } of attachmentStore(snapshot).named()) {
        if (once.has(sha256) || current.withheld.has(sha256) || blobs.sizeOf(sha256) === null) continue;
        once.add(sha256);
        if (!(await blobs.isGood(sha256, { signal, onBytes: () => undefined }))) {
          throw new AppError('verification-failed', `The bytes of ${JSON.stringify(name)} of ${entry} here are damaged, so nothing is exported with them.`, { hint: 'archive verify names the file: remove it, and sync with an archive that holds it.', details: { sha256 } });
        }
        yield { sha256, bytes: blobs.read(sha256, 0) };
      }
    },
  };
}

interface Verifying {
  readonly work: Work;
  readonly named: readonly NamedAttachment[];
  readonly places: readonly NamedPlace[];
  readonly blobs: ReturnType<typeof blobFolder>;
  readonly stateOf: (ref: AttachmentRef) => Promise<AttachmentState>;
}

/** Hashes what is here, and says of what is not why that is so. */
async function verify({ work: { signal, progress }, named, places, blobs, stateOf }: Verifying): Promise<Problem[]> {
  const problems: Problem[] = [];
  const total = named.reduce((sum, { sha256 }) => sum + (blobs.sizeOf(sha256) ?? 0), 0);
  let done = 0;
  const good = new Map<string, boolean>();
  for (const one of named) {
    signal.throwIfAborted();
    const place = `${one.entry} ${one.name}`;
    const { state, said } = await stateOf(one);
    const size = blobs.sizeOf(one.sha256);
    if (state === 'missing') problems.push({ code: 'bytes-missing', message: said, place });
    else if (state !== 'here' || size === null) problems.push({ code: state, message: said, place });
    else {
      const isGood = good.get(one.sha256) ?? await blobs.isGood(one.sha256, { signal, onBytes: (bytes) => progress({ label: 'Verifying attachments', item: one.name, done: (done += bytes), total, unit: 'bytes' }) });
      good.set(one.sha256, isGood);
      if (!isGood) problems.push({ code: 'attachment', message: `Its bytes here are not those of its digest: remove blob/sha256/${one.sha256.slice(0, 2)}/${one.sha256} of the data folder, and sync with an archive that holds it.`, place });
      else if (size !== one.size) problems.push({ code: 'attachment', message: `The entry says ${one.size} bytes; the bytes of that digest are ${size}.`, place });
    }
  }
  const names = new Set(places.map(({ sha256 }) => sha256));
  for (const sha256 of await blobs.all()) if (!names.has(sha256)) problems.push({ code: 'unnamed-attachment', message: 'No entry names these bytes: the record that was to name them was never written. They may be removed.', place: `blob/sha256/${sha256.slice(0, 2)}/${sha256}` });
  // What makes the archive bad comes first where not all can be named.
  return problems.sort((a, b) => Number(ATTACHMENT_NOTES.has(a.code)) - Number(ATTACHMENT_NOTES.has(b.code))).slice(0, MAX_PROBLEMS);
}

/** Errors: `not-found`, `bad-input` where it has several and none was named. */
export function attachmentCalled({ attachments, origin, seq }: Entry, name: string | null): AttachmentRef {
  const found = name === null ? attachments : attachments.filter((one) => one.name === name || one.sha256 === name);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const names = attachments.map((one) => JSON.stringify(one.name)).join(', ');
  if (first === undefined) throw new AppError('not-found', `${origin}#${seq} has no attachment${name === null ? '' : ` called ${JSON.stringify(name)}`}.`, names === '' ? {} : { hint: `It has ${names}.` });
  throw new AppError('bad-input', `${origin}#${seq} has several attachments${name === null ? '' : ` called ${JSON.stringify(name)}`}: name one, by its SHA-256 if need be.`, { hint: `It has ${names}.` });
}

function reported({ signal, progress }: Work, label: string, { name, size }: AttachmentRef): ByteWork {
  let done = 0;
  return { signal, onBytes: (bytes) => progress({ label, item: name, done: (done += bytes), total: size, unit: 'bytes' }) };
}

/** Writes a file that is not there yet, whole or not at all. Errors: `already-exists`, `not-found` (its folder), `environment`, `cancelled`. */
async function writeNew(out: string, bytes: AsyncIterable<Buffer>): Promise<string> {
  const full = resolve(out);
  const draft = `${full}.${randomBytes(6).toString('hex')}.draft`;
  // Its name is taken first, so that nobody's file is written over in the end.
  const name = await open(full, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw new AppError('already-exists', `${full} is already there, so nothing is written over it.`, { hint: 'Name a file that does not exist.', details: { path: full } });
    if (cause.code === 'ENOENT') throw new AppError('not-found', `There is no folder ${dirname(full)} to write into.`, { details: { path: full } });
    throw fileError(full, cause);
  });
  try {
    await name.close();
    const file = await open(draft, 'wx', 0o600);
    try {
      for await (const chunk of bytes) await writeWhole(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, full);
    await syncFolder(dirname(full));
    return full;
  } catch (cause) {
    await rm(draft, { force: true });
    await rm(full, { force: true });
    throw fileError(full, cause);
  }
}

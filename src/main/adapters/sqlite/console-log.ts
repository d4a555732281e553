import { randomBytes } from 'node:crypto';
import { openCheckpoint, signCheckpoint } from '../../../core/archive/checkpoint.ts';
import { entryId } from '../../../core/archive/entry-id.ts';
import { entrySealer } from '../../../core/archive/entry.ts';
import type { PreparedRecord } from '../../../core/archive/entry.ts';
import { checkLogFolder } from '../../../core/archive/log-folder.ts';
import type { NoteSigner } from '../../../core/archive/note.ts';
import { EMPTY_ROOT, GrowingTree } from '../../../core/archive/tree.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { EntryRef } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import { Origin } from '../../../core/model/primitives.ts';
import { guarded } from './database.ts';
import type { Db } from './database.ts';
import { readLogKey, readOrMakeLogKey, type Keystore } from './log-key.ts';
import type { LogStore, StoredLog } from './log-store.ts';

type Appended = Output<'archive.record'>;

/** The log that this console writes. */
interface ConsoleLog {
  readonly origin: string;
  readonly vkey: string;
  /**
   * One transaction and one checkpoint for all, each told of as it is written. Records can be prepared while they are
   * written: what that throws takes everything back. Returns how many there were. Errors: `storage-failed`,
   * `storage-busy`, `not-found` (a reference), `too-large`.
   */
  readonly append: (records: Iterable<PreparedRecord>, told: (appended: Appended) => void) => number;
  readonly signer: NoteSigner;
}

interface Opening {
  readonly keystore: Keystore;
  readonly file: string;
  readonly db: Db;
  readonly store: LogStore;
  readonly now: () => Date;
  readonly boot: string;
  readonly origin: string | undefined;
}

/** Opens this console's log, or starts it with its key and an empty signed checkpoint. Errors: `storage-failed`, `storage-busy`, `bad-input`. */
export function openConsoleLog(opening: Opening): ConsoleLog {
  const { keystore, file, db, store, now, boot } = opening;
  const signer = guarded(file, () => {
    const known = store.own();
    return known === null ? startLog(opening) : readLogKey(keystore, known.origin, known.vkey);
  });
  const { name: origin, text: vkey } = signer.vkey;
  if (opening.origin !== undefined && opening.origin !== origin) {
    throw new AppError('bad-input', `The log of this console is ${origin}, not ${opening.origin}.`, {
      hint: 'A log keeps its origin for good; use another data folder for another log.', details: { file },
    });
  }

  // What this process signed itself last, so that it is not verified again for every entry.
  let signed: SignedHead | null = null;
  const appendAll = db.transaction((records: Iterable<PreparedRecord>, told: (appended: Appended) => void): number => {
    const log = store.own() as StoredLog;
    const tree = headOf(log, signer, file, signed);
    const time = now().toISOString();
    const seal = entrySealer({ origin, time, boot });
    const before = tree.size;
    for (const record of records) {
      const { columns, warnings } = record;
      checkRefs(store, record.refs, record.place);
      const seq = tree.size;
      const sealed = seal(seq, record);
      store.appendEntry(log, tree, { sealed, columns, refs: record.refs, time });
      told({ id: entryId({ origin, seq }), origin, seq, leaf: sealed.leaf.toString('hex'), event_type: columns.event_type, warnings: [...warnings] });
    }
    if (tree.size > before) {
      const checkpoint = Buffer.from(signCheckpoint({ origin, size: tree.size, root: tree.root() }, signer));
      store.setHead(log, tree, checkpoint, time);
      signed = { checkpoint, edge: tree.edgeBytes() };
    }
    return tree.size - before;
  });

  return { origin, vkey, append: (records, told) => guarded(file, () => appendAll.immediate(records, told)), signer };
}

interface SignedHead {
  readonly checkpoint: Buffer;
  readonly edge: Buffer;
}

/** The tree as it stands under the lock, held against the checkpoint that was signed last. */
function headOf(log: StoredLog, signer: NoteSigner, file: string, known: SignedHead | null): GrowingTree {
  try {
    const tree = GrowingTree.fromBytes(log.size, log.edge);
    if (known !== null && log.checkpoint.equals(known.checkpoint) && log.edge.equals(known.edge)) return tree;
    const signed = openCheckpoint(log.checkpoint, signer.vkey);
    if (signed.size === tree.size && signed.root.equals(tree.root())) return tree;
  } catch (cause) {
    if (!(cause instanceof RangeError) && !(cause instanceof AppError)) throw cause;
  }
  throw new AppError('storage-failed', `The head of the log in ${file} does not fit its signed checkpoint, so nothing is appended to it.`, {
    hint: 'countersign archive repair --from FOLDER, with an archive that you sync with, mends what can be mended.', details: { file, origin: log.origin },
  });
}

function checkRefs(store: LogStore, refs: readonly EntryRef[], place: string | null): void {
  for (const ref of refs) {
    const log = store.byOrigin(ref.origin);
    const leaf = log === null ? null : store.leaf(log, ref.seq);
    if (leaf?.toString('hex') === ref.leaf) continue;
    const found = leaf === null ? 'which is not in this archive' : 'whose leaf is another';
    throw new AppError('not-found', `${place === null ? '' : `${place}: `}It refers to ${entryId(ref)}, ${found}.`, {
      hint: 'Sync with the archive that holds it first, or correct the reference.', details: { origin: ref.origin, seq: ref.seq },
    });
  }
}

function startLog({ keystore, file, db, store, now, origin: wanted }: Opening): NoteSigner {
  const origin = wanted ?? `countersign.local/${randomWord(10)}`;
  const checked = Origin.safeParse(origin);
  if (!checked.success) throw new AppError('bad-input', `"${origin}" cannot be the origin of a log: ${checked.error.issues[0]?.message ?? ''}`);
  checkLogFolder(origin);
  return db.transaction(() => {
    // Another process may have started it while this one waited for the lock.
    const known = store.own();
    if (known !== null) return readLogKey(keystore, known.origin, known.vkey);
    // Only a damaged database holds logs and does not know which is its own.
    if (store.all().length > 0) throw lostLog(file);
    const signer = readOrMakeLogKey(keystore, origin);
    const checkpoint = signCheckpoint({ origin, size: 0, root: EMPTY_ROOT }, signer);
    store.setOwn(store.add(origin, signer.vkey.text, checkpoint, now().toISOString()));
    return signer;
  }).immediate();
}

/** What there was of this console's log is gone: another log in its place would be taken for it. */
export function lostLog(file: string): AppError {
  return new AppError('storage-failed', `${file} no longer holds the log of this console, whose key is still here.`, {
    hint: 'Put the data folder back from a backup, or name an archive that you sync with: countersign archive repair --from FOLDER.', details: { file },
  });
}

/** Random lower-case base32 (RFC 4648 §6 alphabet). */
function randomWord(length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return Array.from(randomBytes(length), (byte) => alphabet[byte % 32]).join('');
}


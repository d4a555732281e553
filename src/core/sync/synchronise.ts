import { byOrigin } from '../archive/verify-export.ts';
import type { LogFile } from '../archive/log-files.ts';
import { checkLogFolder } from '../archive/log-folder.ts';
import { tilePath, type Tile } from '../archive/tiles.ts';
import { entryId } from '../archive/entry-id.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint } from '../archive/checkpoint.ts';
import type { Checkpoint } from '../archive/checkpoint.ts';
import { cosignedFile, cosignedName, readCosignedFile, type CosignedCheckpoint } from '../archive/cosigned-file.ts';
import { parseVerifierKey } from '../archive/note.ts';
import { GrowingTree } from '../archive/tree.ts';
import type { TreeHash } from '../archive/tree.ts';
import type { CallContext } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import { exchangeAttachments } from './exchange-attachments.ts';
import { filesToPublish, spoiltFiles, type LyingThere } from './files-to-publish.ts';
import { proveFork, readerOf } from './fork-proof.ts';
import type { LocalLog, LocalLogs } from './local-logs.ts';
import type { SharedArchive, SyncDirection, SyncManner } from './shared-archive.ts';
import { openHead, openVkey, readEntries, readLeaves, readRawHead } from './shared-log.ts';
import type { RawHead } from './shared-log.ts';
import type { FirstContact, WitnessBook } from './witness-book.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;
type Result = Output<'sync.run'>;

const MAX_ATTEMPTS = 4;
const MAX_REFUSED = 20;

/**
 * Exchanges logs with a shared archive: publishes what it lacks, takes in what it has more of. Each log is verified
 * by itself (its pinned key, its signature, its continuing what was seen before, its entries against its root), and
 * what is wrong with one is said in `problems` and stops none of the others (design §3). The key of a log is pinned
 * when the log is first seen: it is the one that the roster in force gives it; only without a roster is it taken on trust,
 * then and never again. Every log that was verified is cosigned, and who saw what travels with it. Errors: `storage-failed`,
 * `storage-busy`, `cancelled`, `environment`.
 */
export async function synchronise(
  shared: SharedArchive, local: LocalLogs, book: WitnessBook, contact: FirstContact, work: Work, { direction = 'both', check = false }: SyncManner = {},
): Promise<Result> {
  const listing = await shared.list();
  const { logs } = byOrigin(listing.files);
  const result: Result = { url: shared.url, pushed: [], pulled: [], problems: [] };
  for (const { code, message } of listing.problems ?? []) result.problems.push({ origin: shared.url, code, message });
  for (const { path, reason } of listing.refused.slice(0, MAX_REFUSED)) result.problems.push({ origin: path, code: 'refused', message: reason });

  const origins = [...new Set([local.ownOrigin, ...local.all().map(({ origin }) => origin), ...logs.keys()])];
  const exchanges = origins.map((origin) => new LogExchange({ shared, local, book, contact, work, direction, check, origin, paths: logs.get(origin) ?? new Set(), sizes: listing.sizes ?? null, result }));
  const each = async (label: string, exchange: (one: LogExchange) => Promise<void>): Promise<void> => {
    for (const [done, one] of exchanges.entries()) {
      work.signal.throwIfAborted();
      work.progress({ label, item: one.origin, done, total: exchanges.length, unit: 'steps' });
      try {
        await exchange(one);
      } catch (cause) {
        if (!(cause instanceof AppError) || cause.code === 'cancelled' || cause.code.startsWith('storage-')) throw cause;
        result.problems.push({ origin: one.origin, code: problemCode(cause), message: cause.message });
      }
    }
  };
  await each('Syncing', (one) => one.run());
  // Only now are the keys of all witnesses known that are new here.
  const stopped = new Set(result.problems.filter(({ code }) => code !== 'rewound').map(({ origin }) => origin));
  const seen: LogFile[] = [];
  await each('Witnessing', async (one) => {
    if (!stopped.has(one.origin)) seen.push(...(await one.cosignatures()));
  });
  // All at once: each addition is a commit, or a transaction, where the place is no folder.
  if (direction !== 'pull' && seen.length > 0) await handOn(shared, seen, result);
  await exchangeAttachments(shared.attachments, local.attachments, result, local.ownOrigin, work, { direction, check });
  return result;
}

async function handOn(shared: SharedArchive, seen: readonly LogFile[], result: Result): Promise<void> {
  try {
    await shared.add(seen);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
    result.problems.push({ origin: shared.url, code: problemCode(cause), message: cause.message });
  }
}

/** What stopped the exchange of a log: the place itself, what it is not safe to read, or what was read. */
function problemCode({ code }: AppError): string {
  if (code === 'environment') return code;
  return code === 'outside-folder' || code === 'too-large' ? 'refused' : 'damaged';
}

interface Exchange {
  readonly shared: SharedArchive;
  readonly local: LocalLogs;
  readonly book: WitnessBook;
  readonly contact: FirstContact;
  readonly work: Work;
  readonly direction: SyncDirection;
  readonly check: boolean;
  readonly origin: string;
  /** What lies there of this log. */
  readonly paths: ReadonlySet<string>;
  /** Bytes of every file there, where the place tells them. */
  readonly sizes: ReadonlyMap<string, number> | null;
  readonly result: Result;
}

/** The exchange of one log. */
class LogExchange {
  readonly #shared: SharedArchive;
  readonly #local: LocalLogs;
  readonly #book: WitnessBook;
  readonly #contact: FirstContact;
  readonly #work: Work;
  readonly #direction: SyncDirection;
  readonly #check: boolean;
  readonly #origin: string;
  readonly #paths: ReadonlySet<string>;
  readonly #sizes: ReadonlyMap<string, number> | null;
  readonly #result: Result;

  constructor({ shared, local, book, contact, work, direction, check, origin, paths, sizes, result }: Exchange) {
    this.#shared = shared;
    this.#local = local;
    this.#book = book;
    this.#contact = contact;
    this.#work = work;
    this.#direction = direction;
    this.#check = check;
    this.#origin = origin;
    this.#paths = paths;
    this.#sizes = sizes;
    this.#result = result;
  }

  get origin(): string {
    return this.#origin;
  }

  async run(): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (await this.#once()) return;
    }
    this.#problem('busy', 'Others kept changing it meanwhile; sync again.');
  }

  /** False where somebody changed the log here or there meanwhile, so that it must be looked at again. */
  async #once(): Promise<boolean> {
    const raw = await readRawHead(this.#shared, this.#origin);
    const here = this.#local.find(this.#origin);
    if (here === null) {
      // Nothing but stray files under a name that could be an origin.
      if (this.#direction === 'push' || (raw.vkey === null && raw.checkpoint === null)) return true;
      checkLogFolder(this.#origin);
      const { vkey, checkpoint } = openHead(raw, this.#origin);
      if (!this.#expected(vkey.text)) return true;
      return this.#pull(null, vkey.text, checkpoint, raw);
    }
    if (here.quarantined !== null) {
      this.#problem('fork', here.quarantined);
      return true;
    }
    if (raw.vkey !== null && this.#sharedKeyDiffers(raw, here)) return true;
    if (raw.checkpoint === null) return this.#publish(0, raw);
    const there = this.#openKnown(raw, here);
    if (there === null) return this.#publish(0, raw);
    if (there.size <= here.size) {
      if (!this.#local.rootAt(this.#origin, there.size).equals(there.root)) return this.#forked(here, there, raw);
      return this.#publish(there.size, raw);
    }
    return this.#own() ? this.#forked(here, there, raw) : this.#pull(here, here.vkey, there, raw);
  }

  #own(): boolean {
    return this.#origin === this.#local.ownOrigin;
  }

  /** First contact: a log that the roster does not name, or gives another key, is left where it is. */
  #expected(vkey: string): boolean {
    const pinned = this.#contact.pinned(this.#origin);
    if (pinned === 'unpinned' || pinned?.vkey === vkey) return true;
    if (pinned === null) this.#problem('unknown-log', 'The roster in force names no such console; nothing of it is taken in until the administrators add it.');
    else this.#problem('key-changed', 'The roster in force gives this console another key; nothing of it is taken in.');
    return false;
  }

  /** Takes in who saw this log, cosigns what was verified of it here, and gives what to hand on of who saw what. */
  async cosignatures(): Promise<LogFile[]> {
    const here = this.#local.find(this.#origin);
    if (here === null || here.quarantined !== null) return [];
    const known = new Set(this.#book.held(this.#origin).map(nameOf));
    for (const path of this.#direction === 'push' ? [] : [...this.#paths].filter((one) => cosignedName(one) !== null && !known.has(one))) {
      this.#work.signal.throwIfAborted();
      if (!(await this.#takeCosigned(path, here))) return [];
    }
    if (!this.#own()) this.#book.cosignHeld(this.#origin);
    const lacking: LogFile[] = [];
    for (const file of this.#book.held(this.#origin).map((one) => cosignedFile(this.#origin, one))) if (!(await this.#isWhole(file))) lacking.push(file);
    return lacking;
  }

  /** Whether a file that never changes lies there as it is known here. */
  async #isWhole({ path, bytes }: LogFile): Promise<boolean> {
    if (!this.#paths.has(path.slice(this.#origin.length + 1)) || (this.#sizes?.get(path) ?? bytes.length) !== bytes.length) return false;
    return !this.#check || (await this.#shared.read(path, MAX_CHECKPOINT_BYTES))?.equals(bytes) === true;
  }

  /** False where what a witness saw is of another history than this one. */
  async #takeCosigned(path: string, here: LocalLog): Promise<boolean> {
    try {
      const bytes = await this.#shared.read(`${this.#origin}/${path}`, MAX_CHECKPOINT_BYTES);
      if (bytes === null) return true;
      const { checkpoint, cosigned } = readCosignedFile(bytes, path, parseVerifierKey(here.vkey), this.#book.keys());
      // What others saw beyond what is held here is looked at once it is held; of the own log there is nothing beyond.
      if (checkpoint.size > here.size && !this.#own()) return true;
      if (checkpoint.size > here.size || !this.#local.rootAt(this.#origin, checkpoint.size).equals(checkpoint.root)) {
        await this.#forked(here, checkpoint, { vkey: null, checkpoint: bytes });
        return false;
      }
      if (cosigned !== null) this.#book.keep(cosigned);
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code === 'environment' || cause.code.startsWith('storage-')) throw cause;
      this.#problem('damaged', `${path}: ${cause.message}`);
    }
    return true;
  }

  /** Another valid key in this log's name: somebody else's log under its origin. */
  #sharedKeyDiffers(raw: RawHead, here: LocalLog): boolean {
    try {
      if (openVkey(raw, this.#origin).text === here.vkey) return false;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      // Unreadable, not another: the pinned key still tells what the checkpoint is worth.
      return false;
    }
    if (this.#own()) this.#problem('own-log-forked', 'Another key writes there under the origin of this console.');
    else this.#problem('key-changed', 'The key there is not the one that was seen first; nothing of it is taken in.');
    return true;
  }

  #openKnown(raw: RawHead, here: LocalLog): Checkpoint | null {
    try {
      return openCheckpoint(raw.checkpoint ?? Buffer.alloc(0), parseVerifierKey(here.vkey));
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      this.#problem('damaged', `Its checkpoint there is not one that its key signed, and ${this.#direction === 'pull' ? 'nothing is published in this direction' : 'was published again as it is known here'}: ${cause.message}`);
      return null;
    }
  }

  /** Writes what the shared archive lacks; `before` entries of it are known to be there. */
  async #publish(before: number, raw: RawHead): Promise<boolean> {
    const source = this.#local.source(this.#origin);
    const seen = this.#local.sharedSize(this.#shared.url, this.#origin);
    if (this.#direction === 'pull') {
      if (before < seen) this.#problem('rewound', `It holds ${before} entries where it had held ${seen} before; nothing is published in this direction.`);
      return true;
    }
    const spoilt = await spoiltFiles(source, before, this.#there());
    const files = filesToPublish(source, before, { paths: this.#paths, vkey: raw.vkey, spoilt });
    if (!(await this.#shared.publishIfUnchanged(this.#origin, raw.checkpoint, files, source.checkpoint))) return false;
    this.#local.setSharedSize(this.#shared.url, this.#origin, source.size);
    if (before < seen) this.#problem('rewound', `It held ${before} entries where it had held ${seen} before; they were published again.`);
    if (spoilt.length > 0) this.#problem('damaged', `${spoilt.length === 1 ? 'A file of it was' : `${spoilt.length} files of it were`} not whole there (${tilePath(spoilt[0] as Tile)}) and published again.`);
    if (source.size > before) this.#result.pushed.push({ origin: this.#origin, entries: source.size - before });
    return true;
  }

  /** What lies there of this log, as far as it is to be looked at. */
  #there(): LyingThere {
    const inside = (path: string): string => `${this.#origin}/${path}`;
    return {
      paths: this.#paths,
      sizeOf: (path) => this.#sizes?.get(inside(path)) ?? null,
      readBack: this.#check ? (path, limit) => this.#shared.read(inside(path), limit) : null,
      onRead: (done, total) => {
        this.#work.signal.throwIfAborted();
        this.#work.progress({ label: 'Reading back', item: this.#origin, done, total, unit: 'files' });
      },
    };
  }

  /** Takes in the entries that are new here, after their root was compared with the signed one. */
  async #pull(here: LocalLog | null, vkey: string, there: Checkpoint, raw: RawHead): Promise<boolean> {
    if (this.#direction === 'push') return true;
    const before = here?.size ?? 0;
    const tree = here === null ? new GrowingTree() : this.#local.tree(this.#origin);
    // Another sync of this console took the same entries in meanwhile.
    if (tree.size !== before) return false;
    const staged = this.#local.stage();
    try {
      for await (const entries of readEntries(this.#shared, there, before)) {
        for (const { sealed } of entries) tree.append(sealed.leaf);
        staged.add(entries);
        this.#work.signal.throwIfAborted();
        this.#work.progress({ label: 'Reading', item: this.#origin, done: tree.size - before, total: there.size - before, unit: 'entries' });
      }
      if (!tree.root().equals(there.root)) {
        if (here !== null && (await this.#difference(there)).seq !== null) return this.#forked(here, there, raw);
        throw new AppError('verification-failed', 'Its entries there do not come to the root in its checkpoint.');
      }
      this.#work.signal.throwIfAborted();
      if (!staged.accept({ origin: this.#origin, vkey, checkpoint: raw.checkpoint as Buffer }, before)) return false;
    } finally {
      staged.discard();
    }
    this.#local.setSharedSize(this.#shared.url, this.#origin, there.size);
    if (there.size > before) this.#result.pulled.push({ origin: this.#origin, entries: there.size - before });
    return true;
  }

  /** Two signed checkpoints of one log that no single history fits. */
  async #forked(here: LocalLog, there: Checkpoint, raw: RawHead): Promise<boolean> {
    const { seq, leaves } = await this.#difference(there);
    const first = seq === null ? '' : ` The first entry that differs is ${entryId({ origin: this.#origin, seq })}.`;
    if (this.#own()) {
      const what = seq === null && there.size > here.size
        ? `It holds ${there.size} entries of this console's own log, which has ${here.size} here: was the data folder put back from a backup, or is it used on two machines?`
        : 'The history of this console\'s own log is another there than here.';
      this.#problem('own-log-forked', `${what}${first} Nothing was published over it.`);
      return true;
    }
    const problem = `Its history was rewritten: at ${there.size} entries its signed root is another than the one seen before.${first}`;
    const seen = { origin: this.#origin, size: here.size, root: here.root };
    const proof = there.size <= here.size ? proveFork(there, seen, this.#local.subtrees(this.#origin)) : proveFork(seen, there, readerOf(leaves ?? []));
    this.#local.quarantine(this.#origin, { source: this.#shared.url, seq, other: raw.checkpoint as Buffer, proof, problem });
    this.#problem('fork', problem);
    return true;
  }

  /** The first entry that differs there, and all leaves there; null where what lies there is not what was signed. */
  async #difference(there: Checkpoint): Promise<{ readonly seq: number | null; readonly leaves: readonly TreeHash[] | null }> {
    try {
      const leaves = await readLeaves(this.#shared, there);
      const at = leaves?.findIndex((leaf, seq) => this.#local.leaf(this.#origin, seq)?.equals(leaf) === false) ?? -1;
      return { seq: at < 0 ? null : at, leaves };
    } catch (cause) {
      if (cause instanceof AppError && !cause.code.startsWith('storage-')) return { seq: null, leaves: null };
      throw cause;
    }
  }

  #problem(code: string, message: string): void {
    this.#result.problems.push({ origin: this.#origin, code, message });
  }
}

function nameOf({ checkpoint, keyId }: CosignedCheckpoint): string {
  return `cosigned/${checkpoint.size}.${keyId}`;
}

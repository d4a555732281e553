import { createHash } from 'node:crypto';
import type { CallContext } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { SharedAttachments, SyncDirection, SyncManner } from './shared-archive.ts';

type Result = Output<'sync.run'>;
type Exchanged = NonNullable<Result['attachments']>;
type Work = Pick<CallContext, 'signal' | 'progress'>;

/** An attachment that an entry of a good log names. */
export interface NamedAttachment {
  readonly sha256: string;
  /** As the entry says; what is read never goes beyond it. */
  readonly size: number;
  readonly name: string;
  /** The log of the entry, and the entry. */
  readonly origin: string;
  readonly entry: string;
}

/** The attachments of this console, as a sync uses them. */
export interface LocalAttachments {
  /** The largest that is taken in, and the largest that is published. Errors: those of the policy file. */
  readonly limits: () => Promise<{ readonly taken: number; readonly published: number }>;
  /** Judges acts of keeping and erasing that came, and removes here what they withhold. */
  readonly settle: () => Promise<void>;
  /** What entries of good logs name, each digest and size once. */
  readonly named: () => Iterable<NamedAttachment>;
  readonly here: (sha256: string) => boolean;
  /** `withheld` by a tombstone that counts here; `held` where a legal hold keeps the bytes all the same. */
  readonly withheld: (sha256: string) => 'no' | 'withheld' | 'held';
  /** Whether the bytes here are those of the digest. */
  readonly isGood: (sha256: string, work: ByteWork) => Promise<boolean>;
  readonly read: (sha256: string, from: number) => AsyncIterable<Buffer>;
  /** Takes bytes in, going on after those of an earlier attempt; false, and nothing is kept, where they are not those of the digest. */
  readonly receive: (wanted: NamedAttachment, open: (from: number) => Promise<AsyncIterable<Buffer> | null>, work: ByteWork) => Promise<boolean>;
}

/** Long work on bytes: how many more were done, and whether to go on. */
export interface ByteWork {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

const AT_ONCE = 1_000;
const MAX_PROBLEMS = 100;
/** What goes wrong with one and would with all. */
const STOPS: ReadonlySet<string> = new Set(['cancelled', 'storage-failed', 'environment']);

/**
 * Exchanges attachments by their digests (FORMATS §4): takes in what entries of good logs name and the size policy lets
 * in, publishes what is here and not there, and has taken away there what is withheld here. What is wrong is said and
 * left; it stops none of the others and is asked for once a sync. Errors: `cancelled`, `storage-failed`, `storage-busy`.
 */
export async function exchangeAttachments(shared: SharedAttachments, local: LocalAttachments, result: Result, ownOrigin: string, work: Work, manner: Required<SyncManner>): Promise<void> {
  const exchanged: Exchanged = { pulled: 0, pulledBytes: 0, pushed: 0, pushedBytes: 0, erased: 0, neverHad: 0 };
  const problem = (origin: string, code: string, message: string): void => {
    if (result.problems.length < MAX_PROBLEMS) result.problems.push({ origin, code, message });
  };
  try {
    await local.settle();
    const limits = await local.limits();
    for (const some of inParts(local.named())) await exchangeSome(some, { shared, local, limits, exchanged, problem, work, ...manner });
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'cancelled' || cause.code.startsWith('storage-')) throw cause;
    // The place itself, or the policy file: the logs were exchanged all the same.
    problem(ownOrigin, cause.code === 'outside-folder' ? 'refused' : cause.code, `Attachments: ${cause.message}`);
  }
  if (Object.values(exchanged).some((count) => count > 0)) result.attachments = exchanged;
}

interface Exchange {
  readonly shared: SharedAttachments;
  readonly local: LocalAttachments;
  readonly limits: { readonly taken: number; readonly published: number };
  readonly exchanged: Exchanged;
  readonly problem: (origin: string, code: string, message: string) => void;
  readonly work: Work;
  /** `pull` publishes and removes nothing, `push` takes nothing in. */
  readonly direction: SyncDirection;
  /** Whether what lies there is read back where its bytes are here. */
  readonly check: boolean;
}

async function exchangeSome(some: readonly NamedAttachment[], exchange: Exchange): Promise<void> {
  const { shared, local, work, direction, check } = exchange;
  work.signal.throwIfAborted();
  const { there, refused } = await haveOf(shared, [...new Set(some.map(({ sha256 }) => sha256))]);
  for (const one of some) {
    work.signal.throwIfAborted();
    const unsafe = refused.get(one.sha256);
    if (unsafe !== undefined) {
      exchange.problem(one.origin, 'refused', `${said(one)}: ${unsafe.message}`);
      continue;
    }
    const withheld = local.withheld(one.sha256);
    const [isHere, isThere] = [local.here(one.sha256), there.has(one.sha256)];
    try {
      if (withheld === 'withheld' && isThere && direction !== 'pull') await erase(one, exchange);
      else if (withheld === 'no' && isThere && !isHere && direction !== 'push') await pull(one, exchange);
      else if (withheld === 'no' && isHere && !isThere && direction !== 'pull') await push(one, exchange);
      else if (withheld === 'no' && isHere && isThere && check && direction !== 'pull') await replaceDamaged(one, exchange);
    } catch (cause) {
      if (!(cause instanceof AppError) || STOPS.has(cause.code)) throw cause;
      exchange.problem(one.origin, cause.code === 'storage-busy' ? 'busy' : cause.code === 'outside-folder' ? 'refused' : 'damaged', `${said(one)}: ${cause.message}`);
    }
  }
}

/** What lies there; where it is not safe to look for some, the others are asked for by themselves. Errors: `environment`, `outside-folder` (for all of them). */
async function haveOf(shared: SharedAttachments, sha256s: readonly string[]): Promise<{ readonly there: ReadonlySet<string>; readonly refused: ReadonlyMap<string, AppError> }> {
  const refused = new Map<string, AppError>();
  try {
    return { there: await shared.have(sha256s), refused };
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'outside-folder') throw cause;
    const there = new Set<string>();
    for (const sha256 of sha256s) {
      await shared.have([sha256]).then((found) => found.has(sha256) && there.add(sha256), (failure: unknown) => {
        if (!(failure instanceof AppError) || failure.code !== 'outside-folder') throw failure;
        refused.set(sha256, failure);
      });
    }
    if (refused.size === sha256s.length && sha256s.length > 1) throw cause;
    return { there, refused };
  }
}

async function pull(wanted: NamedAttachment, { shared, local, limits, exchanged, problem, work }: Exchange): Promise<void> {
  if (wanted.size > limits.taken) {
    exchanged.neverHad += 1;
    return;
  }
  if (await local.receive(wanted, (from) => shared.read(wanted.sha256, from), byteWork(work, 'Fetching', wanted))) {
    exchanged.pulled += 1;
    exchanged.pulledBytes += wanted.size;
    return;
  }
  problem(wanted.origin, 'damaged', `${said(wanted)}: the bytes there are not those of its digest, and nothing of them was taken. Whoever has it can publish it again once they are removed there.`);
}

async function push(held: NamedAttachment, { shared, local, limits, exchanged, problem, work }: Exchange): Promise<void> {
  if (held.size > limits.published) return;
  if (!(await local.isGood(held.sha256, { signal: work.signal, onBytes: () => undefined }))) {
    problem(held.origin, 'damaged', `${said(held)}: its bytes here are damaged, so they are not handed on. Verify the archive.`);
    return;
  }
  const { signal, onBytes } = byteWork(work, 'Publishing', held);
  await shared.write(held.sha256, held.size, (from) => told(local.read(held.sha256, from), signal, onBytes));
  exchanged.pushed += 1;
  exchanged.pushedBytes += held.size;
}

/** Reads back what lies there, and puts it there anew where it is not what it is called. */
async function replaceDamaged(held: NamedAttachment, exchange: Exchange): Promise<void> {
  const { shared, local, problem, work } = exchange;
  if (await isWholeThere(held, shared, byteWork(work, 'Reading back', held))) return;
  // Nothing is taken away for bytes that are no better.
  if (!(await local.isGood(held.sha256, { signal: work.signal, onBytes: () => undefined }))) return push(held, exchange);
  if (!(await shared.remove(held.sha256))) {
    problem(held.origin, 'damaged', `${said(held)}: the bytes there are not those of its digest, and this console may not take them away there: its administrator must.`);
    return;
  }
  await push(held, exchange);
  problem(held.origin, 'damaged', `${said(held)}: the bytes there were not those of its digest; they were published again.`);
}

async function isWholeThere({ sha256, size }: NamedAttachment, shared: SharedAttachments, { signal, onBytes }: ByteWork): Promise<boolean> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of (await shared.read(sha256, 0)) ?? []) {
    signal.throwIfAborted();
    read += chunk.length;
    if (read > size) return false;
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return hash.digest('hex') === sha256;
}

async function erase(withheld: NamedAttachment, { shared, exchanged, problem }: Exchange): Promise<void> {
  if (await shared.remove(withheld.sha256)) exchanged.erased += 1;
  else problem(withheld.origin, 'not-erased', `${said(withheld)} is withheld, and this console may not remove it there: its administrator must, by its SHA-256 ${withheld.sha256}.`);
}

function said({ name, entry, sha256 }: NamedAttachment): string {
  return `The attachment ${JSON.stringify(name)} of ${entry} (${sha256.slice(0, 16)}…)`;
}

function byteWork({ signal, progress }: Work, label: string, { name, size }: NamedAttachment): ByteWork {
  let done = 0;
  return {
    signal,
    onBytes: (bytes) => {
      done += bytes;
      progress({ label, item: name, done: Math.min(done, size), total: size, unit: 'bytes' });
    },
  };
}

/** The same bytes, each piece told as it passes. */
export async function* told(chunks: AsyncIterable<Buffer>, signal: AbortSignal, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    onBytes(chunk.length);
    yield chunk;
  }
}

function* inParts<Value>(values: Iterable<Value>): Generator<Value[]> {
  let part: Value[] = [];
  for (const value of values) {
    part.push(value);
    if (part.length < AT_ONCE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

import type { CallContext } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { Entry } from '../model/archive.ts';
import { Origin } from '../model/primitives.ts';
import { encodeBase64 } from './base64.ts';
import { blobOf } from './blobs.ts';
import { MAX_CHECKPOINT_BYTES, openCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { cosignedName, readCosignedFile } from './cosigned-file.ts';
import { cosignerOf, readCosignatures, type CosignerKey } from './cosignature.ts';
import { CHECKPOINT_FILE, ENTRIES_FILE, VKEY_FILE } from './log-files.ts';
import { checkLogFolder } from './log-folder.ts';
import { parseNote, parseVerifierKey } from './note.ts';
import type { VerifierKey } from './note.ts';
import { BYTES_MISSING, NamedAttachments, verifyBlobs } from './verify-blobs.ts';
import type { ReadableFolder } from './readable-folder.ts';
import type { TreeHash } from './tree.ts';
import { belongsToTiles, verifyEntryLines, verifyTiles } from './verify-log-files.ts';
import type { LogProblem } from './verify-log-files.ts';

type Verification = Output<'archive.verify'>;
type Work = Pick<CallContext, 'signal' | 'progress'>;

/** A vkey is its name, of at most 255 characters, and some 60 more. */
export const MAX_VKEY_BYTES = 1024;
const MAX_PROBLEMS = 1_000;

/** Name of a file that is being written, or that was when whoever wrote it was stopped. */
const DRAFT = /(?:^|\/)(?:\.[0-9a-f]{12}\.draft|blob\/sha256\/[0-9a-f]{2}\/[0-9a-f]{64}\.[0-9a-z]{8}\.part)$/;
const DRAFT_MESSAGE =
  'This is the draft of a publication that is under way or was interrupted; it is no part of a log. Verify again once nobody publishes; a sync removes drafts that are old.';

/**
 * Verifies an export or a shared archive by reading every file in it: nothing unknown, nothing missing, every byte
 * recomputed from entries under a signed root. `trusted` came by another way than the folder: without a fitting key
 * among them a log is at most `key-unknown`, because whoever wrote the folder could have written its key.
 */
export async function verifyExport(folder: ReadableFolder, trusted: readonly VerifierKey[], { signal, progress }: Work): Promise<Verification> {
  const listing = await folder.list();
  const problems: LogProblem[] = listing.refused.map(({ path, reason }) => ({ code: 'refused', message: reason, place: path }));
  const blobs = listing.files.filter((path) => blobOf(path) !== null);
  const { logs, strangers } = byOrigin(listing.files.filter((path) => blobOf(path) === null));
  problems.push(...strangers.map((path) => ({ code: 'unknown-file', message: DRAFT.test(path) ? DRAFT_MESSAGE : 'This file is no part of a log.', place: path })));
  if (logs.size === 0) problems.push({ code: 'empty', message: 'It holds no log.', place: null });

  const witnesses = await witnessesOf(folder, [...logs.keys()], trusted);
  const named = new NamedAttachments();
  const verification: Verification = { verdict: 'good', entries: 0, logs: [], problems: [] };
  for (const [origin, paths] of logs) {
    signal.throwIfAborted();
    let entries = 0;
    const found = await verifyLog({ folder, origin, paths, trusted, witnesses, onEntry: named.add }, async (count) => {
      entries += count;
      progress({ label: 'Verifying', item: origin, done: verification.entries + entries, total: null, unit: 'entries' });
      signal.throwIfAborted();
    });
    verification.entries += entries;
    verification.logs.push({ origin, size: entries, root: found.checkpoint === null ? null : encodeBase64(found.checkpoint.root), verdict: found.verdict });
    problems.push(...found.problems);
  }
  problems.push(...(await verifyBlobs(folder, blobs, named, { signal, progress })));
  verification.problems = problems.slice(0, MAX_PROBLEMS);
  const verdicts = verification.logs.map(({ verdict }) => verdict);
  // A log whose key is unknown has a problem that says so, which does not make it bad.
  const bad = verdicts.includes('bad') || problems.some(isBad);
  verification.verdict = bad ? 'bad' : verdicts.includes('key-unknown') ? 'key-unknown' : 'good';
  return verification;
}

interface LogFolder {
  readonly folder: ReadableFolder;
  readonly origin: string;
  readonly paths: ReadonlySet<string>;
  readonly trusted: readonly VerifierKey[];
  readonly witnesses: readonly CosignerKey[];
  readonly onEntry: (entry: Entry) => void;
}

async function verifyLog(
  { folder, origin, paths, trusted, witnesses, onEntry }: LogFolder, onEntries: (count: number) => Promise<void>,
): Promise<{ verdict: 'good' | 'bad' | 'key-unknown'; checkpoint: Checkpoint | null; problems: LogProblem[] }> {
  const problems: LogProblem[] = [];
  let checkpoint: Checkpoint | null = null;
  let known = false;
  try {
    checkLogFolder(origin);
    const vkey = parseVkeyFile(await required(folder, `${origin}/${VKEY_FILE}`, MAX_VKEY_BYTES), origin);
    const expected = trusted.filter(({ name }) => name === origin);
    if (expected.some(({ text }) => text !== vkey.text)) {
      throw new AppError('verification-failed', `The key beside this log is not the key that is known for ${origin}.`, { details: { place: `${origin}/${VKEY_FILE}` } });
    }
    known = expected.length > 0;
    const note = await required(folder, `${origin}/${CHECKPOINT_FILE}`, MAX_CHECKPOINT_BYTES);
    checkpoint = openPlaced(note, vkey, `${origin}/${CHECKPOINT_FILE}`);
    problems.push(...witnessProblems(note, witnesses, `${origin}/${CHECKPOINT_FILE}`));
    const { size } = checkpoint;
    for (const path of paths) {
      if (path !== VKEY_FILE && path !== CHECKPOINT_FILE && path !== ENTRIES_FILE && cosignedName(path) === null && !belongsToTiles(path, size)) {
        problems.push({ code: 'unknown-file', message: `A log of ${size} entries has no such file.`, place: `${origin}/${path}` });
      }
    }
    const roots = new Map<number, TreeHash | null>([...paths].flatMap((path) => { const name = cosignedName(path); return name === null ? [] : [[name.size, null] as const]; }));
    const log = { folder, checkpoint, paths, onEntries, onEntry, roots };
    const lines = paths.has(ENTRIES_FILE);
    if (lines) problems.push(...(await verifyEntryLines(log)));
    if (!lines || [...paths].some((path) => path.startsWith('tile/'))) problems.push(...(await verifyTiles(lines ? { ...log, onEntries: async () => undefined, onEntry: () => undefined } : log)));
    problems.push(...(await verifyCosigned({ folder, origin, paths, vkey, witnesses, roots })));
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
    const place = cause.details['place'];
    problems.push({ code: cause.code, message: cause.message, place: typeof place === 'string' ? place : origin });
  }
  if (problems.some(isBad)) return { verdict: 'bad', checkpoint, problems };
  if (known) return { verdict: 'good', checkpoint, problems };
  return {
    verdict: 'key-unknown', checkpoint,
    problems: [...problems, { code: 'key-unknown', message: 'Only the export itself says that this is its key: compare it by another way.', place: `${origin}/${VKEY_FILE}` }],
  };
}

/** Whose key it is may be found out by another way, and attachments need not lie there; that does not make what is there bad. */
function isBad({ code }: LogProblem): boolean {
  return code !== 'key-unknown' && code !== 'witness-unknown' && code !== BYTES_MISSING;
}

/** The cosignatures under a checkpoint: good by a known witness, or said to be of one that is not known. */
function witnessProblems(note: Buffer, witnesses: readonly CosignerKey[], place: string): LogProblem[] {
  try {
    const cosigned = parseNote(note).signatures.length - 1 - readCosignatures(note, witnesses).length;
    if (cosigned === 0) return [];
    return [{ code: 'witness-unknown', message: `${cosigned} ${cosigned === 1 ? 'line' : 'lines'} under it ${cosigned === 1 ? 'is' : 'are'} of nobody whose key is known: nothing follows from ${cosigned === 1 ? 'it' : 'them'}.`, place }];
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return [{ code: cause.code, message: cause.message, place }];
  }
}

/** The witness keys of consoles: of those that came by another way, and of those whose logs lie here. */
async function witnessesOf(folder: ReadableFolder, origins: readonly string[], trusted: readonly VerifierKey[]): Promise<CosignerKey[]> {
  const keys = trusted.map(cosignerOf);
  for (const origin of origins) {
    try {
      const vkey = await folder.read(`${origin}/${VKEY_FILE}`, MAX_VKEY_BYTES);
      if (vkey !== null && !trusted.some(({ name }) => name === origin)) keys.push(cosignerOf(parseVkeyFile(vkey, origin)));
    } catch (cause) {
      // What is wrong with it is said where its own log is verified.
      if (!(cause instanceof AppError)) throw cause;
    }
  }
  return keys;
}

/** Every cosigned checkpoint beside a log: of its history, signed by it, and by the witness where that one is known. */
async function verifyCosigned(
  { folder, origin, paths, vkey, witnesses, roots }: Pick<LogFolder, 'folder' | 'origin' | 'paths' | 'witnesses'> & { readonly vkey: VerifierKey; readonly roots: ReadonlyMap<number, TreeHash | null> },
): Promise<LogProblem[]> {
  const problems: LogProblem[] = [];
  for (const path of [...paths].filter((one) => cosignedName(one) !== null)) {
    const place = `${origin}/${path}`;
    try {
      const { checkpoint } = readCosignedFile(await required(folder, place, MAX_CHECKPOINT_BYTES), path, vkey, witnesses);
      if (roots.get(checkpoint.size)?.equals(checkpoint.root) !== true) problems.push({ code: 'fork', message: 'It is of another history than the entries here.', place });
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      problems.push({ code: cause.code, message: cause.message, place });
    }
  }
  return problems;
}

function openPlaced(bytes: Buffer, vkey: VerifierKey, place: string): Checkpoint {
  try {
    return openCheckpoint(bytes, vkey);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError(cause.code, cause.message, { details: { place }, cause });
  }
}

/** Reads the `vkey` file of a log: one line, of a key in this log's name. Errors: `malformed`. */
export function parseVkeyFile(bytes: Buffer, origin: string): VerifierKey {
  const text = bytes.toString('utf8');
  const details = { place: `${origin}/${VKEY_FILE}` };
  if (!text.endsWith('\n')) throw new AppError('malformed', 'This is not one line with a verifier key.', { details });
  let vkey: VerifierKey;
  try {
    vkey = parseVerifierKey(text.slice(0, -1));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('malformed', cause.message, { details, cause });
  }
  if (vkey.name !== origin) throw new AppError('malformed', `This is the key of ${vkey.name}.`, { details });
  return vkey;
}

async function required(folder: ReadableFolder, place: string, limit: number): Promise<Buffer> {
  const bytes = await folder.read(place, limit);
  if (bytes === null) throw new AppError('not-found', 'This file is missing.', { details: { place } });
  return bytes;
}

/** Sorts files by the log whose origin is their path; whatever is no file of a log is a stranger. */
export function byOrigin(files: readonly string[]): { readonly logs: Map<string, Set<string>>; readonly strangers: string[] } {
  const logs = new Map<string, Set<string>>();
  const strangers: string[] = [];
  for (const file of files) {
    const [, origin = '', path = ''] = /^(.+?)\/((?:checkpoint|vkey|entries\.jsonl)|cosigned\/\d{1,16}\.[0-9a-f]{8}|tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/.exec(file) ?? [];
    if (!Origin.safeParse(origin).success) {
      strangers.push(file);
      continue;
    }
    const paths = logs.get(origin);
    if (paths === undefined) logs.set(origin, new Set([path]));
    else paths.add(path);
  }
  return { logs, strangers };
}

import { exportedBlobPath } from '../../../core/archive/blobs.ts';
import { withCosignatures } from '../../../core/archive/cosignature.ts';
import { BUNDLE_PREFIX_BYTES } from '../../../core/archive/bundles.ts';
import { CHECKPOINT_FILE, ENTRIES_FILE, VKEY_FILE, tileFile, vkeyFile } from '../../../core/archive/log-files.ts';
import type { LogFile, LogSource } from '../../../core/archive/log-files.ts';
import { tilesSince } from '../../../core/archive/tiles.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import { CSV_FILE, CSV_HEAD, csvEntry } from '../../../core/archive/csv-export.ts';
import type { VerifyPerson } from '../../../core/archive/person.ts';
import type { Output, Parsed } from '../../../core/contract/types.ts';
import { writeNewFolder } from '../archive-files.ts';
import { logStore } from './log-store.ts';
import type { LogStore, StoredLog } from './log-store.ts';
import type { Db } from './database.ts';
import { parseStored, rowsOf, summarised, witnessedBy, type Witnesses } from './read-archive.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

const NEWLINE = Buffer.from('\n');
const LINES_AT_ONCE = 1_000;

/** A log as its files are made from. */
export function logSource(store: LogStore, log: StoredLog): LogSource {
  return {
    origin: log.origin, vkey: log.vkey, size: log.size, checkpoint: log.checkpoint,
    entries: (start, end) => store.entryBytes(log, start, end),
    bundleBytes: (start, end) => BUNDLE_PREFIX_BYTES * (end - start) + store.entryLengths(log, start, end),
    hashes: (level, start, end) => store.tileHashes(log, level, start, end),
  };
}

/** Bytes of attachments that lie beside the logs of an export. */
export type ExportedAttachments = () => AsyncIterable<{ readonly sha256: string; readonly bytes: AsyncIterable<Buffer> }>;

/** What a table says of an entry besides its bytes. */
export interface Judging {
  readonly verifyPerson: VerifyPerson | null;
  readonly witnesses: Witnesses;
}

interface ExportedFile {
  readonly path: string;
  /** What may be larger than memory comes in pieces. */
  readonly bytes: Buffer | AsyncIterable<Buffer>;
}

/** Writes every log of one snapshot into a new folder, and with the tiles the attachments that are here. Errors: `already-exists`, `not-found`, `environment`, `cancelled`. */
export async function exportArchive(db: Db, format: Parsed<'archive.export'>['format'], out: string, attachments: ExportedAttachments, { signal, progress }: Work, judging: Judging): Promise<Output<'archive.export'>> {
  const store = logStore(db);
  const cosignatures = db.prepare<[string, number], { line: string }>('SELECT line FROM cosignature WHERE origin = ? AND size = ? ORDER BY key_id');
  // Whoever cosigned this very checkpoint stands under it, as C2SP tlog-cosignature has it.
  const sources = store.all().map((log) => ({ ...logSource(store, log), checkpoint: withCosignatures(log.checkpoint, cosignatures.all(log.origin, log.size)) }));
  const entries = sources.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  const lines = async (count: number, item: string): Promise<void> => {
    read += count;
    progress({ label: 'Exporting', item, done: read, total: entries, unit: 'entries' });
    await new Promise(setImmediate);
    signal.throwIfAborted();
  };
  let done = 0;
  const files = async function* (): AsyncGenerator<ExportedFile> {
    if (format === 'csv') {
      yield { path: CSV_FILE, bytes: tableOf(db, sources, judging, lines) };
      return;
    }
    for (const source of sources) {
      signal.throwIfAborted();
      if (format === 'jsonl') yield { path: `${source.origin}/${ENTRIES_FILE}`, bytes: linesOf(source, lines) };
      else for (const { path, bytes } of tilesOf(source)) {
        signal.throwIfAborted();
        yield { path: `${source.origin}/${path}`, bytes };
        done += 1;
        progress({ label: 'Exporting', item: `${source.origin}/${path}`, done, total: null, unit: 'files' });
      }
      yield { path: `${source.origin}/${VKEY_FILE}`, bytes: vkeyFile(source.vkey) };
      yield { path: `${source.origin}/${CHECKPOINT_FILE}`, bytes: source.checkpoint };
    }
    if (format !== 'tiles') return;
    for await (const { sha256, bytes } of attachments()) {
      signal.throwIfAborted();
      yield { path: exportedBlobPath(sha256), bytes };
      done += 1;
      progress({ label: 'Exporting', item: exportedBlobPath(sha256), done, total: null, unit: 'files' });
    }
  };
  const written = await writeNewFolder(out, files());
  return { path: written.path, logs: sources.length, entries, files: written.files };
}

type AfterLines = (count: number, item: string) => Promise<void>;

function* tilesOf(source: LogSource): Generator<LogFile> {
  for (const tile of tilesSince(0, source.size)) yield tileFile(source, tile);
}

async function* linesOf(source: LogSource, after: AfterLines): AsyncGenerator<Buffer> {
  for (let start = 0; start < source.size; start += LINES_AT_ONCE) {
    const entries = source.entries(start, Math.min(source.size, start + LINES_AT_ONCE));
    yield Buffer.concat(entries.flatMap((entry) => [entry, NEWLINE]));
    await after(entries.length, source.origin);
  }
}

/** One table of all logs, each in its order. */
async function* tableOf(db: Db, sources: readonly LogSource[], { verifyPerson, witnesses }: Judging, after: AfterLines): AsyncGenerator<Buffer> {
  const witnessed = witnessedBy(witnesses);
  const arrivals = db.prepare<[string, number, number], number>('SELECT arrival FROM entry WHERE log = (SELECT id FROM log WHERE origin = ?) AND seq >= ? ORDER BY seq LIMIT ?').pluck();
  yield Buffer.from(CSV_HEAD);
  for (const { origin, size } of sources) {
    for (let next = 0; next < size;) {
      const rows = rowsOf(db, arrivals.all(origin, next, LINES_AT_ONCE));
      const written = await Promise.all(rows.map(async (row) => csvEntry(await summarised(row, verifyPerson, witnessed), parseStored(row.bytes)?.record ?? null)));
      yield Buffer.from(written.join(''));
      await after(rows.length, origin);
      // Over a gap, and past the end.
      next = (rows.at(-1)?.seq ?? size) + 1;
    }
  }
}

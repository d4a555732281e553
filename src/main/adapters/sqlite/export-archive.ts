import { exportedBlobPath } from '../../../core/archive/blobs.ts';
import { withCosignatures } from '../../../core/archive/cosignature.ts';
import { CHECKPOINT_FILE, ENTRIES_FILE, VKEY_FILE, tileFile, vkeyFile } from '../../../core/archive/log-files.ts';
import type { LogFile, LogSource } from '../../../core/archive/log-files.ts';
import { tilesSince } from '../../../core/archive/tiles.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { Output } from '../../../core/contract/types.ts';
import { writeNewFolder } from '../archive-files.ts';
import { logStore } from './log-store.ts';
import type { LogStore, StoredLog } from './log-store.ts';
import type { Db } from './database.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

const NEWLINE = Buffer.from('\n');
const LINES_AT_ONCE = 1_000;

/** A log as its files are made from. */
export function logSource(store: LogStore, log: StoredLog): LogSource {
  return {
    origin: log.origin, vkey: log.vkey, size: log.size, checkpoint: log.checkpoint,
    entries: (start, end) => store.entryBytes(log, start, end),
    hashes: (level, start, end) => store.tileHashes(log, level, start, end),
  };
}

/** Bytes of attachments that lie beside the logs of an export. */
export type ExportedAttachments = () => AsyncIterable<{ readonly sha256: string; readonly bytes: AsyncIterable<Buffer> }>;

/** Writes every log of one snapshot into a new folder, and with the tiles the attachments that are here. Errors: `already-exists`, `not-found`, `environment`, `cancelled`. */
export async function exportArchive(db: Db, format: 'tiles' | 'jsonl', out: string, attachments: ExportedAttachments, { signal, progress }: Work): Promise<Output<'archive.export'>> {
  const store = logStore(db);
  const cosignatures = db.prepare<[string, number], { line: string }>('SELECT line FROM cosignature WHERE origin = ? AND size = ? ORDER BY key_id');
  // Whoever cosigned this very checkpoint stands under it, as C2SP tlog-cosignature has it.
  const sources = store.all().map((log) => ({ ...logSource(store, log), checkpoint: withCosignatures(log.checkpoint, cosignatures.all(log.origin, log.size)) }));
  const entries = sources.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const files = async function* (): AsyncGenerator<LogFile | { readonly path: string; readonly bytes: AsyncIterable<Buffer> }> {
    for (const source of sources) {
      signal.throwIfAborted();
      for (const { path, bytes } of format === 'tiles' ? tilesOf(source) : [linesOf(source)]) {
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

function* tilesOf(source: LogSource): Generator<LogFile> {
  for (const tile of tilesSince(0, source.size)) yield tileFile(source, tile);
}

function linesOf(source: LogSource): LogFile {
  const parts: Buffer[] = [];
  for (let start = 0; start < source.size; start += LINES_AT_ONCE) {
    for (const entry of source.entries(start, Math.min(source.size, start + LINES_AT_ONCE))) parts.push(entry, NEWLINE);
  }
  return { path: ENTRIES_FILE, bytes: Buffer.concat(parts) };
}

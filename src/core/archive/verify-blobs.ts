import { createHash } from 'node:crypto';
import type { CallContext } from '../contract/serve.ts';
import type { Entry } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { blobOf } from './blobs.ts';
import { entryId } from './entry-id.ts';
import type { ReadableFolder } from './readable-folder.ts';
import type { LogProblem } from './verify-log-files.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** An attachment of which only the digest is there: it never came, was withheld, or is larger than a policy takes. */
export const BYTES_MISSING = 'bytes-missing';

/** What the entries of an export name, each digest with every size that is said of it. */
export class NamedAttachments {
  readonly #named = new Map<string, Map<number, string>>();

  readonly add = (entry: Entry): void => {
    for (const { sha256, size, name } of entry.attachments) {
      const sizes = this.#named.get(sha256) ?? new Map<number, string>();
      if (!sizes.has(size)) sizes.set(size, `${JSON.stringify(name)} of ${entryId(entry)}`);
      this.#named.set(sha256, sizes);
    }
  };

  get digests(): Iterable<string> {
    return this.#named.keys();
  }

  /** By the size that is said of it; undefined where nothing names it. */
  sizesOf(sha256: string): ReadonlyMap<number, string> | undefined {
    return this.#named.get(sha256);
  }
}

/** Hashes every attachment of an export; each must be named by an entry there, and those that are not there are counted. */
export async function verifyBlobs(folder: ReadableFolder, paths: readonly string[], named: NamedAttachments, { signal, progress }: Work): Promise<LogProblem[]> {
  const problems: LogProblem[] = [];
  const there = new Set<string>();
  for (const [done, path] of paths.entries()) {
    signal.throwIfAborted();
    progress({ label: 'Verifying attachments', item: path, done, total: paths.length, unit: 'files' });
    const sha256 = blobOf(path) ?? '';
    there.add(sha256);
    const sizes = named.sizesOf(sha256);
    try {
      const found = await hashed(folder.stream(path), signal);
      if (found.sha256 !== sha256) problems.push({ code: 'attachment', message: 'Its bytes are not those of the digest that it is named by.', place: path });
      else if (sizes === undefined) problems.push({ code: 'unknown-attachment', message: 'No entry here names this attachment.', place: path });
      else for (const [size, whose] of sizes) if (size !== found.size) problems.push({ code: 'attachment', message: `The entry says that ${whose} has ${size} bytes; the bytes of that digest are ${found.size}.`, place: path });
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code === 'cancelled') throw cause;
      problems.push({ code: cause.code, message: cause.message, place: path });
    }
  }
  const missing = [...named.digests].filter((sha256) => !there.has(sha256));
  const [first] = missing;
  if (first !== undefined) {
    const [whose] = named.sizesOf(first)?.values() ?? [];
    problems.push({ code: BYTES_MISSING, message: `The bytes of ${missing.length} attachment${missing.length === 1 ? '' : 's'} are not here; their digests stand in the entries. The first is ${whose ?? first}.`, place: null });
  }
  return problems;
}

async function hashed(chunks: AsyncIterable<Buffer>, signal: AbortSignal): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}

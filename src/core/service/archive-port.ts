import type { CallContext } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import type { AttachmentRef, Entry, EntryRef, GenesisRecord } from '../model/archive.ts';
import type { SyncManner } from '../sync/shared-archive.ts';

type Appended = Output<'archive.record'>;
type Work = Pick<CallContext, 'signal' | 'progress'>;

/** When an entry was made, as far as logs and witnesses tell (FORMATS §4). */
export interface EntryBounds {
  readonly entry: Entry;
  /** The newest time of another log that it names by its leaf. */
  readonly notBefore: string | null;
  /** When the console of another person had first seen it. */
  readonly notAfter: string | null;
  /** The last entry of each other log that it names by its leaf, and that is so here: it was there before. */
  readonly knew: ReadonlyMap<string, number>;
  readonly own: boolean;
  /** An entry before it in this console's own log claims a later time; false for entries of other logs, of which it says nothing. */
  readonly clockSetBack: boolean;
}

/** An entry in the place of its arrival here. */
export interface Arrived {
  readonly arrival: number;
  readonly id: string;
  readonly release: string | null;
  readonly entry: Entry;
  readonly leaf: string;
}

/** The Genesis Archive as the rest of the core uses it. */
export interface ArchivePort {
  readonly origin: string;
  readonly vkey: string;
  /** Appends what this console observed itself; one checkpoint covers them all. */
  readonly appendRecords: (records: readonly GenesisRecord[]) => Promise<Appended[]>;
  /**
   * Appends what was made elsewhere, marked `imported` (FORMATS §4), line by line, all of it or nothing; returns how many.
   * Lines are read a second time where they name files.
   */
  readonly importLines: (lines: () => Iterable<string>, file: string, told: (appended: Appended) => void, attached?: { readonly folder: string; readonly work: Work }) => Promise<number>;
  readonly importRecord: (event: 'release' | 'deployment' | 'rollback', text: string, file: string, attached?: { readonly paths: readonly string[]; readonly work: Work }) => Promise<Appended>;
  /** Takes files in before the record that names them is appended. Errors: `bad-input`, `not-found`, `storage-failed`, `cancelled`. */
  readonly keep: (paths: readonly string[], work: Work) => Promise<AttachmentRef[]>;
  readonly logs: () => Promise<Output<'archive.logs'>['logs']>;
  readonly list: (query: Parsed<'archive.list'>) => Promise<Output<'archive.list'>>;
  readonly show: (id: string) => Promise<Output<'archive.show'>>;
  /** What dates an entry, with nobody judged. Errors: as of `show`. */
  readonly bounds: (id: string) => Promise<EntryBounds>;
  /** Every entry of a type in good logs, in the order in which they came here, with nobody judged. */
  readonly entriesOf: (event_type: string) => Promise<readonly { readonly id: string; readonly entry: Entry }[]>;
  /** What came here after an arrival, of some types (null: of all) and of one release (null: of all), in the order in which it came, with nobody judged. Error: `storage-failed` (bytes are damaged). */
  readonly arrived: (query: { readonly after: number; readonly types: readonly string[] | null; readonly release: string | null }) => Promise<readonly Arrived[]>;
  /**
   * Is another as soon as anything else may date the entries that are held: another console's log grew or was rewritten, somebody
   * cosigned, or the roster names other consoles. What this console appends to its own log dates nothing that is held.
   */
  readonly ground: () => Promise<string>;
  readonly verify: (work: Work) => Promise<Output<'archive.verify'>>;
  readonly verifyExport: (folder: string, vkeys: readonly string[], work: Work) => Promise<Output<'archive.verify'>>;
  readonly exportTo: (format: Parsed<'archive.export'>['format'], out: string, work: Work) => Promise<Output<'archive.export'>>;
  /** Both ways, and by the sizes of what lies there, where nothing else is said. */
  readonly sync: (url: string, work: Work, manner?: SyncManner) => Promise<Output<'sync.run'>>;
  readonly close: () => void;
}

/** What the heads may take of an entry, which holds 65,535 bytes in all. */
const MAX_HEADS_BYTES = 16_384;

/** The newest entry of every other console's log that is held here: what was there before the record that names them, whatever a clock says. `first` come those that are to be named in any case. */
export async function headsSeen(archive: ArchivePort, first: ReadonlySet<string>): Promise<EntryRef[]> {
  const others = (await archive.logs()).filter(({ own, size, state }) => !own && size > 0 && state === 'good');
  const heads: EntryRef[] = [];
  let left = MAX_HEADS_BYTES;
  for (const { origin, size } of others.sort((a, b) => Number(first.has(b.origin)) - Number(first.has(a.origin)))) {
    const head: EntryRef = { rel: 'seen', origin, seq: size - 1, leaf: (await archive.show(`${origin}#${size - 1}`)).leaf };
    left -= JSON.stringify(head).length + 1;
    if (left < 0) break;
    heads.push(head);
  }
  return heads;
}

/** The newest entry of any other console's log that is held here, as a pointer; none where nothing was ever received. */
export async function newestSeen(archive: ArchivePort): Promise<EntryRef[]> {
  const others = (await archive.logs()).filter(({ own, size, state }) => !own && size > 0 && state === 'good');
  const heads = await Promise.all(others.map(async ({ origin, size }) => archive.show(`${origin}#${size - 1}`)));
  const [newest] = heads.sort((a, b) => Date.parse(b.entry.time) - Date.parse(a.entry.time));
  return newest === undefined ? [] : [{ rel: 'seen', origin: newest.entry.origin, seq: newest.entry.seq, leaf: newest.leaf }];
}

/** The newest entries of one event type for a release, with their records, newest first. */
export async function recordsOf(
  archive: ArchivePort, query: { readonly event_type: string; readonly release: string | null; readonly origin?: string; readonly limit: number },
): Promise<{ readonly id: string; readonly record: GenesisRecord }[]> {
  const { entries } = await archive.list({
    origin: query.origin ?? null, event_type: query.event_type, release: query.release, offset: 0, limit: query.limit,
  });
  return Promise.all(entries.map(async ({ id }) => ({ id, record: (await archive.show(id)).entry.record })));
}

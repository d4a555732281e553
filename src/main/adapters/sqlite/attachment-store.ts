import { entryId } from '../../../core/archive/entry-id.ts';
import type { NamedAttachment } from '../../../core/sync/exchange-attachments.ts';
import { Entry } from '../../../core/model/archive.ts';
import type { Db } from './database.ts';

/** An act of keeping or erasing that lies in a good log, or that counted here before its log was found to be rewritten. */
export interface StoredAct {
  readonly entry: Entry;
  readonly leaf: string;
  readonly own: boolean;
  readonly counted: boolean;
}

/** An attachment where an entry names it. */
export interface NamedPlace extends NamedAttachment {
  readonly seq: number;
  readonly event_type: string;
  readonly release: string | null;
  readonly time: string;
}

const PLACE = `attachment.sha256, attachment.size, attachment.name, log.origin, attachment.seq, entry.event_type, entry.release, entry.time
  FROM attachment JOIN log ON log.id = attachment.log JOIN entry ON entry.log = attachment.log AND entry.seq = attachment.seq`;

type Row = Omit<NamedPlace, 'entry'>;

/** Statements on attachments and on what people decided about them, prepared once a connection. */
export function attachmentStore(db: Db) {
  // The first entry that names it speaks for the others of the same size: SQLite gives the row that the minimum is of.
  const named = db.prepare<[], Pick<Row, 'sha256' | 'size' | 'name' | 'origin' | 'seq'>>(`
    SELECT attachment.sha256, attachment.size, attachment.name, log.origin, attachment.seq, min(attachment.log * 4503599627370496 + attachment.seq) AS first
    FROM attachment JOIN log ON log.id = attachment.log WHERE log.state = 'good' GROUP BY attachment.sha256, attachment.size ORDER BY attachment.sha256, attachment.size`);
  const places = db.prepare<[], Row>(`SELECT ${PLACE} ORDER BY log.id, attachment.seq, attachment.place`);
  const ofDigest = db.prepare<[string], Row>(`SELECT ${PLACE} WHERE attachment.sha256 = ? ORDER BY log.id, attachment.seq, attachment.place`);
  const keptAt = db.prepare<[string], string>('SELECT kept_at FROM kept_blob WHERE sha256 = ?').pluck();
  const setKept = db.prepare('INSERT INTO kept_blob (sha256, size, kept_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING');
  const acts = db.prepare<[], { readonly origin: string; readonly seq: number; readonly leaf: Buffer; readonly bytes: Buffer; readonly own: number; readonly counted: number }>(`
    SELECT log.origin, entry.seq, entry.leaf, entry.bytes, console.log IS NOT NULL AS own, keeping_act.seq IS NOT NULL AS counted
    FROM entry JOIN log ON log.id = entry.log LEFT JOIN console ON console.log = log.id LEFT JOIN keeping_act ON keeping_act.origin = log.origin AND keeping_act.seq = entry.seq
    WHERE entry.event_type IN ('tombstone', 'legal_hold') AND entry.imported = 0 AND (log.state = 'good' OR keeping_act.seq IS NOT NULL) ORDER BY entry.arrival`);
  const count = db.prepare('INSERT OR IGNORE INTO keeping_act (origin, seq) VALUES (?, ?)');
  const withId = (row: Row): NamedPlace => ({ ...row, entry: entryId(row) });

  return {
    /** What entries of good logs name, each digest and size once. */
    named: (): NamedAttachment[] => named.all().map(({ sha256, size, name, origin, seq }) => ({ sha256, size, name, origin, entry: entryId({ origin, seq }) })),
    /** Every attachment of every entry, in the order of logs. */
    places: (): NamedPlace[] => places.all().map(withId),
    placesOf: (sha256: string): NamedPlace[] => ofDigest.all(sha256).map(withId),
    /** When its bytes came here; null where they never did. */
    keptAt: (sha256: string): string | null => keptAt.get(sha256) ?? null,
    setKept: (sha256: string, size: number, time: string): void => void setKept.run(sha256, size, time),
    acts: (): StoredAct[] => acts.all().flatMap(({ leaf, bytes, own, counted }) => {
      const entry = parsed(bytes);
      return entry === null ? [] : [{ entry, leaf: leaf.toString('hex'), own: own === 1, counted: counted === 1 }];
    }),
    /** From now on the act counts here, whoever leaves the roster. */
    count: ({ origin, seq }: Pick<Entry, 'origin' | 'seq'>): void => void count.run(origin, seq),
  };
}

/** Null where its bytes were damaged since: verification says so. */
function parsed(bytes: Buffer): Entry | null {
  try {
    return Entry.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

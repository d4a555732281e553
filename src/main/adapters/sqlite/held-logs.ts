import { readCheckpoint } from '../../../core/archive/checkpoint.ts';
import { GrowingTree } from '../../../core/archive/tree.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { LocalAttachments } from '../../../core/sync/exchange-attachments.ts';
import type { LocalLog, LocalLogs, Staging } from '../../../core/sync/local-logs.ts';
import { guarded } from './database.ts';
import type { Db } from './database.ts';
import { logSource } from './export-archive.ts';
import type { LogStore, SharedSizes, StoredLog } from './log-store.ts';
import { stageEntries, type StagedEntries } from './staging.ts';

interface Held {
  readonly file: string;
  readonly db: Db;
  readonly store: LogStore;
  /** As of before the shared archive was opened. */
  readonly seen: SharedSizes;
  readonly ownOrigin: string;
  readonly attachments: LocalAttachments;
  readonly now: () => Date;
  /** Told how many entries a sync brought. */
  readonly onAccepted: (entries: number) => void;
}

/** The logs in the database, for a sync. */
export function heldLogs({ file, db, store, seen, ownOrigin, attachments, now, onAccepted }: Held): LocalLogs {
  const held = (origin: string): StoredLog => {
    const log = guarded(file, () => store.byOrigin(origin));
    if (log === null) throw new AppError('not-found', `This archive knows no log ${origin}.`);
    return log;
  };

  const accept = db.transaction(({ origin, vkey, checkpoint }: Parameters<Staging['accept']>[0], before: number, staged: StagedEntries): number | null => {
    const known = store.byOrigin(origin);
    // Looked at again under the lock: another process may have synced meanwhile.
    if (known === null ? before !== 0 : known.size !== before || known.vkey !== vkey || known.state !== 'good') return null;
    const log = known ?? store.add(origin, vkey, checkpoint, null);
    const tree = GrowingTree.fromBytes(log.size, log.edge);
    let newest = log.checkpoint_time;
    for (const entry of staged.each()) {
      store.appendEntry(log, tree, entry);
      newest = entry.time;
    }
    const signed = readCheckpoint(checkpoint);
    if (signed.size !== tree.size || !signed.root.equals(tree.root())) throw new Error('entries were accepted that do not come to their checkpoint');
    store.setHead(log, tree, checkpoint, newest);
    return tree.size - before;
  });
  const quarantine = db.transaction<LocalLogs['quarantine']>((origin, fork) =>
    store.quarantine(held(origin), { ...fork, found: now().toISOString() }));

  return {
    ownOrigin, attachments,
    all: () => guarded(file, () => store.all().map(localLog)),
    find: (origin) => guarded(file, () => {
      const log = store.byOrigin(origin);
      return log === null ? null : localLog(log);
    }),
    source: (origin) => logSource(store, held(origin)),
    tree: (origin) => {
      const log = held(origin);
      return GrowingTree.fromBytes(log.size, log.edge);
    },
    rootAt: (origin, size) => guarded(file, () => store.rootAt(held(origin), size)),
    subtrees: (origin) => {
      const read = store.subtrees(held(origin));
      return (level, index) => guarded(file, () => read(level, index));
    },
    leaf: (origin, seq) => guarded(file, () => store.leaf(held(origin), seq)),
    stage: () => {
      const staged = guarded(file, () => stageEntries(db));
      return {
        add: (entries) => guarded(file, () => staged.add(entries)),
        accept: (log, before) => {
          const accepted = guarded(file, () => accept.immediate(log, before, staged));
          if (accepted !== null && accepted > 0) onAccepted(accepted);
          return accepted !== null;
        },
        discard: () => guarded(file, staged.discard),
      };
    },
    quarantine: (origin, fork) => guarded(file, () => quarantine.immediate(origin, fork)),
    sharedSize: seen,
    setSharedSize: (url, origin, size) => guarded(file, () => store.setSharedSize(url, origin, size)),
  };
}

function localLog(log: StoredLog): LocalLog {
  return {
    origin: log.origin, vkey: log.vkey, size: log.size, root: readCheckpoint(log.checkpoint).root,
    quarantined: log.state === 'good' ? null : (log.problem ?? 'Its history was rewritten.'),
  };
}

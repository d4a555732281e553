import { MAX_LINE_BYTES } from '../archive/import-lines.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { ArchivePort } from './archive-port.ts';
import { instant } from './release-handlers.ts';
import type { WorkspaceStore } from './workspace.ts';

export interface ArchivePorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly workspace: WorkspaceStore;
  /** Reads a text file that a person named. Errors: `not-found`, `too-large`, `malformed` (not UTF-8). */
  readonly readText: (path: string, limit: number) => Promise<string>;
  /** The lines of such a file, none of them longer than `limit` bytes, read as they are asked for. Errors as of `readText`, with the line. */
  readonly linesOf: (path: string, limit: number) => Iterable<string>;
  readonly now: () => Date;
  /** Takes versions of the roster that came with a sync, as far as their signatures let them follow. */
  readonly takeRosters: (context: CallContext) => Promise<NonNullable<Output<'sync.run'>['rosters']>>;
}

type Owned = 'archive.logs' | 'archive.list' | 'archive.show' | 'archive.append' | 'archive.record' | 'archive.verify' | 'archive.export' | 'sync.run';

/** A longer answer would be larger than what was appended. */
const MAX_TOLD = 10_000;
const MAX_RECORD_BYTES = 64 * 1024;

/** The Genesis Archive: what was recorded, its verification, its export and its exchange. */
export function archiveHandlers(ports: ArchivePorts): Pick<Handlers, Owned> {
  return {
    'archive.logs': async () => ({ logs: await (await ports.archive()).logs() }),
    'archive.list': async (query) => (await ports.archive()).list(query),
    'archive.show': async ({ id }) => (await ports.archive()).show(id),
    'archive.append': async ({ from, attachments }, work) => {
      const appended: Output<'archive.append'>['appended'] = [];
      let warned = 0;
      const told = (one: (typeof appended)[number]): void => {
        if (one.warnings.length > 0) warned += 1;
        if (appended.length < MAX_TOLD) appended.push(one);
      };
      const count = await (await ports.archive()).importLines(() => ports.linesOf(from, MAX_LINE_BYTES), from, told, attachments == null ? undefined : { folder: attachments, work });
      return { count, warned, appended };
    },
    'archive.record': async ({ event, from, attach }, work) => {
      const text = await ports.readText(from, MAX_RECORD_BYTES);
      return (await ports.archive()).importRecord(event, text, from, { paths: attach, work });
    },
    'archive.verify': async ({ from, vkeys }, context) => {
      const archive = await ports.archive();
      if (from !== null) return archive.verifyExport(from, vkeys, context);
      if (vkeys.length > 0) {
        throw new AppError('bad-input', 'Keys are named for an export (--from); this console knows its own.', { hint: 'Leave --vkey out.' });
      }
      const verification = await archive.verify(context);
      if (verification.verdict === 'good') await ports.workspace.change((before) => ({ ...before, lastVerified: instant(ports.now()) }));
      return verification;
    },
    'archive.export': async ({ format, out }, context) => (await ports.archive()).exportTo(format, out, context),
    'sync.run': async ({ url, direction, check }, context) => {
      const archive = await ports.archive();
      const result = await archive.sync(url, context, { direction, check });
      const own = (await archive.logs()).find((log) => log.own);
      const handedOver = direction !== 'pull' && !result.problems.some(({ origin }) => origin === archive.origin);
      await ports.workspace.change((before) => ({
        ...before,
        lastSynced: instant(ports.now()),
        syncedEntries: handedOver ? (own?.size ?? before.syncedEntries) : before.syncedEntries,
        settings: { ...before.settings, archives: [url, ...before.settings.archives.filter((known) => known !== url)].slice(0, 16) },
      }));
      const rosters = await ports.takeRosters(context);
      return rosters.length === 0 ? result : { ...result, rosters };
    },
  };
}

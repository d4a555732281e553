import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { ArchivePort } from './archive-port.ts';
import { instant } from './release-handlers.ts';
import type { WorkspaceStore } from './workspace.ts';

export interface ArchivePorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly workspace: WorkspaceStore;
  /** Reads a text file that a person named. Errors: `not-found`, `too-large`, `malformed` (not UTF-8). */
  readonly readText: (path: string, limit: number) => Promise<string>;
  readonly now: () => Date;
}

type Owned = 'archive.logs' | 'archive.list' | 'archive.show' | 'archive.append' | 'archive.record' | 'archive.verify' | 'archive.export' | 'sync.run';

const MAX_IMPORT_BYTES = 256 * 1024 * 1024;
const MAX_RECORD_BYTES = 64 * 1024;

/** The Genesis Archive: what was recorded, its verification, its export and its exchange. */
export function archiveHandlers(ports: ArchivePorts): Pick<Handlers, Owned> {
  return {
    'archive.logs': async () => ({ logs: await (await ports.archive()).logs() }),
    'archive.list': async (query) => (await ports.archive()).list(query),
    'archive.show': async ({ id }) => (await ports.archive()).show(id),
    'archive.append': async ({ from, attachments }, work) => {
      const text = await ports.readText(from, MAX_IMPORT_BYTES);
      return { appended: await (await ports.archive()).importLines(text, from, attachments == null ? undefined : { folder: attachments, work }) };
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
    'sync.run': async ({ url }, context) => {
      const archive = await ports.archive();
      const result = await archive.sync(url, context);
      const own = (await archive.logs()).find((log) => log.own);
      const handedOver = !result.problems.some(({ origin }) => origin === archive.origin);
      await ports.workspace.change((before) => ({
        ...before,
        lastSynced: instant(ports.now()),
        syncedEntries: handedOver ? (own?.size ?? before.syncedEntries) : before.syncedEntries,
        settings: { ...before.settings, archives: [url, ...before.settings.archives.filter((known) => known !== url)].slice(0, 16) },
      }));
      return result;
    },
  };
}

import { checkAttachmentName } from '../../../core/archive/blobs.ts';
import type { PreparedRecord } from '../../../core/archive/entry.ts';
import { prepareImport } from '../../../core/archive/import-lines.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { AttachmentRef, Entry } from '../../../core/model/archive.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { AttachmentDesk } from '../../../core/service/attachment-handlers.ts';
import { openShared } from '../shared/open-shared.ts';
import { attachmentCalled, type HeldAttachments } from './held-attachments.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** Stands for a digest that is not known yet, while all else is looked at. */
export const NO_DIGEST = '0'.repeat(64);

/** The attachments of entries by their ids, in a data folder. */
export function deskOf(home: string, held: HeldAttachments, entryOf: (id: string) => { readonly entry: Entry; readonly leaf: string }): AttachmentDesk {
  return {
    states: async (id) => held.states(entryOf(id).entry),
    writeOut: async ({ id, name, out, from }, work) => {
      const { entry } = entryOf(id);
      const shared = from === null ? null : await openShared(from, { ...work, home });
      try {
        return await held.writeOut(entry, name, out, shared?.attachments ?? null, work);
      } finally {
        await shared?.close();
      }
    },
    nameIn: async (id, name) => {
      const { entry, leaf } = entryOf(id);
      const { origin, seq, time, record } = entry;
      return { ...attachmentCalled(entry, name), entry: `${origin}#${seq}`, event_type: record.event_type, release: null, time, ref: { origin, seq, leaf } };
    },
    keeping: held.keeping, holdsOver: held.holdsOver, kept: held.kept, finish: held.finish, here: held.here,
  };
}

/**
 * Prepares records whose lines name files of a folder: all lines are read before the first file is copied, and each file
 * is copied once. A line that says the digest already must be right. Errors: those of `prepareImport`, each naming file and line.
 */
export async function prepareAttached(lines: () => Iterable<string>, file: string, { folder, work }: { readonly folder: string; readonly work: Work }, held: HeldAttachments): Promise<Iterable<PreparedRecord>> {
  const named = new Set<string>();
  const first = prepareImport(lines(), file, (one) => {
    named.add(checkAttachmentName(typeof one === 'string' ? one : one.name));
    return typeof one === 'string' ? { name: one, size: 0, sha256: NO_DIGEST } : one;
  });
  // Read to the end for the names alone: a line that is refused is told before anything is copied.
  while (first.next().done !== true) work.signal.throwIfAborted();
  const kept = new Map<string, AttachmentRef | AppError>();
  for (const name of named) {
    // Which line it was that named it is said where the line is read again.
    kept.set(name, await held.keepFrom(folder, name, work).catch((cause: unknown) => {
      if (!(cause instanceof AppError) || cause.code === 'cancelled' || cause.code.startsWith('storage-')) throw cause;
      return cause;
    }));
  }
  return prepareImport(lines(), file, (one) => {
    const found = kept.get(typeof one === 'string' ? one : one.name);
    // A digest without its file is kept as it is: its bytes can come by a sync.
    if (typeof one !== 'string' && found instanceof AppError && found.code === 'not-found') return one;
    if (found === undefined || found instanceof AppError) throw found ?? new AppError('not-found', 'It is not there.');
    if (typeof one !== 'string' && (one.sha256 !== found.sha256 || one.size !== found.size)) {
      throw new AppError('malformed', `attachments: ${JSON.stringify(one.name)} in ${folder} has ${found.size} bytes and the SHA-256 ${found.sha256}, and the line says another.`);
    }
    return found;
  });
}

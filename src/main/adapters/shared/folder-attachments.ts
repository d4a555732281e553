import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SharedAttachments } from '../../../core/sync/shared-archive.ts';
import { fileError, syncFolder } from '../archive-files.ts';

/** Attachments in a shared folder: `blob/sha256/AB/ABCD…`, each written whole under another name first. */
export function folderAttachments(root: string): SharedAttachments {
  const placeOf = (sha256: string): string => join(root, 'blob', 'sha256', sha256.slice(0, 2), sha256);
  const isThere = async (sha256: string): Promise<boolean> => (await lstat(placeOf(sha256)).catch(() => null))?.isFile() === true;
  return {
    have: async (sha256s) => {
      const there = await Promise.all(sha256s.map(async (one) => ((await isThere(one)) ? [one] : [])));
      return new Set(there.flat());
    },
    read: async (sha256, from) => ((await isThere(sha256)) ? (createReadStream(placeOf(sha256), { start: from }) as AsyncIterable<Buffer>) : null),
    write: async (sha256, _size, bytes) => {
      if (await isThere(sha256)) return;
      const place = placeOf(sha256);
      const draft = join(dirname(place), `.${randomBytes(6).toString('hex')}.draft`);
      try {
        await mkdir(dirname(place), { recursive: true });
        const file = await open(draft, 'wx');
        try {
          for await (const chunk of bytes(0)) await file.write(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, place);
        await syncFolder(dirname(place));
      } catch (cause) {
        await rm(draft, { force: true });
        throw fileError(place, cause);
      }
    },
    remove: async (sha256) => {
      await rm(placeOf(sha256), { force: true }).catch((cause: unknown) => {
        throw fileError(placeOf(sha256), cause);
      });
      return true;
    },
  };
}

import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ReadBack } from '../../../core/service/store-artifacts.ts';
import { fileError, notPlain, syncFolder } from '../archive-files.ts';

/** What is read back lies in a folder of its own inside the one that is named until it is good; null is a folder that goes again. */
export async function openReadBack(folder: string | null): Promise<ReadBack> {
  const target = folder === null ? null : resolve(folder);
  const incoming = target === null ? await mkdtemp(join(tmpdir(), 'countersign-read-back-')) : join(target, `.incoming-${randomBytes(6).toString('hex')}`);
  if (target !== null) {
    await mkdir(target, { recursive: true }).catch((cause: unknown) => {
      throw fileError(target, cause);
    });
    if (!(await lstat(target)).isDirectory()) throw notPlain(target, 'folder');
    await mkdir(incoming);
  }
  return {
    path: (name) => join(incoming, name),
    keep: async (names) => {
      if (target === null) return;
      for (const name of names) {
        // A link never replaces what is there; it was compared before and is the same.
        await link(join(incoming, name), join(target, name)).catch(async (cause: NodeJS.ErrnoException) => {
          if (cause.code === 'EEXIST') return;
          if ((await lstat(join(target, name)).catch(() => null)) !== null) return;
          await rename(join(incoming, name), join(target, name));
        });
      }
      await syncFolder(target);
    },
    discard: () => rm(incoming, { recursive: true, force: true }),
  };
}

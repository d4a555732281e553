import { AppError } from '../../../core/model/errors.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import { openSharedFolder } from './folder.ts';

/** Reports what takes long, and stops when it is told to. */
export type OpenWork = Pick<CallContext, 'signal' | 'progress'>;

/** Opens the shared archive that an address names. Errors: `bad-input`, `not-found`, `environment`. */
export async function openShared(url: string, _work: OpenWork): Promise<SharedArchive> {
  // One letter before the colon is a drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined && !/^[^/\\]+@[^/\\]+:/.test(url)) return openSharedFolder(url);
  if (scheme === 'file') return openSharedFolder(url);
  throw new AppError('bad-input', `${url} is not a folder, and a folder is what this version syncs with.`, {
    hint: 'Name a folder on a stick or a network share, as a path or as file:///…', details: { url },
  });
}

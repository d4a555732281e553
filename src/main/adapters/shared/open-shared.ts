import { AppError } from '../../../core/model/errors.ts';
import type { CallContext } from '../../../core/contract/serve.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import { openSharedFolder } from './folder.ts';
import { openSharedGit } from './git.ts';
import { gitAddress } from './git-address.ts';
import { isPostgresAddress, postgresAddress } from './postgres-address.ts';

/** Reports what takes long, and stops when it is told to. */
export interface OpenWork extends Pick<CallContext, 'signal' | 'progress'> {
  /** The data folder, below which is kept what is known of a place. */
  readonly home: string;
}

/** Opens the shared archive that an address names. Errors: `bad-input`, `not-found`, `environment`, `git-unavailable`, `malformed`, `too-large`, `cancelled`. */
export async function openShared(url: string, work: OpenWork): Promise<SharedArchive> {
  const git = gitAddress(url);
  if (git !== null) return openSharedGit(git, work);
  if (isPostgresAddress(url)) return (await import('./postgres.ts')).openSharedPostgres(postgresAddress(url), work);
  // One letter before the colon is a drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return openSharedFolder(url);
  throw new AppError('bad-input', `${url} is neither a folder nor an address that this version syncs with.`, {
    hint: 'Name a folder, git+ssh://host/path, git+https://host/path, git+file:///path, or postgres://user@host/database.', details: { url },
  });
}

import { MAX_CHECKPOINT_BYTES } from '../../../core/archive/checkpoint.ts';
import { CHECKPOINT_FILE } from '../../../core/archive/log-files.ts';
import { AppError } from '../../../core/model/errors.ts';
import type { SharedArchive } from '../../../core/sync/shared-archive.ts';
import type { GitAddress } from './git-address.ts';
import { gitAttachments } from './git-attachments.ts';
import { GitMirror } from './git-mirror.ts';
import { commitAndPush, storeBlobs, type Written } from './git-publish.ts';
import type { OpenWork } from './open-shared.ts';

/**
 * Opens a shared archive in a bare git repository: one ref whose tree holds the logs, one commit for each publication,
 * no work tree anywhere. Errors: `environment`, `git-unavailable`, `malformed`, `too-large`, `cancelled`.
 */
export async function openSharedGit(address: GitAddress, work: OpenWork): Promise<SharedArchive> {
  const mirror = new GitMirror(address, work);
  await mirror.open();
  const attachments = gitAttachments(mirror, work);
  return {
    url: address.url,
    list: async () => mirror.listing(),
    read: (path, limit) => mirror.read(path, limit),
    publishIfUnchanged: async (origin, expected, files, checkpoint) => {
      const path = `${origin}/${CHECKPOINT_FILE}`;
      const blobs = await storeBlobs(mirror, (function* () {
        for (const file of files) yield { ...file, path: `${origin}/${file.path}` };
        // One that was read as it stands is no change.
        if (expected === null || !checkpoint.equals(expected)) yield { path, bytes: checkpoint };
      })());
      return commitAndPush(mirror, work, `Publish ${origin}`, async () => (isAsExpected(await mirror.read(path, MAX_CHECKPOINT_BYTES), expected) ? missing(mirror, blobs) : null));
    },
    add: async (files) => {
      const blobs = await storeBlobs(mirror, absent(mirror, files));
      const added = await commitAndPush(mirror, work, 'Hand on who saw what', async () => new Map([...blobs].filter(([one]) => !mirror.index.blobs.has(one))));
      if (!added) throw new AppError('environment', `${address.url}: others kept changing it meanwhile; sync again.`);
    },
    attachments: attachments.calls,
    close: async () => {
      await attachments.close();
      await mirror.close();
    },
  };
}

/** What does not lie at its path there as things stand. */
function missing(mirror: GitMirror, blobs: Written): Written {
  return new Map([...blobs].filter(([path, name]) => mirror.index.blobs.get(path) !== name));
}

function* absent<File extends { readonly path: string }>(mirror: GitMirror, files: Iterable<File>): Generator<File> {
  for (const file of files) if (!mirror.index.blobs.has(file.path)) yield file;
}

function isAsExpected(found: Buffer | null, expected: Buffer | null): boolean {
  return found === null ? expected === null : expected !== null && found.equals(expected);
}

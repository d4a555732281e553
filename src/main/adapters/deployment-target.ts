import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../core/model/errors.ts';
import type { EvidenceLimits } from '../../core/model/evidence.ts';
import { parseChecksums } from '../../core/signing/checksums.ts';
import { listEvidence, type FolderWork } from './evidence-folder.ts';
import { MAX_CHECKSUM_BYTES } from './signed-checksums.ts';
import { readText } from './text-files.ts';

/**
 * What lies on a target, by name with its SHA-256: the lines of a list in coreutils' format, or the files of a folder,
 * hashed here; links are not followed. Errors: `not-found`, `malformed`, `bad-input`, `too-large`.
 */
export async function readTarget(path: string, work: FolderWork & { readonly limits: EvidenceLimits }): Promise<ReadonlyMap<string, string>> {
  const place = resolve(path);
  const there = await stat(place).catch(() => null);
  if (there === null) throw new AppError('not-found', `There is nothing at ${place}.`, { hint: 'Name the list that sha256sum printed on the target, or the folder that holds its files.', details: { path: place } });
  const target = new Map<string, string>();
  const add = (name: string, sha256: string): void => {
    const known = target.get(name);
    if (known !== undefined && known !== sha256) throw new AppError('malformed', `${place} names ${name} twice, with two digests.`, { details: { path: place } });
    target.set(name, sha256);
  };
  if (there.isDirectory()) {
    for (const { file } of await listEvidence(place, work)) {
      if (file.sha256 === null) throw new AppError('bad-input', `${file.path} on the target could not be read: ${file.problem?.message ?? ''}`, { details: { path: place } });
      add(file.path.slice(file.path.lastIndexOf('/') + 1), file.sha256);
    }
    return target;
  }
  const lines = parseChecksums(await readText(place, MAX_CHECKSUM_BYTES));
  if (lines === null) throw new AppError('malformed', `${place} is no list of “sha256  name” lines.`, { hint: 'sha256sum FILE… > LIST writes one on the target.', details: { path: place } });
  for (const { name, sha256 } of lines) add(name.slice(name.lastIndexOf('/') + 1), sha256);
  return target;
}

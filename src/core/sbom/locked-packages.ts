import type { LockedFile } from '../checks/check.ts';
import { plainPurl } from '../evidence/purl.ts';
import { AppError } from '../model/errors.ts';
import { readNpmLock } from './npm-lock.ts';
import { readRequirements } from './requirements.ts';

/** What a lock file of the commit pins, as package URLs; a file that cannot be read says why. */
export function lockedPackages(path: string, text: string): LockedFile {
  try {
    if (/requirements[^/]*\.txt$/.test(path)) {
      const { requirements, skipped } = readRequirements(text, path);
      return { path, packages: requirements.flatMap(({ name, version }) => locked(`pkg:pypi/${name}@${version}`, false)), skipped, problem: null };
    }
    const { packages, skipped } = readNpmLock(text, path);
    return {
      path, skipped, problem: null,
      packages: packages.flatMap(({ name, version, development, optional, bundled }) => locked(`pkg:npm/${name.replace(/^@/, '%40')}@${version}`, development || optional || bundled)),
    };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { path, packages: [], skipped: [], problem: cause.message };
  }
}

function locked(purl: string, optional: boolean): LockedFile['packages'] {
  const plain = plainPurl(purl);
  return plain === null ? [] : [{ purl: plain, optional }];
}

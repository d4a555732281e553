import { resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { LocalKey } from '../../../core/model/local-keys.ts';
import type { LocalKeys } from '../../../core/signing/local-keys.ts';
import { keyFilesIn } from './key-files.ts';

/** Keys of a folder, or of files that are named. OpenPGP.js is loaded when a key is first looked at. */
export function createLocalKeys(folder: string, now: () => Date): LocalKeys {
  const work = (): Promise<typeof import('./key-work.ts')> => import('./key-work.ts');
  const described = async (file: string): Promise<LocalKey> => {
    const [{ held }, { describeKey }] = await Promise.all([work(), import('./read-private-key.ts')]);
    return describeKey(await held(file), file, now()).described;
  };
  const list = async (): Promise<LocalKey[]> => {
    const keys: LocalKey[] = [];
    for (const file of await keyFilesIn(folder)) {
      const key = await described(file).catch((cause: unknown) => {
        // Another file in the folder takes nothing from the keys beside it.
        if (cause instanceof AppError && (cause.code === 'malformed' || cause.code === 'bad-input' || cause.code === 'not-found')) return null;
        throw cause;
      });
      if (key !== null) keys.push(key);
    }
    return keys;
  };
  return {
    list,
    find: async (named) => {
      const print = named.replace(/^0x/i, '').replaceAll(/\s/g, '').toUpperCase();
      if (!/^[0-9A-F]{16,64}$/.test(print)) return described(resolve(named));
      const found = (await list()).filter(({ fingerprint, signing }) => fingerprint.endsWith(print) || signing?.endsWith(print) === true);
      if (found.length > 1) throw new AppError('bad-input', `"${named}" names ${found.length} local keys.`, { hint: 'Name the file.' });
      return found[0] ?? null;
    },
    create: async (wanted) => (await work()).createKey(folder, wanted, now()),
    import: async (from, passphrase, file) => (await work()).importKey(folder, resolve(from), passphrase, file, now()),
    certificate: async (file) => (await (await work()).held(file)).toPublic().write(),
    changePassphrase: async (file, before, after) => (await work()).changePassphrase(file, before, after, now()),
    revoke: async (file, by) => (await work()).revoke(file, by, now()),
    certify: async (file, by) => (await work()).certify(file, by, now()),
    open: async (file, passphrase) => (await import('./open-local-key.ts')).openLocalKey(file, passphrase, now()),
  };
}

import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import { KeptDrill, type PracticePlace } from '../../../core/service/drill-handlers.ts';
import { ensureHome } from '../home-folder.ts';
import { writeText } from '../text-files.ts';
import { makePracticeProduct } from './practice-product.ts';

const FOLDER = 'drills';
/** Names the drill that runs, for every process that uses this data folder. */
const MARKER = 'running';
const FACTS = 'drill.json';
const DRILL_ID = /^drill-\d{8}-\d{6}$/;

/** The folder of practice consoles in a data folder; each is a data folder of its own. */
export function practicePlace(home: string, policies: () => Promise<readonly { readonly digest: string }[]>): PracticePlace {
  const root = join(home, FOLDER);
  const marker = join(root, MARKER);
  const folderOf = (id: string): string => join(root, id);
  const read = async (id: string): Promise<KeptDrill | null> => {
    const text = await readFile(join(folderOf(id), FACTS), 'utf8').catch(() => null);
    if (text === null) return null;
    try {
      return KeptDrill.parse(JSON.parse(text));
    } catch {
      // Somebody changed it: its archive is there all the same, and nothing else rests on it.
      return null;
    }
  };
  return {
    folderOf, joined: join,
    running: async () => {
      const id = (await readFile(marker, 'utf8').catch(() => '')).trim();
      return DRILL_ID.test(id) && (await stat(join(folderOf(id), FACTS)).then(() => true, () => false)) ? id : null;
    },
    list: async () => {
      const names = (await readdir(root).catch(() => [])).filter((name) => DRILL_ID.test(name)).sort().reverse();
      return (await Promise.all(names.map(read))).filter((one) => one !== null);
    },
    make: async (id) => {
      await ensureHome(home);
      await mkdir(root, { recursive: true, mode: 0o700 });
      await mkdir(folderOf(id), { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EEXIST') throw new AppError('already-exists', `The drill ${id} was begun in this very second.`, { hint: 'Try again.' });
        throw new AppError('storage-failed', `${folderOf(id)} cannot be made: ${cause.message}`, { details: { path: folderOf(id) }, cause });
      });
    },
    remove: (id) => rm(folderOf(id), { recursive: true, force: true }),
    keep: async (kept) => {
      const file = join(folderOf(kept.drill.id), FACTS);
      await rm(file, { force: true });
      await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    },
    start: async (id) => {
      // What names a drill that is there no more names none.
      const named = (await readFile(marker, 'utf8').catch(() => '')).trim();
      if (named !== '' && (await read(named)) === null) await rm(marker, { force: true });
      await writeFile(marker, `${id}\n`, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EEXIST') throw new AppError('already-exists', 'Another drill was begun meanwhile.', { hint: 'countersign emergency drill status' });
        throw new AppError('storage-failed', `${marker} cannot be written: ${cause.message}`, { details: { path: marker }, cause });
      });
    },
    end: () => rm(marker, { force: true }),
    write: async (path, text) => {
      await mkdir(dirname(resolve(path)), { recursive: true });
      return { path: (await writeText(resolve(path), text)).path };
    },
    makeProduct: makePracticeProduct,
    policyDigests: async () => (await policies()).map(({ digest }) => digest),
  };
}

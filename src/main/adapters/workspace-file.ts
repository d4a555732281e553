import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../core/model/errors.ts';
import { EMPTY_WORKSPACE, Workspace, type WorkspaceStore } from '../../core/service/workspace.ts';
import { ensureHome } from './home-folder.ts';

const LOCK_PATIENCE = 5_000;
const LOCK_STALE = 30_000;

/** Keeps the workspace as one JSON file in the data folder, replaced whole and under a lock of its own. */
export function workspaceFile(home: string): WorkspaceStore {
  const file = join(home, 'workspace.json');

  const read = async (): Promise<Workspace> => {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw new AppError('storage-failed', `${file} could not be read: ${cause.message}`, { details: { file }, cause });
    });
    if (text === null) return EMPTY_WORKSPACE;
    try {
      return Workspace.parse(JSON.parse(text));
    } catch {
      // It holds conveniences only. What cannot be read is set aside, not overwritten.
      await rename(file, `${file}.unreadable-${Date.now()}`).catch(() => undefined);
      return EMPTY_WORKSPACE;
    }
  };

  return {
    read,
    change: async (change) => {
      await ensureHome(home);
      return underLock(`${file}.lock`, async () => {
        const after = Workspace.parse(change(await read()));
        const draft = `${file}.${randomBytes(6).toString('hex')}`;
        const out = await open(draft, 'wx', 0o600);
        try {
          await out.writeFile(`${JSON.stringify(after, null, 2)}\n`);
          await out.sync();
        } finally {
          await out.close();
        }
        await rename(draft, file);
        return after;
      });
    },
  };
}

async function underLock<Value>(lock: string, work: () => Promise<Value>): Promise<Value> {
  const until = Date.now() + LOCK_PATIENCE;
  for (;;) {
    const held = await open(lock, 'wx', 0o600).catch(() => null);
    if (held !== null) {
      try {
        return await work();
      } finally {
        await held.close();
        await rm(lock, { force: true });
      }
    }
    const age = await stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > LOCK_STALE) await rm(lock, { force: true });
    else if (Date.now() > until) throw new AppError('storage-busy', 'Another console is writing to this data folder.', { hint: 'Try again in a moment.' });
    else await sleep(20);
  }
}

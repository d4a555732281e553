import { appendFileSync, constants, mkdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { AppError } from '../../core/model/errors.ts';
import { makeDurableFolder } from './durable-folder.ts';

/** Where this console keeps its data: `COUNTERSIGN_HOME`, else the platform's folder for application data. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['COUNTERSIGN_HOME'];
  if (given !== undefined && given !== '') return resolve(given);
  if (platform() === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Countersign');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Countersign');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'countersign');
}

/** Makes the folder for its owner only; one that is there already keeps the rights that it was given. Errors: `storage-failed`. */
export async function ensureHome(home: string): Promise<void> {
  try {
    await makeDurableFolder(home);
    await access(home, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AppError('storage-failed', `The data folder ${home} cannot be made or is not yours.`, {
      hint: 'Set COUNTERSIGN_HOME to a folder that you can write to.', details: { home }, cause,
    });
  }
}

/** Logs a bug in the data folder and returns the id under which it stands there. */
export function bugReporter(home: string): (where: string, cause: unknown) => string {
  return (where, cause) => {
    const id = `bug-${randomBytes(4).toString('hex')}`;
    const text = `${new Date().toISOString()} ${id} ${where}\n${inspect(cause, { depth: 4 })}\n\n`;
    try {
      mkdirSync(home, { recursive: true, mode: 0o700 });
      appendFileSync(join(home, 'bugs.log'), text, { mode: 0o600 });
    } catch {
      // The log itself cannot be written: the terminal is the last place that can be told.
      process.stderr.write(text);
    }
    return id;
  };
}


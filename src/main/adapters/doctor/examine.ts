import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, readdir, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DoctorPorts, PrivatePlace } from '../../../core/service/doctor-handlers.ts';

/** Looks at this machine without changing it: no agent, pinentry or archive is started or made. */
export function examiner(home: string, gnupg: () => string): Pick<DoctorPorts, 'agentAnswers' | 'pinentry' | 'places'> {
  return {
    agentAnswers: async () => (await printed('gpg-connect-agent', ['--no-autostart', 'GETINFO version', '/bye']))?.includes('OK') === true,
    pinentry: async () => {
      const program = await configuredPinentry(gnupg()) ?? /^pinentry:[^:]*:(.+)$/m.exec((await printed('gpgconf', ['--list-components'])) ?? '')?.[1]?.trim() ?? null;
      return {
        program, runs: program !== null && (await access(program, constants.X_OK).then(() => true, () => false)),
        hasTerminal: (process.env['GPG_TTY'] ?? '') !== '' || process.stdin.isTTY === true,
        hasDisplay: (process.env['DISPLAY'] ?? '') !== '' || (process.env['WAYLAND_DISPLAY'] ?? '') !== '',
      };
    },
    places: async () => {
      const names = await readdir(home).catch((): string[] => []);
      const logKeys = await Promise.all(names.filter((name) => name.endsWith('.key')).map((name) => placeAt(join(home, name))));
      return { keyringMark: names.includes('log.keyring'), gnupg: await placeAt(gnupg()), home: await placeAt(home), logKeys: logKeys.filter((place) => place !== null), freeBytes: await freeAt(home) };
    },
  };
}

async function configuredPinentry(gnupg: string): Promise<string | null> {
  const text = await readFile(join(gnupg, 'gpg-agent.conf'), 'utf8').catch(() => '');
  return /^\s*pinentry-program\s+(\S.*?)\s*$/m.exec(text)?.[1] ?? null;
}

async function placeAt(path: string): Promise<PrivatePlace | null> {
  const there = await lstat(path).catch(() => null);
  return there === null ? null : { path, mode: there.mode & 0o777, mine: process.getuid === undefined || there.uid === process.getuid() };
}

/** Of the folder, or of the first above it that is there. */
async function freeAt(path: string): Promise<number | null> {
  const found = await statfs(path).catch(() => null);
  if (found !== null) return found.bavail * found.bsize;
  return dirname(path) === path ? null : freeAt(dirname(path));
}

/** Null where it could not be started, or did not answer in time. */
function printed(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 10_000, maxBuffer: 1024 * 1024, env: { ...process.env, LC_ALL: 'C.UTF-8' } }, (failure, stdout) => resolve(failure === null ? stdout : null));
  });
}

import { fileURLToPath, pathToFileURL } from 'node:url';
import { AppError } from '../../../core/model/errors.ts';
import type { Transport } from '../git/run-git.ts';

/** Where a git remote is, and how it is reached. */
export interface GitAddress {
  /** As it is remembered and shown. */
  readonly url: string;
  /** As git is told. */
  readonly remote: string;
  readonly transport: Transport;
}

/** `user@host:path`, as git itself writes it; one letter before the colon is a drive. */
const SHORT = /^([^/\\:@\s]+)@([^/\\:@\s]+):(.+)$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/i;
const USER = /^[a-z0-9_][a-z0-9._-]*$/i;
const SCHEME = /^git\+(?:file|ssh|https):|^ssh:/i;

/** Null where an address is not a git remote's. Errors: `bad-input`. */
export function gitAddress(url: string): GitAddress | null {
  const short = SHORT.exec(url);
  if (!SCHEME.test(url) && short === null) return null;
  if (/[\p{Cc}\s]/u.test(url)) throw refused(url, 'It holds a space or a control character.', 'Write such a character as %20.');
  if (!SCHEME.test(url) && short !== null) {
    const [, user = '', host = '', path = ''] = short;
    if (!USER.test(user) || !HOST.test(host) || path.startsWith('-')) throw refused(url, 'Its user, host or path is none.');
    return { url, remote: url, transport: 'ssh' };
  }
  const inner = url.replace(/^git\+/i, '');
  const parsed = URL.canParse(inner) ? new URL(inner) : null;
  if (parsed === null) throw refused(url, 'It cannot be read.');
  if (parsed.password !== '') {
    throw refused(url.replace(/:[^:@/]*@/, ':…@'), 'A password does not belong into an address: it would lie in settings and histories.', 'Take it out; ssh uses its agent or keys, and https takes it from ~/.netrc.');
  }
  if (parsed.search !== '' || parsed.hash !== '') throw refused(url, 'It ends in a query or a fragment, which no repository has.');
  if (parsed.protocol === 'file:') return { url, remote: fileRemote(url, parsed), transport: 'file' };
  if (!HOST.test(parsed.hostname) || (parsed.username !== '' && !USER.test(parsed.username)) || parsed.pathname.length < 2) throw refused(url, 'Its user, host or path is none.');
  return { url, remote: inner, transport: parsed.protocol === 'ssh:' ? 'ssh' : 'https' };
}

function fileRemote(url: string, parsed: URL): string {
  if (parsed.pathname.length < 2) throw refused(url, 'It names no folder.');
  if (parsed.host !== '' && parsed.host !== 'localhost') throw refused(url, 'It names another machine.');
  try {
    return pathToFileURL(fileURLToPath(parsed)).href;
  } catch {
    throw refused(url, 'It does not name a folder of this machine.');
  }
}

function refused(url: string, why: string, hint = 'Write git+ssh://user@host/path, git+https://host/path, or git+file:///path.'): AppError {
  return new AppError('bad-input', `${url.replaceAll(/\p{Cc}/gu, '?')} is not an address of a git remote. ${why}`, { hint });
}

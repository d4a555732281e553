import type { LogKeyPlace } from '../contract/log-key-calls.ts';
import type { Handlers } from '../contract/serve.ts';

export interface LogKeyPorts {
  /** Errors: `not-found` where there is no key yet, `storage-failed`. */
  readonly logKeyPlace: () => Promise<LogKeyPlace>;
  /** Errors: `environment` (the keyring), `storage-failed`. */
  readonly moveLogKey: (to: LogKeyPlace['where']) => Promise<LogKeyPlace>;
}

/** Where the key of this console's log lies, and moving it. */
export function logKeyHandlers({ logKeyPlace, moveLogKey }: LogKeyPorts): Pick<Handlers, 'archive.key' | 'archive.moveKey'> {
  return { 'archive.key': () => logKeyPlace(), 'archive.moveKey': ({ to }) => moveLogKey(to) };
}

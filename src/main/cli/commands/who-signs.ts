import type { Command } from 'commander';
import { askPassphrase, PASSPHRASE_FD } from '../passphrase.ts';

/** A key in a file has its passphrase asked for; gpg asks for its own. */
export interface WhoSigns {
  readonly key: string;
  readonly localKey?: boolean;
  readonly passphraseFd?: number;
}

/** Who does something: by the key that proves it, or by the name that they give. */
export interface WhoDoes extends Partial<WhoSigns> {
  readonly as?: string;
}

export interface SignedBy {
  readonly key: string;
  readonly passphrase: string | null;
}

/** Beside a `--key` that is not always needed. */
export const LOCAL_KEY = ['--local-key', 'the key lies in a file; its passphrase is asked for'] as const;

/** For what only a person's key does. */
export function withKey(command: Command): Command {
  return command.requiredOption('--key <fingerprint>', 'your key for approvals, as the roster names it').option(...LOCAL_KEY).option(...PASSPHRASE_FD);
}

/** For what is recorded with a key or without. */
export function withDoer(command: Command): Command {
  return command
    .option('--key <fingerprint>', 'your key for approvals, which proves that it was you')
    .option(...LOCAL_KEY).option(...PASSPHRASE_FD)
    .option('--as <name>', 'who you are, which proves nothing');
}

export async function signedBy(options: WhoSigns): Promise<SignedBy> {
  return { key: options.key, passphrase: await passphraseOf(options) };
}

export async function doneBy(options: WhoDoes): Promise<{ readonly key: string | null; readonly passphrase: string | null; readonly as: string | null }> {
  return { key: options.key ?? null, passphrase: await passphraseOf(options), as: options.as ?? null };
}

async function passphraseOf({ key, localKey, passphraseFd }: Partial<WhoSigns>): Promise<string | null> {
  return localKey === true && key !== undefined ? askPassphrase(passphraseFd)(`Passphrase of ${key}`) : null;
}

import { Readable } from 'node:stream';
import type { SigningKey } from '../contract/contract.ts';
import { AppError } from '../model/errors.ts';
import type { LocalKey } from '../model/local-keys.ts';
import type { Secret } from '../model/secret.ts';
import { readKeyring } from '../openpgp/keyring.ts';
import type { LocalKeys } from '../signing/local-keys.ts';
import type { OpenPgp } from '../signing/openpgp.ts';

export interface HeldKeyPorts {
  readonly openpgp: OpenPgp;
  readonly local: LocalKeys;
  readonly now: () => Date;
}

/** A key that somebody named: in a file here, or held by gpg, whose secret may be on a card. */
export type HeldKey = { readonly at: 'file'; readonly key: LocalKey } | { readonly at: 'gpg'; readonly key: SigningKey };

/** Local keys first: they are named by their files too. Errors: `not-found`, `bad-input`. */
export async function heldKey({ openpgp, local }: HeldKeyPorts, named: string): Promise<HeldKey> {
  const inFile = await local.find(named);
  if (inFile !== null) return { at: 'file', key: inFile };
  const print = printOf(named);
  const found = (await gpgKeys(openpgp)).filter(({ fingerprint, signing }) => fingerprint.endsWith(print) || signing?.endsWith(print) === true);
  const [key] = found;
  if (key !== undefined && found.length === 1) return { at: 'gpg', key };
  throw new AppError(found.length === 0 ? 'not-found' : 'bad-input', found.length === 0 ? `There is no secret key ${named}, neither in a file here nor in gpg.` : `"${named}" names ${found.length} keys.`, { hint: 'countersign keys list shows them.', details: { key: named } });
}

/** None where there is no gpg. */
export async function gpgKeys(openpgp: OpenPgp): Promise<SigningKey[]> {
  return (await openpgp.version()).problem === null ? openpgp.keys() : [];
}

/** Only a key that is in a file; for another the exact command of gpg. Error: `key-unusable`. */
export async function localKey(ports: HeldKeyPorts, named: string, command: (fingerprint: string) => string): Promise<LocalKey> {
  const held = await heldKey(ports, named);
  if (held.at === 'file') return held.key;
  const { fingerprint, onCard } = held.key;
  throw new AppError('key-unusable', `The key ${fingerprint} is held by gpg${onCard === null ? '' : `, on card ${onCard}`}, which asks for its PIN or passphrase itself.`, { hint: `Run: ${command(fingerprint)}`, details: { fingerprint } });
}

/** Its certificate alone, as binary packets. */
export async function certificateOf({ openpgp, local }: HeldKeyPorts, held: HeldKey): Promise<Uint8Array> {
  if (held.at === 'file') return local.certificate(held.key.file);
  const keyring = await openpgp.userKeys([held.key.fingerprint]);
  return keyring.excerpt(keyring.candidates([held.key.fingerprint]));
}

/** Its user ids as text. */
export function usersOf(certificate: Uint8Array): string[] {
  return readKeyring(certificate).certificates.flatMap(({ users }) => users.filter(({ attribute }) => !attribute).map(({ id }) => new TextDecoder().decode(id)));
}

/** Signs texts with a key, which is unlocked once. */
export interface TextSigner {
  readonly fingerprint: string;
  readonly sign: (text: string) => Promise<string>;
}

/** Errors: `bad-input` where a passphrase is wanting, and those of the key. */
export async function textSigner({ openpgp, local, now }: HeldKeyPorts, held: HeldKey, passphrase: Secret | null, signal: AbortSignal): Promise<TextSigner> {
  const { fingerprint } = held.key;
  if (held.at === 'gpg') return { fingerprint, sign: (text) => openpgp.sign(held.key, Readable.from([Buffer.from(text)]), signal) };
  if (passphrase === null) throw new AppError('bad-input', `The key ${fingerprint} lies in a file, so its passphrase is needed.`, { details: { fingerprint } });
  const opened = await local.open(held.key.file, () => Promise.resolve(passphrase.reveal()));
  return { fingerprint, sign: (text) => opened.sign(Buffer.from(text), now()) };
}

export function printOf(named: string): string {
  return named.replace(/^0x/i, '').replaceAll(/\s/g, '').toUpperCase();
}

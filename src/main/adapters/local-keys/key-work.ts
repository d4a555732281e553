import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { enums, generateKey, revokeKey, type PrivateKey, type PublicKey } from 'openpgp';
import { AppError } from '../../../core/model/errors.ts';
import type { LocalKey, RevocationCause } from '../../../core/model/local-keys.ts';
import { MIN_PASSPHRASE, type LocalKeys, type NewKey, type WrittenKey } from '../../../core/signing/local-keys.ts';
import { readKeyFile, replaceKeyFile, revocationBeside, writeNewKeyFile } from './key-files.ts';
import { unprotected } from './open-local-key.ts';
import { describeKey, PROTECTION, readPrivateKey, secretsOf, unlock, wipe } from './read-private-key.ts';

const A_DAY_IN_SECONDS = 86_400;

/** Reads a key file of this machine. */
export async function held(path: string): Promise<PrivateKey> {
  return readPrivateKey(await readKeyFile(path), path);
}

/** Makes a key of version 4, which gpg 2.2 reads, with a revocation certificate beside it. */
export async function createKey(folder: string, { name, email, algorithm, days, passphrase, file }: NewKey, now: Date): Promise<WrittenKey> {
  assertStrong(passphrase);
  const made = await generateKey({
    userIDs: { name, email }, passphrase, keyExpirationTime: days * A_DAY_IN_SECONDS, date: now, subkeys: [], format: 'object', config: PROTECTION,
    ...(algorithm === 'ed25519' ? { type: 'ecc', curve: 'ed25519Legacy' } : { type: 'rsa', rsaBits: 4096 }),
  }).catch((cause: unknown) => {
    if (cause instanceof Error && /user id/i.test(cause.message)) throw new AppError('bad-input', `No user id can be made of "${name}" and "${email}".`, { hint: 'Give a name without angle brackets and a plain mail address.' });
    throw cause;
  });
  return writeBoth(fileOf(folder, file, made.privateKey), made.privateKey, made.revocationCertificate, now);
}

/** Takes a key that was exported elsewhere, as it is; its passphrase shows that who brings it may use it. */
export async function importKey(folder: string, from: string, passphrase: string, file: string | null, now: Date): Promise<WrittenKey> {
  const key = await held(from);
  const secrets = secretsOf(key);
  if (secrets.length === 0) throw new AppError('key-unusable', `${from} has no secret part: it is on a card, or elsewhere.`, { hint: 'Sign with it through gpg: countersign sign --key FINGERPRINT', details: { path: from } });
  if (secrets.some((packet) => packet.isDecrypted())) throw unprotected(from);
  const open = await copyOf(key);
  try {
    for (const packet of secretsOf(open)) await unlock(packet, passphrase);
    const target = fileOf(folder, file, key);
    const whole = secretsOf(open).includes(open.keyPacket as (typeof secrets)[number]);
    // Only the primary key can revoke the whole.
    const { privateKey } = whole ? await revokeKey({ key: open, reasonForRevocation: { flag: enums.reasonForRevocation.noReason, string: '' }, date: now, format: 'object', config: PROTECTION }) : { privateKey: null };
    return await writeBoth(target, key, (await privateKey?.getRevocationCertificate(now)) ?? null, now);
  } finally {
    wipe(secretsOf(open));
  }
}

/** Error: `pin-failed`. */
export async function changePassphrase(file: string, before: string, after: string, now: Date): Promise<LocalKey> {
  assertStrong(after);
  const key = await held(file);
  try {
    for (const packet of secretsOf(key)) {
      await unlock(packet, before);
      await packet.encrypt(after, { ...(await import('openpgp')).config, ...PROTECTION });
    }
  } finally {
    wipe(secretsOf(key));
  }
  await replaceKeyFile(file, key.armor());
  return describeKey(key, file, now).described;
}

const CAUSES: Readonly<Record<RevocationCause, enums.reasonForRevocation>> = {
  unspecified: enums.reasonForRevocation.noReason, superseded: enums.reasonForRevocation.keySuperseded,
  compromised: enums.reasonForRevocation.keyCompromised, retired: enums.reasonForRevocation.keyRetired,
};

/** The revocation goes into the key's own file, and so into whatever is exported of it from then on. */
export async function revoke(file: string, by: Parameters<LocalKeys['revoke']>[1], now: Date): Promise<LocalKey> {
  const key = await held(file);
  const revoked = 'certificate' in by ? await revokedBy(key, await readKeyFile(by.certificate), by.certificate, now) : await revokedByItself(key, by, now);
  const updated = await key.update(revoked, now);
  const { described } = describeKey(updated, file, now);
  if (described.unusable !== 'revoked') throw new AppError('verification-failed', `The revocation of ${described.fingerprint} does not hold.`, { hint: 'Check that it is the certificate of this key.', details: { fingerprint: described.fingerprint } });
  await replaceKeyFile(file, updated.armor());
  return described;
}

async function revokedByItself(key: PrivateKey, { passphrase, cause, words }: { readonly passphrase: string; readonly cause: RevocationCause; readonly words: string }, now: Date): Promise<PublicKey> {
  const open = await unlockedPrimary(key, passphrase);
  try {
    const { publicKey } = await revokeKey({ key: open, reasonForRevocation: { flag: CAUSES[cause], string: words }, date: now, format: 'object', config: PROTECTION });
    return publicKey;
  } finally {
    wipe(secretsOf(open));
  }
}

async function revokedBy(key: PrivateKey, certificate: Buffer, path: string, now: Date): Promise<PublicKey> {
  const { publicKey } = await revokeKey({ key: key.toPublic(), revocationCertificate: certificate.toString('utf8'), date: now, format: 'object' }).catch((cause: unknown) => {
    throw new AppError('verification-failed', `${path} is no revocation certificate of the key ${key.getFingerprint().toUpperCase()}.`, { hint: 'Name the one that was made with this key.', details: { path }, cause });
  });
  return publicKey;
}

/** The old key signs the new one's user ids (RFC 9580 §5.2.1.5), so that whoever knows the old one finds the new. */
export async function certify(file: string, by: { readonly file: string; readonly passphrase: string }, now: Date): Promise<void> {
  const [key, old] = [await held(file), await held(by.file)];
  const open = await unlockedPrimary(old, by.passphrase);
  try {
    const certified = await key.toPublic().signAllUsers([open], now);
    await replaceKeyFile(file, (await key.update(certified, now)).armor());
  } finally {
    wipe(secretsOf(open));
  }
}

async function unlockedPrimary(key: PrivateKey, passphrase: string): Promise<PrivateKey> {
  const open = await copyOf(key);
  const primary = secretsOf(open).find((packet) => packet === open.keyPacket);
  if (primary === undefined) throw new AppError('key-unusable', `The primary key ${key.getFingerprint().toUpperCase()} has no secret part in this file.`, { hint: 'Do it where its secret is, or with its revocation certificate.' });
  if (!primary.isDecrypted()) await unlock(primary, passphrase);
  return open;
}

/** Unlocking happens in a copy: what is written back was never unlocked. */
function copyOf(key: PrivateKey): Promise<PrivateKey> {
  return readPrivateKey(Buffer.from(key.write()), key.getFingerprint());
}

async function writeBoth(file: string, key: PrivateKey, revocation: string | null, now: Date): Promise<WrittenKey> {
  const { described } = describeKey(key, file, now);
  const beside = revocationBeside(file);
  if (revocation !== null) await writeNewKeyFile(beside, revocation);
  try {
    await writeNewKeyFile(file, key.armor());
  } catch (cause) {
    if (revocation !== null) await rm(beside, { force: true });
    throw cause;
  }
  return { key: described, revocation: revocation === null ? null : beside };
}

function fileOf(folder: string, file: string | null, key: PrivateKey): string {
  return file === null ? join(folder, `${key.getFingerprint().toUpperCase()}.asc`) : resolve(file);
}

function assertStrong(passphrase: string): void {
  if ([...passphrase].length >= MIN_PASSPHRASE) return;
  throw new AppError('bad-input', `A passphrase has at least ${MIN_PASSPHRASE} characters.`, { hint: 'Six words drawn with dice are easy to keep and hard to guess.' });
}

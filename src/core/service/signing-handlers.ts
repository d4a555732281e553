import type { Handlers } from '../contract/serve.ts';
import type { SigningKey } from '../contract/contract.ts';
import type { CardUse } from '../model/archive.ts';
import type { Card, CardStatus } from '../model/card.ts';
import { AppError } from '../model/errors.ts';
import type { Secret } from '../model/secret.ts';
import { SIGNING_STAGES } from '../model/signing.ts';
import type { Keyring } from '../openpgp/keyring.ts';
import { heldKeys, inTurn, type KeySource, type OpenPgp, type SecondOpinion, type SignatureCheck } from '../signing/openpgp.ts';
import { checkCommands, CHECKSUMS_FILE, sidecarsOf, signingRecord, type SignedArtifact, type UnseenArtifact } from '../signing/sign-release.ts';
import { unusableKey } from '../signing/signing-troubles.ts';
import { judgeVerification, type Expected, type Sidecars } from '../signing/verify-artifact.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';
import { instant } from './release-handlers.ts';

export interface SigningPorts {
  readonly openpgp: OpenPgp;
  readonly archive: () => Promise<ArchivePort>;
  /** Whether this console has an archive yet; looking must not make one. */
  readonly hasArchive: () => Promise<boolean>;
  readonly signIntoFolder: (who: Signing, request: {
    readonly files: readonly string[]; readonly unseen: readonly UnseenArtifact[]; readonly shown: Readonly<Record<string, string>>;
    readonly cover: 'each' | 'manifest'; readonly out: string; readonly replace: boolean;
    readonly signal: AbortSignal; readonly progress: (stage: 'read' | 'key', item: string, bytes: number, total: number) => void;
  }) => Promise<{ readonly key: string; readonly certificate: Uint8Array; readonly folder: string; readonly artifacts: readonly SignedArtifact[]; readonly written: readonly { path: string; sha256: string }[] }>;
  readonly verifyFile: (request: {
    readonly artifact: string; readonly signature: string | null; readonly keys: KeySource; readonly signal: AbortSignal;
    readonly onBytes: (bytes: number) => void;
  }) => Promise<{
    readonly check: SignatureCheck; readonly opinion: SecondOpinion | null; readonly checksum: Sidecars['checksum']; readonly listed: Sidecars['listed']; readonly signature: string | null;
    readonly through: string | null;
  }>;
  /** Errors: `not-found`, `too-large`, `malformed`. */
  readonly readKeyring: (path: string) => Promise<Keyring>;
  /** The release keys of the roster in force; null where there is none. */
  readonly releaseKeyring: () => Promise<Keyring | null>;
  readonly readCard: () => Promise<CardStatus>;
  /** Certificates that signed a release are kept for good. */
  readonly certificates: { readonly keep: (certificates: Uint8Array) => Promise<void>; readonly keys: KeySource };
  /** Who withdrew what a file is of, by the list beside it or by the archive here; null where nobody did. */
  readonly withdrawn: (artifact: string, sha256: string, keys: KeySource, signal: AbortSignal) => Promise<string | null>;
  readonly hash: (path: string) => Promise<string>;
  readonly sizeOf: (path: string) => Promise<number | null>;
  readonly baseName: (path: string) => string;
  readonly now: () => Date;
}

/** Who signs: a key that gpg holds, or a local key's file with its passphrase. */
export type Signing = { readonly gpg: SigningKey } | { readonly local: { readonly file: string; readonly passphrase: Secret } };

/** The signature counter of the card that holds a key; null where no card does, or it is not the one in the reader. */
async function counterOf({ readCard }: SigningPorts, who: Signing): Promise<Card | null> {
  if (!('gpg' in who) || who.gpg.onCard === null) return null;
  const { card } = await readCard();
  return card?.id === who.gpg.onCard ? card : null;
}

function cardUse(before: Card, after: Card | null): CardUse | null {
  return after === null ? null : { id: before.id, signatures_before: before.signatures, signatures_after: after.signatures };
}

/** How many signing records are looked through for one artifact. */
const RECORDS_SEARCHED = 1_000;

/** Keys, signing and verification. */
export function signingHandlers(ports: SigningPorts): Pick<Handlers, 'signing.sign' | 'signing.verify'> {
  return {
    'signing.sign': async ({ key: wanted, local, files, out, release, replace, cover = 'each', unseen = [], shown = {} }, { signal, progress }) => {
      const who: Signing = local === undefined ? { gpg: chooseKey(await ports.openpgp.keys(), wanted ?? '') } : { local };
      // The archive is opened first: what is signed here is recorded, or it is not signed here.
      const archive = await ports.archive();
      const before = await counterOf(ports, who);
      const signed = await ports.signIntoFolder(who, {
        files, unseen, shown, cover, out, replace, signal,
        progress: (stage, item, done, total) => progress({ label: SIGNING_STAGES[stage], item, done, total, unit: 'bytes' }),
      });
      await ports.certificates.keep(signed.certificate);
      const signatureNames = new Set([`${CHECKSUMS_FILE}.asc`, ...signed.artifacts.map(({ name }) => sidecarsOf(name).signature)]);
      const signatures = Object.fromEntries(
        signed.written.map(({ path, sha256 }) => [ports.baseName(path), sha256] as const).filter(([name]) => signatureNames.has(name)),
      );
      const checksums = signed.written.find(({ path }) => ports.baseName(path) === CHECKSUMS_FILE)?.sha256 ?? '';
      const [recorded] = await archive.appendRecords([
        signingRecord({ artifacts: signed.artifacts, unseen, card: before === null ? null : cardUse(before, await counterOf(ports, who)), signatures, checksums, key: signed.key, at: instant(ports.now()), release }),
      ]);
      return {
        key: signed.key,
        artifacts: signed.artifacts.map(({ name, sha256, size }) => ({ name, sha256, size })),
        written: [...signed.written],
        record: recorded?.id ?? '',
        commands: checkCommands(signed.artifacts, unseen, signed.folder),
      };
    },
    'signing.verify': async ({ artifact, signature, keyring, signers, atLeast }, { signal, progress }) => {
      const { keys, expected } = await whoseKeys(ports, { keyring, signers });
      const total = await ports.sizeOf(artifact);
      let done = 0;
      const onBytes = (bytes: number): void => {
        done += bytes;
        progress({ label: 'Verifying', item: ports.baseName(artifact), done, total, unit: 'bytes' });
      };
      const read = await ports.verifyFile({ artifact, signature, keys, signal, onBytes });
      const recorded = read.signature === null || read.through !== null ? null : await recordedState(ports, read.check.sha256, read.signature);
      if (recorded === 'matches') await ports.certificates.keep(read.check.certificates);
      const withdrawn = await ports.withdrawn(artifact, read.check.sha256, keys, signal);
      const verification = judgeVerification(read.check, { checksum: read.checksum, listed: read.listed, recorded, withdrawn }, { signers: expected, atLeast: atLeast ?? 1 }, read.opinion);
      if (read.signature === null) {
        verification.problems.push({ code: 'no-signature', message: `There is no ${ports.baseName(artifact)}.asc beside it.` });
      }
      if (read.through === null) return { ...verification, through: null };
      // A signed list covers these bytes only where it gives their digest.
      const covers = read.listed === read.check.sha256;
      return { ...verification, through: ports.baseName(read.through), covered_bytes_sha256: covers ? verification.covered_bytes_sha256 : null };
    },
  };
}

/**
 * Where the certificates are looked for, and whose signatures are wanted (FORMATS §8): the keys that the caller named,
 * or everybody's of the keyring that they gave; with neither, the release keys of the roster in force.
 */
export async function whoseKeys(
  ports: Pick<SigningPorts, 'readKeyring' | 'releaseKeyring' | 'openpgp' | 'certificates'>, { keyring, signers }: { readonly keyring: string | null; readonly signers: readonly string[] },
): Promise<{ readonly keys: KeySource; readonly expected: Expected['signers'] }> {
  if (keyring !== null) return { keys: heldKeys(await ports.readKeyring(keyring)), expected: signers.length > 0 ? new Set(signers) : 'keyring' };
  const roster = await ports.releaseKeyring();
  const rostered = roster?.certificates.map(({ primary }) => primary.fingerprint) ?? [];
  const keys = inTurn(...(roster === null ? [] : [heldKeys(roster)]), ports.openpgp.userKeys, ports.certificates.keys);
  return { keys, expected: new Set(signers.length > 0 ? signers : rostered) };
}

/**
 * Compares the signature file with what the archive recorded when these very bytes were signed: armor and unhashed
 * areas carry no meaning for OpenPGP, but a recorded release names its signature files by digest.
 */
async function recordedState(ports: SigningPorts, artifact: string, signature: string): Promise<Sidecars['recorded']> {
  if (!(await ports.hasArchive())) return null;
  const archive = await ports.archive();
  const records = await recordsOf(archive, { event_type: 'signing', release: null, limit: RECORDS_SEARCHED });
  const known = records.flatMap(({ record }) => signaturesFor(record, artifact));
  if (known.length === 0) return null;
  return known.includes(await ports.hash(signature)) ? 'matches' : 'differs';
}

function signaturesFor(record: Record<string, unknown>, artifact: string): string[] {
  const signatures = digestsIn(record, 'signatures_sha256');
  const signed = { ...digestsIn(record, 'release_artifacts_sha256'), ...digestsIn(record, 'checksums_sha256') };
  return Object.entries(signed).flatMap(([name, sha256]) => {
    const signature = sha256 === artifact ? signatures[sidecarsOf(name).signature] : undefined;
    return signature === undefined ? [] : [signature];
  });
}

function digestsIn(record: Record<string, unknown>, field: string): Record<string, string> {
  const digests = record[field];
  if (typeof digests !== 'object' || digests === null) return {};
  return Object.fromEntries(Object.entries(digests).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** Finds a key by its fingerprint or the end of it; a name is never enough. */
export function chooseKey(keys: readonly SigningKey[], wanted: string): SigningKey {
  const print = wanted.replace(/^0x/i, '').replaceAll(' ', '').toUpperCase();
  if (!/^[0-9A-F]{16,64}$/.test(print)) {
    throw new AppError('bad-input', `"${wanted}" is not a fingerprint.`, { hint: 'Name the key by its fingerprint; gpg --list-secret-keys shows it.' });
  }
  const found = keys.filter(({ fingerprint, signing }) => fingerprint.endsWith(print) || signing?.endsWith(print) === true);
  const [key] = found;
  if (key === undefined) {
    throw new AppError('key-unusable', `gpg has no secret key ${print}.`, { hint: 'gpg --list-secret-keys shows which it has; for a card, insert it first.', details: { key: print } });
  }
  if (found.length > 1) throw new AppError('bad-input', `"${wanted}" names ${found.length} keys.`, { hint: 'Give the whole fingerprint.' });
  if (key.unusable !== null) throw unusableKey(key.fingerprint, key.unusable);
  return key;
}

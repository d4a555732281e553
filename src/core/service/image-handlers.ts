import type { SigningKey } from '../contract/contract.ts';
import type { ImageVerification } from '../contract/image-calls.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import { candidatesFor, SignaturesCheck } from '../openpgp/signature-check.ts';
import type { SignedMessage } from '../openpgp/signed-message.ts';
import type { RevokedKeys } from '../roster/revocations.ts';
import { readImage, type CheckedImage, type ImageChoice, type ImageFiles } from '../signing/image-layout.ts';
import { readPayload, readReference, writePayload, type ImageClaim, type ImageReference } from '../signing/image-payload.ts';
import type { KeySource, SignatureCheck } from '../signing/openpgp.ts';
import { quoted } from '../signing/sign-release.ts';
import { heldAgainst } from '../signing/revoked-by-administrators.ts';
import { judgeVerification } from '../signing/verify-artifact.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { instant } from './release-handlers.ts';
import { chooseKey, whoseKeys, type SigningPorts } from './signing-handlers.ts';

export interface ImagePorts extends Pick<SigningPorts, 'openpgp' | 'archive' | 'readKeyring' | 'releaseKeyring' | 'certificates' | 'now' | 'baseName'> {
  readonly openImage: (path: string, work: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void }) => Promise<ImageFiles>;
  /** A signed message that carries its data. Errors: those of `OpenPgp.sign`. */
  readonly signMessage: (key: SigningKey, data: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Throws `OpenPgpFault`. */
  readonly messageOf: (bytes: Uint8Array) => SignedMessage;
  readonly readSignature: (path: string) => Promise<{ readonly message: SignedMessage; readonly unreadable: null } | { readonly message: null; readonly unreadable: string }>;
  readonly writeSignature: (out: string, image: { readonly repository: string; readonly digest: string; readonly manifest: Uint8Array; readonly signature: Uint8Array }) => Promise<Record<'signature' | 'manifest', { path: string; sha256: string }>>;
  /** Those that administrators revoked. */
  readonly revokedKeys: () => Promise<RevokedKeys>;
  readonly version: string;
}

/** Container images (policy §6.2.3, erratum): "atomic container signatures" over a manifest's digest and the image's name. */
export function imageHandlers(ports: ImagePorts): Pick<Handlers, 'image.sign' | 'image.verify'> {
  return {
    'image.sign': async ({ image: path, platform, digest, reference: named, key: wanted, out, release }, context) => {
      const reference = readReference(named);
      const key = chooseKey(await ports.openpgp.keys(), wanted);
      // The archive is opened first: what is signed here is recorded, or it is not signed here.
      const archive = await ports.archive();
      const image = await read(ports, path, { platform, digest }, context);
      if (reference.digest !== null && reference.digest !== image.digest) throw differs(reference, image);
      const at = ports.now();
      const claim: ImageClaim = { digest: image.digest, reference: reference.full, creator: `countersign ${ports.version}`, timestamp: Math.floor(at.getTime() / 1000) };
      const signature = await ports.signMessage(key, writePayload(claim), context.signal);
      await ports.certificates.keep(await assertGood(ports, signature, claim));
      const written = await ports.writeSignature(out, { repository: reference.repository, digest: image.digest, manifest: image.manifest, signature });
      const signing = key.signing ?? key.fingerprint;
      const [recorded] = await archive.appendRecords([{
        event_type: 'signing', release_version: release?.version ?? null, release_commit: release?.commit ?? null, signed_at: instant(at), key_fingerprint: key.fingerprint,
        release_artifacts: [reference.full], release_artifacts_sha256: { [reference.full]: image.digest.slice('sha256:'.length) }, checksums_sha256: {},
        signatures_sha256: { [ports.baseName(written.signature.path)]: written.signature.sha256 },
        container_image: { reference: reference.full, digest: image.digest, media_type: image.mediaType, platform: image.platform },
      }]);
      return {
        key: key.fingerprint, signing, reference: reference.full, digest: image.digest, mediaType: image.mediaType, platform: image.platform, blobs: image.blobs, bytes: image.bytes,
        written: [written.signature, written.manifest], record: recorded?.id ?? '',
        commands: [`skopeo standalone-verify ${quoted(written.manifest.path)} ${quoted(reference.full)} ${signing} ${quoted(written.signature.path)}`],
      };
    },
    'image.verify': async ({ image: path, platform, digest, signature, reference: named, keyring, signers }, context) => {
      const reference = readReference(named);
      const { keys, expected } = await whoseKeys(ports, { keyring, signers });
      const image = await read(ports, path, { platform, digest }, context);
      const { message, unreadable } = await ports.readSignature(signature);
      const judged = message === null ? { signatures: [], unreadable, sha256: '', certificates: new Uint8Array(0) } : await checkMessage(message, keys, ports.now());
      const check = { ...judged, signatures: heldAgainst(await ports.revokedKeys(), judged.signatures) };
      const verification = judgeVerification(check, { checksum: 'absent', listed: 'absent', recorded: null }, { signers: expected, atLeast: 1 }, null);
      const claimed = message === null ? null : readPayload(message.data);
      const problems = message === null ? [] : claimProblems(claimed, reference, image);
      return {
        ...verification,
        verdict: problems.length > 0 || message === null ? 'bad' : verification.verdict,
        covered_bytes_sha256: problems.length === 0 && verification.covered_bytes_sha256 !== null ? image.digest.slice('sha256:'.length) : null,
        problems: [...verification.problems, ...problems],
        digest: image.digest, platform: image.platform, reference: reference.full, claimed,
      };
    },
  };
}

async function read(ports: ImagePorts, path: string, choice: ImageChoice, { signal, progress }: CallContext): Promise<CheckedImage> {
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    progress({ label: 'Reading the image', item: ports.baseName(path), done, total: null, unit: 'bytes' });
  };
  return readImage(await ports.openImage(path, { signal, onBytes }), choice);
}

async function checkMessage({ data, file }: SignedMessage, keys: KeySource, at: Date): Promise<SignatureCheck> {
  const keyring = await keys(file.signatures.flatMap((one) => ('issuers' in one ? one.issuers : [])));
  const check = new SignaturesCheck(file, keyring);
  check.update(data);
  return { signatures: check.finish().judge(Math.floor(at.getTime() / 1000)), unreadable: file.unreadable, sha256: sha256Of(data), certificates: keyring.excerpt(candidatesFor(file, keyring)) };
}

/** What gpg gave is read again before it is written, by the rules of whoever verifies it; gives the certificate. */
async function assertGood(ports: ImagePorts, signature: Uint8Array, claim: ImageClaim): Promise<Uint8Array> {
  const message = ports.messageOf(signature);
  const { signatures, certificates } = await checkMessage(message, ports.openpgp.userKeys, ports.now());
  const claimed = readPayload(message.data);
  if (claimed?.digest === claim.digest && claimed.reference === claim.reference && signatures.some(({ when_made }) => when_made === 'good')) return certificates;
  throw new AppError('gpg-failed', `What gpg made does not verify: ${signatures[0]?.why ?? 'it is not over what it was given'}.`, { hint: 'Nothing was written.' });
}

/** Only what is signed speaks: the manifest that it names must be this one, and its name the one that is asked for. */
function claimProblems(claimed: ImageClaim | null, reference: ImageReference, image: CheckedImage): ImageVerification['problems'] {
  if (claimed === null) return [{ code: 'payload-malformed', message: 'What is signed is no container signature.' }];
  const problems: ImageVerification['problems'] = [];
  if (claimed.digest !== image.digest) problems.push({ code: 'digest-differs', message: `The signature is over the manifest ${claimed.digest}, and this image has ${image.digest}.` });
  if (fullName(claimed.reference) !== reference.full) problems.push({ code: 'reference-differs', message: `The signature is for ${claimed.reference}, and not for ${reference.full}.` });
  if (reference.digest !== null && reference.digest !== image.digest) problems.push({ code: 'digest-differs', message: `${reference.full} names another manifest than this image has, ${image.digest}.` });
  return problems;
}

function fullName(reference: string): string | null {
  try {
    return readReference(reference).full;
  } catch {
    return null;
  }
}

function differs(reference: ImageReference, image: CheckedImage): AppError {
  return new AppError('bad-input', `${reference.full} names another manifest than this image has, ${image.digest}.`, { hint: 'Sign it by its tag, or by its own digest.', details: { reference: reference.full, digest: image.digest } });
}

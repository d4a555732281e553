import type { SigningPorts } from '../../core/service/signing-handlers.ts';
import type { OpenPgp } from '../../core/signing/openpgp.ts';
import type { Hasher } from './hashing.ts';
import { signIntoFolder, type SignRequest } from './release-folder.ts';
import { gpgSigner, localSigner } from './sign-files.ts';

type Who = Parameters<SigningPorts['signIntoFolder']>[0];

/** Signs into a release folder as whoever was named, and gives the certificate that checks it. */
export async function signAs(who: Who, request: SignRequest, { openpgp, hasher, now }: { readonly openpgp: OpenPgp; readonly hasher: Hasher; readonly now: () => Date }): ReturnType<SigningPorts['signIntoFolder']> {
  const hash = (path: string, { copyTo, ...options }: Parameters<ReturnType<typeof gpgSigner>['signFile']>[1]): ReturnType<Hasher['read']> => hasher.read(path, { copyTo }, options);
  if ('gpg' in who) {
    const { fingerprint } = who.gpg;
    const signed = await signIntoFolder(gpgSigner(openpgp, hasher, who.gpg), hash, request);
    const keyring = await openpgp.userKeys([fingerprint]);
    return { ...signed, key: fingerprint, certificate: keyring.excerpt(keyring.candidates([fingerprint])) };
  }
  // OpenPGP.js is loaded only where a local key signs.
  const { openLocalKey } = await import('./local-keys/open-local-key.ts');
  const { file, passphrase } = who.local;
  const opened = await openLocalKey(file, () => Promise.resolve(passphrase.reveal()), now());
  const signed = await signIntoFolder(localSigner(opened, hasher, now), hash, request);
  return { ...signed, key: opened.described.fingerprint, certificate: opened.certificate };
}

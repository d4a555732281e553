import type { JudgedSignature } from './judge-signature.ts';
import type { Keyring } from './keyring.ts';
import { SignaturesCheck, type CheckedSignatures } from './signature-check.ts';
import { readSignatureFile } from './signature-file.ts';

/** Checks detached signatures over bytes that are held; none where the signature cannot be read. */
export function checkHeld(signature: Uint8Array | string, data: Uint8Array, keyring: Keyring): CheckedSignatures {
  const check = new SignaturesCheck(readSignatureFile(typeof signature === 'string' ? Buffer.from(signature, 'utf8') : signature), keyring);
  check.update(data);
  return check.finish();
}

/** The same, judged at once. */
export function verifyHeld(signature: Uint8Array | string, data: Uint8Array, keyring: Keyring, at: Date): JudgedSignature[] {
  return checkHeld(signature, data, keyring).judge(Math.floor(at.getTime() / 1000));
}

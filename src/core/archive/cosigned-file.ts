import { AppError } from '../model/errors.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readCosignatures, type Cosignature, type CosignerKey } from './cosignature.ts';
import type { LogFile } from './log-files.ts';
import type { VerifierKey } from './note.ts';

/**
 * Beside a log's tiles, each cosigned checkpoint lies in a file of its own that never changes: its witness cannot write to
 * the owner's checkpoint, which moves on, and when somebody saw an entry is told by the first of them.
 */
const COSIGNED = /^cosigned\/(0|[1-9]\d{0,15})\.([0-9a-f]{8})$/;

/** A checkpoint with the signature of its log and one cosignature, as it is kept and handed on. */
export interface CosignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly cosignature: Cosignature;
  /** Of the witness key, hexadecimal. */
  readonly keyId: string;
  /** The signed note, verbatim. */
  readonly note: Buffer;
}

/** Size and key that a path names; null where it is not such a file's. */
export function cosignedName(path: string): { readonly size: number; readonly keyId: string } | null {
  const [, size, keyId] = COSIGNED.exec(path) ?? [];
  return size === undefined || keyId === undefined ? null : { size: Number(size), keyId };
}

export function cosignedFile(origin: string, { checkpoint, keyId, note }: Pick<CosignedCheckpoint, 'checkpoint' | 'keyId' | 'note'>): LogFile {
  return { path: `${origin}/cosigned/${checkpoint.size}.${keyId}`, bytes: note };
}

/**
 * Reads such a file: signed by the log, of the size in its name, and cosigned by the witness in its name; null where that
 * is nobody who is known. Errors: `malformed`, `verification-failed`.
 */
export function readCosignedFile(bytes: Uint8Array, path: string, log: VerifierKey, witnesses: readonly CosignerKey[]): { readonly checkpoint: Checkpoint; readonly cosigned: CosignedCheckpoint | null } {
  const name = cosignedName(path);
  const checkpoint = openCheckpoint(bytes, log);
  if (name?.size !== checkpoint.size) throw new AppError('malformed', `It is of ${checkpoint.size} entries, and its name says another number.`);
  const witness = witnesses.find(({ keyId }) => keyId.toString('hex') === name.keyId);
  if (witness === undefined) return { checkpoint, cosigned: null };
  const [cosignature] = readCosignatures(bytes, [witness]);
  if (cosignature === undefined) throw new AppError('malformed', `It has no cosignature of ${witness.name}, whose key its name says.`);
  return { checkpoint, cosigned: { checkpoint, cosignature, keyId: name.keyId, note: Buffer.from(bytes) } };
}

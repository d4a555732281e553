import { armoredBlocks } from '../openpgp/armor.ts';
import { joined } from '../openpgp/octets.ts';
import { writeArmor } from '../openpgp/write-armor.ts';
import type { TouchedRelease } from '../model/key-records.ts';

interface KeyNamed {
  readonly fingerprint: string;
  readonly users: readonly string[];
}

/** What people are told when one key takes another's place, in words that both keys sign, or the new one alone. */
export function transitionStatement(
  { old, next, at, kind, since, reason, decidedBy }: {
    readonly old: KeyNamed; readonly next: KeyNamed; readonly at: string; readonly kind: 'planned' | 'lost' | 'stolen';
    readonly since: string | null; readonly reason: string; readonly decidedBy: readonly string[];
  },
): string {
  return [
    'Key transition', '',
    `At ${at} the key`, '', ...shown(old), '', 'is replaced by the key', '', ...shown(next), '',
    ...(since === null ? ['Both keys sign this text.'] : [`The old key is ${kind}. It was last surely in the right hands at ${since};`, 'signatures that are not surely older are not to be relied on. The new key alone signs this text.']), '',
    `Reason: ${oneLine(reason)}`, `Decided by: ${decidedBy.map(oneLine).join(', ')}`, '',
  ].join('\n');
}

function shown({ fingerprint, users }: KeyNamed): string[] {
  return [`  ${fingerprint}`, ...users.map((user) => `  ${oneLine(user)}`)];
}

/** Nothing that is quoted can look like another line of the statement. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** Detached signatures of one text in one armored block: gpg reads only the first of several blocks. */
export function togetherSigned(signatures: readonly string[]): string {
  return writeArmor('SIGNATURE', joined(...signatures.flatMap((signature) => armoredBlocks(signature, ['SIGNATURE']).blocks.map(({ bytes }) => bytes))));
}

/** A signing of the archive, with when it was written down. */
export interface RecordedSigning {
  readonly id: string;
  readonly release: string | null;
  readonly signedAt: string;
  readonly recordedAt: string;
  readonly imported: boolean;
}

/**
 * What each release is worth that a lost or stolen key signed (FORMATS §4): only what was signed and written down before
 * the key was out of the right hands stands; an imported record's times are somebody's word.
 */
export function touchedReleases(signings: readonly RecordedSigning[], since: string): TouchedRelease[] {
  const limit = Date.parse(since);
  return signings.map(({ id, release, signedAt, recordedAt, imported }) => ({
    record: id, release_version: release, signed_at: signedAt,
    state: !imported && Date.parse(signedAt) < limit && Date.parse(recordedAt) < limit ? 'stands' : 'undetermined',
  }));
}

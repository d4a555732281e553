import { z } from 'zod';
import { Fingerprint, UtcTime } from './primitives.ts';

/** When a key is to be rotated: policy §5.1.2 has it done at least once a year. */
export const RotationDue = z.strictObject({
  /** A year after the key or subkey that signs was made, or its expiry where that comes sooner. */
  due: UtcTime,
  /** Whole days that are left; less than zero where it is overdue. */
  daysLeft: z.number().int(),
  state: z.enum(['later', 'soon', 'overdue']),
});
export type RotationDue = z.infer<typeof RotationDue>;

/** A key that lies in a file here, protected by a passphrase. */
export const LocalKey = z.strictObject({
  fingerprint: Fingerprint,
  /** The key or subkey that would sign; null where none may. */
  signing: Fingerprint.nullable(),
  users: z.array(z.string()),
  algorithm: z.string(),
  created: UtcTime,
  expires: UtcTime.nullable(),
  file: z.string(),
  /** Why it cannot sign; null when it can. */
  unusable: z.enum(['expired', 'revoked', 'cannot-sign', 'secret-missing']).nullable(),
  rotation: RotationDue,
});
export type LocalKey = z.infer<typeof LocalKey>;

/** Why a key is revoked (RFC 9580 §5.2.3.31). */
export const RevocationCause = z.enum(['unspecified', 'superseded', 'compromised', 'retired']);
export type RevocationCause = z.infer<typeof RevocationCause>;

const WARNING_DAYS = 60;
const A_DAY = 86_400_000;

/** Policy §5.1.2; warned of sixty days ahead. */
export function rotationDue(created: string, expires: string | null, now: Date): RotationDue {
  const year = new Date(created);
  year.setUTCFullYear(year.getUTCFullYear() + 1);
  const at = expires === null ? year.getTime() : Math.min(year.getTime(), Date.parse(expires));
  const daysLeft = Math.floor((at - now.getTime()) / A_DAY);
  return { due: new Date(at).toISOString().replace('.000Z', 'Z'), daysLeft, state: at <= now.getTime() ? 'overdue' : daysLeft < WARNING_DAYS ? 'soon' : 'later' };
}

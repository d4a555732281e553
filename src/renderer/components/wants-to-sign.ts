import type { Seat } from '../frame/seat-store.ts';

/** What whoever sits here still has to do before they can sign, where `useSigner` has no signer. */
export function wantsToSign(seat: Seat | null): string {
  if (seat === null) return 'Nobody sits here who could sign.';
  if (!seat.use.includes('approve')) return 'The key of whoever sits here gives no word here.';
  return 'Type the passphrase of your key first.';
}

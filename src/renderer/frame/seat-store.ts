import { create } from 'zustand';
import type { AppError } from '../../core/model/errors.ts';
import { client, shownError } from '../core-client.ts';

/** Who sits here, as their key and the roster in force tell. */
export interface Seat {
  /** What acts name: a fingerprint, or a file. */
  readonly key: string;
  readonly fingerprint: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly roles: readonly string[];
  /** The key lies in a file, so that its passphrase is asked here; gpg asks for its own. */
  readonly inFile: boolean;
}

interface SeatState {
  readonly seat: Seat | null;
  readonly error: AppError | null;
}

export const useSeat = create<SeatState>(() => ({ seat: null, error: null }));

/** Looks which of the keys here the roster in force names for approvals. */
export async function readSeat(): Promise<void> {
  try {
    const [{ keys, local }, { held }] = await Promise.all([client.call('keys.list', {}), client.call('roster.read', {})]);
    const here = [...keys.filter(({ unusable }) => unusable === null).map(({ fingerprint }) => ({ fingerprint, key: fingerprint, inFile: false })), ...local.filter(({ unusable }) => unusable === null).map(({ fingerprint, file }) => ({ fingerprint, key: file, inFile: true }))];
    const seats = here.flatMap(({ fingerprint, key, inFile }) =>
      (held?.people ?? []).filter(({ keys: theirs }) => theirs.some((one) => one.fingerprint === fingerprint && one.use.includes('approve'))).map(({ id, name, roles }): Seat => ({ key, fingerprint, person: { id, name }, roles, inFile })));
    useSeat.setState({ seat: seats[0] ?? null, error: null });
  } catch (cause) {
    useSeat.setState({ error: shownError(cause) });
  }
}

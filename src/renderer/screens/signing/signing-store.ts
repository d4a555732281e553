import { create } from 'zustand';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { Verification } from '../../../core/model/verification.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { outdateRelease } from '../release/release-store.ts';

export type Signed = Output<'signing.sign'>;

/** What became of verifying one file that was signed. */
export type Checked = { readonly state: 'going' } | { readonly state: 'done'; readonly verification: Verification } | { readonly state: 'failed'; readonly error: AppError };

/** One signing room. */
export interface Room {
  readonly keyPrint: string | null;
  readonly out: string | null;
  readonly replace: boolean;
  readonly cover: 'each' | 'manifest';
  /** Digests that came by a second route, as they were typed. */
  readonly secondRoute: string;
  /** Artifacts that are here only as digests. */
  readonly unseen: readonly { readonly name: string; readonly sha256: string }[];
  readonly signing: boolean;
  readonly error: AppError | null;
  readonly signed: Signed | null;
  readonly checked: Readonly<Record<string, Checked>>;
}

const EMPTY_ROOM: Room = { keyPrint: null, out: null, replace: false, cover: 'each', secondRoute: '', unseen: [], signing: false, error: null, signed: null, checked: {} };

/** A key that can be chosen here: gpg's, or one in a file, which asks for its passphrase in this window. */
export type RoomKey = SigningKey & { readonly file: string | null };

interface SigningState {
  readonly keys: readonly RoomKey[] | null;
  readonly keysProblem: string | null;
  readonly keysError: AppError | null;
  /** null until the reader was asked. */
  readonly card: Output<'cards.status'> | null;
  /** What was last recorded of the card that is in it. */
  readonly counter: Output<'cards.counter'>['last'];
  readonly rooms: Readonly<Record<string, Room>>;
}

export const useSigning = create<SigningState>(() => ({ keys: null, keysProblem: null, keysError: null, card: null, counter: null, rooms: {} }));

whenAnotherSits(() => useSigning.setState(({ rooms }) => ({ rooms: Object.fromEntries(Object.entries(rooms).filter(([, { signing }]) => signing)) })));

export function useRoom(id: string): Room {
  return useSigning(({ rooms }) => rooms[id] ?? EMPTY_ROOM);
}

export function changeRoom(id: string, change: Partial<Room>): void {
  useSigning.setState(({ rooms }) => ({ rooms: { ...rooms, [id]: { ...(rooms[id] ?? EMPTY_ROOM), ...change } } }));
}

export async function readKeys(): Promise<void> {
  try {
    const { keys: held, local, problem } = await client.call('keys.list', {});
    const keys: RoomKey[] = [...held.map((key) => ({ ...key, file: null })), ...local.map(({ rotation: _rotation, ...key }) => ({ ...key, onCard: null }))];
    useSigning.setState({ keys, keysProblem: problem, keysError: null });
    if (keys.some(({ onCard }) => onCard !== null)) await readCard();
  } catch (cause) {
    useSigning.setState({ keysError: shownError(cause) });
  }
}

/** Asks the reader which card is in it, and the archive what it last recorded of that card. */
export async function readCard(): Promise<void> {
  try {
    const card = await client.call('cards.status', {});
    const { last } = card.card === null ? { last: null } : await client.call('cards.counter', { card: card.card.id });
    useSigning.setState({ card, counter: last });
  } catch (cause) {
    useSigning.setState({ keysError: shownError(cause) });
  }
}

/** The same key may lie in a file and in gpg: the file is the name of the one, the fingerprint of the other. */
export function nameOfKey({ file, fingerprint }: RoomKey): string {
  return file ?? fingerprint;
}

/** The one key that can sign is chosen at once; among several, a person chooses. */
export function chosenKey(keys: readonly RoomKey[] | null, { keyPrint }: Room): RoomKey | null {
  const usable = (keys ?? []).filter(({ unusable }) => unusable === null);
  return usable.find((key) => nameOfKey(key) === keyPrint) ?? (usable.length === 1 ? usable[0] ?? null : null);
}

export interface SigningRequest {
  readonly key: RoomKey;
  /** Of a local key; it is held no longer than the call. */
  readonly passphrase: string;
  readonly files: readonly { readonly name: string; readonly location: string; readonly sha256: string }[];
  readonly out: string;
  readonly version: string;
  readonly commit: string;
}

/** Signs, then verifies each file that was signed as anybody else would. */
export async function signFiles(id: string, { key, passphrase, files, out, version, commit }: SigningRequest): Promise<void> {
  changeRoom(id, { signing: true, error: null, signed: null, checked: {} });
  try {
    const room = useSigning.getState().rooms[id] ?? EMPTY_ROOM;
    const signed = await runTask(
      'signing.sign',
      {
        ...(key.file === null ? { key: key.fingerprint } : { local: { file: key.file, passphrase } }), files: files.map(({ location }) => location), out, release: { version, commit }, replace: room.replace, cover: room.cover, unseen: [...room.unseen],
        // What the room shows is what is signed.
        shown: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
      },
      { label: `Signing ${counted(files.length, 'file')} of ${version}`, address: addressOf.sign(id), done: ({ artifacts }) => `${counted(artifacts.length, 'file')} of ${version} signed.` },
    );
    changeRoom(id, { signed, signing: false });
    outdateRelease(id);
    await verifyAll(id, signed, out);
  } catch (cause) {
    changeRoom(id, { error: shownError(cause) });
  } finally {
    changeRoom(id, { signing: false });
  }
}

async function verifyAll(id: string, signed: Signed, out: string): Promise<void> {
  for (const { name } of signed.artifacts) {
    check(id, name, { state: 'going' });
    try {
      const verification = await client.call('signing.verify', { artifact: placeOf(name, signed, out), signature: null, keyring: null, signers: [signed.key] });
      check(id, name, { state: 'done', verification });
    } catch (cause) {
      check(id, name, { state: 'failed', error: shownError(cause) });
    }
  }
}

/** Where the signed file lies: beside the checksum that was written for it. */
function placeOf(name: string, { written }: Signed, out: string): string {
  const checksum = written.find(({ path }) => /[/\\]/.test(path) && path.split(/[/\\]/).at(-1) === `${name}.sha256`);
  if (checksum !== undefined) return checksum.path.slice(0, -'.sha256'.length);
  return `${out.replace(/[/\\]+$/, '')}/${name}`;
}

function check(id: string, name: string, checked: Checked): void {
  const room = useSigning.getState().rooms[id] ?? EMPTY_ROOM;
  changeRoom(id, { checked: { ...room.checked, [name]: checked } });
}

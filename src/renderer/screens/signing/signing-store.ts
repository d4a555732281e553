import { create } from 'zustand';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { Verification } from '../../../core/model/verification.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
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

interface SigningState {
  readonly keys: readonly SigningKey[] | null;
  readonly keysProblem: string | null;
  readonly keysError: AppError | null;
  readonly rooms: Readonly<Record<string, Room>>;
}

export const useSigning = create<SigningState>(() => ({ keys: null, keysProblem: null, keysError: null, rooms: {} }));

export function useRoom(id: string): Room {
  return useSigning(({ rooms }) => rooms[id] ?? EMPTY_ROOM);
}

export function changeRoom(id: string, change: Partial<Room>): void {
  useSigning.setState(({ rooms }) => ({ rooms: { ...rooms, [id]: { ...(rooms[id] ?? EMPTY_ROOM), ...change } } }));
}

export async function readKeys(): Promise<void> {
  try {
    const { keys, problem } = await client.call('keys.list', {});
    useSigning.setState({ keys, keysProblem: problem, keysError: null });
  } catch (cause) {
    useSigning.setState({ keysError: shownError(cause) });
  }
}

/** The one key that can sign is chosen at once; among several, a person chooses. */
export function chosenKey(keys: readonly SigningKey[] | null, { keyPrint }: Room): SigningKey | null {
  const usable = (keys ?? []).filter(({ unusable }) => unusable === null);
  return usable.find(({ fingerprint }) => fingerprint === keyPrint) ?? (usable.length === 1 ? usable[0] ?? null : null);
}

export interface SigningRequest {
  readonly key: SigningKey;
  readonly files: readonly { readonly name: string; readonly location: string; readonly sha256: string }[];
  readonly out: string;
  readonly version: string;
  readonly commit: string;
}

/** Signs, then verifies each file that was signed as anybody else would. */
export async function signFiles(id: string, { key, files, out, version, commit }: SigningRequest): Promise<void> {
  changeRoom(id, { signing: true, error: null, signed: null, checked: {} });
  try {
    const room = useSigning.getState().rooms[id] ?? EMPTY_ROOM;
    const signed = await runTask(
      'signing.sign',
      {
        key: key.fingerprint, files: files.map(({ location }) => location), out, release: { version, commit }, replace: room.replace, cover: room.cover, unseen: [...room.unseen],
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

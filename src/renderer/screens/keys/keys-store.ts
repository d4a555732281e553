import { create } from 'zustand';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { Input, Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { RotationDue } from '../../../core/model/local-keys.ts';
import { client, shownError } from '../../core-client.ts';

/** A key that signs, wherever its secret lies. */
export interface HeldKey {
  readonly fingerprint: string;
  readonly users: readonly string[];
  readonly algorithm: string;
  readonly created: string;
  readonly expires: string | null;
  readonly unusable: SigningKey['unusable'];
  readonly where: { readonly kind: 'gpg' } | { readonly kind: 'card'; readonly card: string } | { readonly kind: 'file'; readonly file: string };
  readonly rotation: RotationDue | null;
}

/** What an act with a key came to, shown beside it. */
export type Done = { readonly words: string; readonly paths: readonly string[]; readonly next: readonly string[] };

interface KeysState {
  readonly keys: readonly HeldKey[] | null;
  readonly problem: string | null;
  readonly card: Output<'cards.status'> | null;
  readonly checks: Output<'console.diagnose'>['checks'] | null;
  /** What the last enrolment came to. */
  readonly enrolled: Output<'cards.enrol'> | null;
  readonly error: AppError | null;
  readonly working: boolean;
  readonly done: Readonly<Record<string, Done>>;
}

export const useHeldKeys = create<KeysState>(() => ({ keys: null, problem: null, card: null, checks: null, enrolled: null, error: null, working: false, done: {} }));

/** Reads keys and card; the card is asked last, because it may take its time. */
export async function readHeldKeys(): Promise<void> {
  try {
    const listed = await client.call('keys.list', {});
    useHeldKeys.setState({ keys: heldKeys(listed), problem: listed.problem, error: null });
    useHeldKeys.setState({ card: await client.call('cards.status', {}) });
    useHeldKeys.setState({ checks: (await client.call('console.diagnose', {})).checks });
  } catch (cause) {
    useHeldKeys.setState({ error: shownError(cause) });
  }
}

function heldKeys({ keys, local, rotations }: Output<'keys.list'>): HeldKey[] {
  const due = new Map(rotations.map(({ fingerprint, ...rotation }) => [fingerprint, rotation]));
  return [
    ...keys.map(({ fingerprint, users, algorithm, created, expires, unusable, onCard }) => ({
      fingerprint, users, algorithm, created, expires, unusable, rotation: due.get(fingerprint) ?? null,
      where: onCard === null ? { kind: 'gpg' as const } : { kind: 'card' as const, card: onCard },
    })),
    ...local.map(({ fingerprint, users, algorithm, created, expires, unusable, file, rotation }) => ({ fingerprint, users, algorithm, created, expires, unusable, rotation, where: { kind: 'file' as const, file } })),
  ];
}

/** How a key is named to the core: a local one by its file. */
function nameOf({ fingerprint, where }: HeldKey): string {
  return where.kind === 'file' ? where.file : fingerprint;
}

/** Writes the armored public key into a folder. */
export function exportKey(key: HeldKey, folder: string): Promise<boolean> {
  return act(key.fingerprint, async () => {
    const { path } = await client.call('keys.export', { key: nameOf(key), out: `${folder.replace(/[/\\]+$/, '')}/${key.fingerprint}.asc` });
    return { words: 'The public key is written.', paths: path === null ? [] : [path], next: [] };
  });
}

/** Writes what a website and a Web Key Directory serve. */
export function publishKey(key: HeldKey, folder: string): Promise<boolean> {
  return act(key.fingerprint, async () => {
    const { written, next } = await client.call('keys.publish', { key: nameOf(key), out: folder, replace: true });
    return { words: 'What the website and a Web Key Directory serve is written.', paths: written.map(({ path }) => path), next };
  });
}

/** Makes a local key; true where it was made. */
export async function createKey(wanted: Omit<Input<'keys.create'>, 'file'>): Promise<boolean> {
  useHeldKeys.setState({ working: true, error: null });
  try {
    const { key, revocation } = await client.call('keys.create', { ...wanted, file: null });
    done(key.fingerprint, {
      words: 'The key is made.', paths: [key.file, ...(revocation === null ? [] : [revocation])],
      next: ['Print the revocation certificate and keep it sealed, away from this machine: with it the key can be revoked when it is lost.'],
    });
    await readHeldKeys();
    return true;
  } catch (cause) {
    useHeldKeys.setState({ error: shownError(cause) });
    return false;
  } finally {
    useHeldKeys.setState({ working: false });
  }
}

export type RotationKind = Input<'keys.rotate'>['how']['kind'];
export type RevocationWhy = Input<'keys.revoke'>['cause'];

export function rotateKey(old: HeldKey, successor: HeldKey, { kind, since, passphrase, newPassphrase, ...said }: {
  readonly kind: RotationKind; readonly since: string | null; readonly passphrase: string; readonly newPassphrase: string; readonly reason: string; readonly decidedBy: string[]; readonly out: string;
}): Promise<boolean> {
  return act(old.fingerprint, async () => {
    const how: Input<'keys.rotate'>['how'] = kind === 'planned' ? { kind, passphrase: old.where.kind === 'file' ? passphrase : null } : { kind, since: since ?? '' };
    const rotated = await client.call('keys.rotate', { old: nameOf(old), new: nameOf(successor), how, newPassphrase: successor.where.kind === 'file' ? newPassphrase : null, ...said });
    const undetermined = rotated.touched.filter(({ state }) => state === 'undetermined').map(({ release_version, record }) => `Now undetermined: ${release_version ?? record}, ${record}.`);
    return { words: `The rotation is recorded as ${rotated.record}.`, paths: rotated.written.map(({ path }) => path), next: [...undetermined, ...rotated.next] };
  });
}

export function changePassphrase(key: HeldKey, passphrase: string, newPassphrase: string): Promise<boolean> {
  return act(key.fingerprint, async () => {
    await client.call('keys.passwd', { key: nameOf(key), passphrase, newPassphrase });
    return { words: 'The passphrase is changed.', paths: [], next: ['Copies of the file elsewhere still open with the old one: destroy them.'] };
  });
}

/** Revokes a local key by its own secret. */
export function revokeKey(key: HeldKey, { passphrase, ...said }: { readonly cause: RevocationWhy; readonly words: string; readonly passphrase: string }): Promise<boolean> {
  return act(key.fingerprint, async () => {
    const { record } = await client.call('keys.revoke', { key: nameOf(key), ...said, by: { with: 'passphrase', passphrase } });
    await readHeldKeys();
    return { words: `The key is revoked, recorded as ${record}.`, paths: [], next: ['Publish it now, so that others learn of it.'] };
  });
}

/** Records the card in the reader; true where it was recorded. */
export async function enrolCard(about: { readonly person: string; readonly spare: boolean; readonly revocationSealed: string | null }): Promise<boolean> {
  useHeldKeys.setState({ working: true, error: null, enrolled: null });
  try {
    useHeldKeys.setState({ enrolled: await client.call('cards.enrol', { ...about, attestations: [] }) });
    return true;
  } catch (cause) {
    useHeldKeys.setState({ error: shownError(cause) });
    return false;
  } finally {
    useHeldKeys.setState({ working: false });
  }
}

/** True where it was done; what went wrong stands at the top, and nothing typed is lost. */
async function act(fingerprint: string, work: () => Promise<Done>): Promise<boolean> {
  useHeldKeys.setState({ working: true, error: null });
  try {
    done(fingerprint, await work());
    return true;
  } catch (cause) {
    useHeldKeys.setState({ error: shownError(cause) });
    return false;
  } finally {
    useHeldKeys.setState({ working: false });
  }
}

function done(fingerprint: string, what: Done): void {
  useHeldKeys.setState((state) => ({ done: { ...state.done, [fingerprint]: what } }));
}

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
  /** What the last proposal or decision of the administrators came to. */
  readonly decision: Done | null;
  readonly error: AppError | null;
  readonly working: boolean;
  readonly done: Readonly<Record<string, Done>>;
}

export const useHeldKeys = create<KeysState>(() => ({ keys: null, problem: null, card: null, checks: null, enrolled: null, decision: null, error: null, working: false, done: {} }));

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
export function createKey(wanted: Omit<Input<'keys.create'>, 'file'>): Promise<boolean> {
  return attempt(async () => {
    const { key, revocation } = await client.call('keys.create', { ...wanted, file: null });
    tookIn('The key is made.', key, revocation);
    await readHeldKeys();
  });
}

/** Takes a private key that was exported elsewhere; true where it was taken. */
export function importKey(from: string, passphrase: string): Promise<boolean> {
  return attempt(async () => {
    const { key, revocation } = await client.call('keys.import', { from, passphrase, file: null });
    tookIn('The key is taken in, protected as it was.', key, revocation);
    await readHeldKeys();
  });
}

function tookIn(words: string, key: { readonly fingerprint: string; readonly file: string }, revocation: string | null): void {
  done(key.fingerprint, {
    words, paths: [key.file, ...(revocation === null ? [] : [revocation])],
    next: revocation === null ? [] : ['Print the revocation certificate and keep it sealed, away from this machine: with it the key can be revoked when it is lost.'],
  });
}

/** Writes what the administrators are to sign. */
export function proposeRevocation(wanted: Input<'keys.proposeRevocation'>): Promise<boolean> {
  return attempt(async () => {
    const { file, sha256, touched, threshold, administrators, next } = await client.call('keys.proposeRevocation', wanted);
    const undetermined = touched.filter(({ state }) => state === 'undetermined').map(({ release_version, record }) => `Undetermined once it is decided: ${release_version ?? record}, ${record}.`);
    useHeldKeys.setState({ decision: { words: `The proposal is written; ${threshold} of ${administrators.join(', ')} decide it. Its SHA-256: ${sha256}`, paths: [file], next: [...undetermined, ...next] } });
  });
}

/** Records what enough of them signed. */
export function recordRevocation(file: string): Promise<boolean> {
  return attempt(async () => {
    const { record, fingerprint, since, decidedBy, next } = await client.call('keys.recordRevocation', { file });
    useHeldKeys.setState({ decision: { words: `${fingerprint} is revoked from ${since} on by ${decidedBy.join(', ')}, recorded as ${record}.`, paths: [], next } });
  });
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
export function enrolCard(about: Omit<Input<'cards.enrol'>, 'task'>): Promise<boolean> {
  useHeldKeys.setState({ enrolled: null });
  return attempt(async () => useHeldKeys.setState({ enrolled: await client.call('cards.enrol', about) }));
}

/** An act with one key; what it came to is shown beside that key. */
function act(fingerprint: string, work: () => Promise<Done>): Promise<boolean> {
  return attempt(async () => done(fingerprint, await work()));
}

/** True where it was done; what went wrong stands at the top, and nothing typed is lost. */
async function attempt(work: () => Promise<void>): Promise<boolean> {
  useHeldKeys.setState({ working: true, error: null });
  try {
    await work();
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

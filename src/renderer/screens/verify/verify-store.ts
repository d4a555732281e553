import { create } from 'zustand';
import type { AppError } from '../../../core/model/errors.ts';
import type { Verification } from '../../../core/model/verification.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';

/** What verifying one file came to. */
export interface Verified {
  readonly path: string;
  readonly name: string;
  readonly verification: Verification | null;
  readonly error: AppError | null;
}

interface VerifyState {
  readonly path: string;
  readonly signature: string;
  readonly keyring: string;
  readonly signer: string;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly results: readonly Verified[] | null;
}

export const useVerify = create<VerifyState>(() => ({ path: '', signature: '', keyring: '', signer: '', working: false, error: null, results: null }));

const SIDECAR = /\.(?:asc|sig|sha256)$/i;
/** More files than this in one folder are not a release folder. */
const MAX_FILES = 200;

/** Verifies a file, or every file of a release folder that has a signature beside it. */
export async function verify(): Promise<void> {
  const { path, signature, keyring, signer, working } = useVerify.getState();
  if (working) return;
  useVerify.setState({ working: true, error: null, results: null });
  try {
    const files = await filesAt(path.trim());
    const results: Verified[] = [];
    for (const file of files) {
      const verified = await verifyOne(file, { signature: files.length === 1 ? signature.trim() : '', keyring: keyring.trim(), signer });
      results.push(verified);
      useVerify.setState({ results: [...results] });
      if (verified.error?.code === 'cancelled') break;
    }
  } catch (cause) {
    useVerify.setState({ error: shownError(cause) });
  } finally {
    useVerify.setState({ working: false });
  }
}

async function verifyOne(file: { path: string; name: string }, { signature, keyring, signer }: { signature: string; keyring: string; signer: string }): Promise<Verified> {
  const signers = signer.split(',').map((print) => print.replace(/^\s*0x/i, '').replaceAll(/\s/g, '').toUpperCase()).filter((print) => print !== '');
  try {
    const verification = await runTask(
      'signing.verify',
      { artifact: file.path, signature: signature === '' ? null : signature, keyring: keyring === '' ? null : keyring, signers },
      { label: `Verifying ${file.name}`, address: addressOf.verify, done: ({ verdict }) => `${file.name}: ${verdict.replaceAll('-', ' ')}.` },
    );
    return { ...file, verification, error: null };
  } catch (cause) {
    return { ...file, verification: null, error: shownError(cause) };
  }
}

/** The file itself; or the files of a folder that a signature lies beside, and all its files when none has one. */
async function filesAt(path: string): Promise<{ path: string; name: string }[]> {
  const folder = await client.call('files.browse', { path }).catch(() => null);
  if (folder === null) return [{ path, name: path.split(/[/\\]/).at(-1) ?? path }];
  const files = folder.entries.filter((entry) => !entry.folder);
  const names = new Set(files.map(({ name }) => name));
  const artifacts = files.filter(({ name }) => !SIDECAR.test(name));
  const signed = artifacts.filter(({ name }) => names.has(`${name}.asc`) || names.has(`${name}.sig`));
  return (signed.length > 0 ? signed : artifacts).slice(0, MAX_FILES).map(({ path: file, name }) => ({ path: file, name }));
}

/** All of it in one sentence. */
export function totalOf(results: readonly Verified[]): string {
  const good = results.filter(({ verification }) => verification?.verdict === 'good').length;
  return good === results.length ? `${counted(results.length, 'file')}, every one good` : `${counted(results.length, 'file')}, ${good} good`;
}

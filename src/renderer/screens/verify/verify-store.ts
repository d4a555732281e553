import { create } from 'zustand';
import type { FolderVerification } from '../../../core/contract/verify-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { Verification } from '../../../core/model/verification.ts';
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
  /** Where the report on a folder is written; empty: nowhere. */
  readonly report: string;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly file: Verified | null;
  readonly folder: FolderVerification | null;
}

export const useVerify = create<VerifyState>(() => ({ path: '', signature: '', keyring: '', signer: '', report: '', working: false, error: null, file: null, folder: null }));

/** Verifies a file with what lies beside it, or a whole release folder. */
export async function verify(): Promise<void> {
  const { path: typed, signature, keyring, signer, report, working } = useVerify.getState();
  if (working) return;
  useVerify.setState({ working: true, error: null, file: null, folder: null });
  const path = typed.trim();
  const expected = { keyring: keyring.trim() === '' ? null : keyring.trim(), signers: fingerprintsIn(signer) };
  try {
    const isFolder = await client.call('files.browse', { path }).then(() => true, () => false);
    if (isFolder) {
      const folder = await runTask(
        'release.verifyFolder',
        { ...expected, folder: path, vkeys: [], release: null, report: report.trim() === '' ? null : report.trim() },
        { label: `Verifying ${nameOf(path)}`, address: addressOf.verify, done: ({ verdict }) => `${nameOf(path)}: ${verdict.replaceAll('-', ' ')}.` },
      );
      useVerify.setState({ folder });
    } else {
      useVerify.setState({ file: await verifyFile(path, { ...expected, signature: signature.trim() === '' ? null : signature.trim() }) });
    }
  } catch (cause) {
    useVerify.setState({ error: shownError(cause) });
  } finally {
    useVerify.setState({ working: false });
  }
}

async function verifyFile(path: string, request: { readonly signature: string | null; readonly keyring: string | null; readonly signers: string[] }): Promise<Verified> {
  const name = nameOf(path);
  try {
    const verification = await runTask(
      'signing.verify', { artifact: path, ...request },
      { label: `Verifying ${name}`, address: addressOf.verify, done: ({ verdict }) => `${name}: ${verdict.replaceAll('-', ' ')}.` },
    );
    return { path, name, verification, error: null };
  } catch (cause) {
    return { path, name, verification: null, error: shownError(cause) };
  }
}

function fingerprintsIn(text: string): string[] {
  return text.split(',').map((print) => print.replace(/^\s*0x/i, '').replaceAll(/\s/g, '').toUpperCase()).filter((print) => print !== '');
}

function nameOf(path: string): string {
  return path.replace(/[/\\]+$/, '').split(/[/\\]/).at(-1) ?? path;
}

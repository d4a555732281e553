import { InvalidArgumentError } from 'commander';
import type { Input } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { signaturesNeeded } from '../../../core/model/signing.ts';
import type { Verification } from '../../../core/model/verification.ts';
import { askPassphrase, PASSPHRASE_FD } from '../passphrase.ts';
import type { Session } from '../session.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

interface SignOptions {
  readonly key?: string; readonly localKey?: string; readonly passphraseFd?: number; readonly out: string; readonly release?: string; readonly commit?: string; readonly replace?: boolean; readonly manifestOnly?: boolean;
  readonly digest?: readonly NamedDigest[]; readonly expect?: readonly NamedDigest[]; readonly json?: boolean;
}

interface NamedDigest {
  readonly name: string;
  readonly sha256: string;
}

export const signingCommands: AddCommands = (program) => {
  program
    .command('sign')
    .description('sign files into a release folder: .asc, .sha256, SHA256SUMS and SHA256SUMS.asc')
    .option('--key <fingerprint>', 'the key to sign with, held by gpg')
    .option('--local-key <file>', 'a key in a file of this machine, which asks for its passphrase')
    .option(...PASSPHRASE_FD)
    .requiredOption('--out <folder>', 'the release folder; files that lie elsewhere are copied there')
    .option('--release <version>', 'the release that the files belong to, for the record')
    .option('--commit <id>', 'the commit that they were made from, for the record')
    .option('--replace', 'replace signatures and checksums that are there')
    .option('--manifest-only', 'one signature, over SHA256SUMS, which covers every file: one touch')
    .option('--digest <sha256:name>', 'an artifact that is not here: SHA256SUMS covers it by its digest (may be repeated)', collectDigest)
    .option('--expect <sha256:name>', 'sign this file only with exactly this SHA-256, such as a build printout gives (may be repeated)', collectDigest)
    .option(...JSON_FLAG)
    .argument('<file...>')
    .action((files: string[], options: SignOptions) =>
      run(options, async (session) => {
        const cover = options.manifestOnly === true ? 'manifest' : 'each';
        const who = await whoSigns(options);
        if (who.key !== undefined && (await isOnCard(session, who.key))) session.note(touchesWords(signaturesNeeded(files.length, cover)));
        const signed = await session.call('signing.sign', {
          ...who, files, out: options.out, replace: options.replace === true,
          release: options.release === undefined ? null : { version: options.release, commit: options.commit ?? null },
          cover, unseen: [...(options.digest ?? [])],
          shown: Object.fromEntries((options.expect ?? []).map(({ name, sha256 }) => [name, sha256])),
          task: undefined,
        });
        session.print(signed, () =>
          [
            `Signed ${signed.artifacts.length} ${signed.artifacts.length === 1 ? 'file' : 'files'} with ${signed.key}, recorded as ${signed.record}.`,
            ...signed.written.map(({ path, sha256 }) => `  ${sha256}  ${path}`),
            ...(options.digest ?? []).map(({ name, sha256 }) => `  ${sha256}  ${name}: not seen here, covered by its digest alone`),
            'Anyone can check it:',
            ...signed.commands.map((command) => `  ${command}`),
          ].map(printable).join('\n'),
        );
      }),
    );

  program
    .command('verify')
    .description('verify a file against its signature, its checksums and what the archive recorded')
    .argument('<artifact>')
    .argument('[signature]', 'the signature; NAME.asc beside the file where it is left out')
    .option('--keyring <file>', 'the public keys of the expected signers; only these are trusted')
    .option('--signer <fingerprint>', 'the expected signer (may be repeated)', collect)
    .option('--min-good-sigs <n>', 'good signatures by so many different expected keys', wholeNumber)
    .option(...JSON_FLAG)
    .action((artifact: string, signature: string | undefined, options: { keyring?: string; signer?: string[]; minGoodSigs?: number; json?: boolean }) =>
      run(options, async (session) => {
        const verification = await session.call('signing.verify', {
          artifact, signature: signature ?? null, keyring: options.keyring ?? null,
          signers: (options.signer ?? []).map((print) => print.replace(/^0x/i, '').toUpperCase()), atLeast: options.minGoodSigs, task: undefined,
        });
        session.print(verification, () => describeVerification(artifact, verification));
        session.finish(verification.verdict === 'good' ? 0 : 1);
      }),
    );
};

/** One of the two: a key that gpg holds, or a file with its passphrase. */
async function whoSigns({ key, localKey, passphraseFd }: SignOptions): Promise<Pick<Input<'signing.sign'>, 'key' | 'local'>> {
  if ((key === undefined) === (localKey === undefined)) throw new AppError('bad-input', 'Name the key that signs: --key FINGERPRINT, or --local-key FILE.', { hint: 'countersign keys list shows both kinds.' });
  if (localKey === undefined) return { key };
  return { local: { file: localKey, passphrase: await askPassphrase(passphraseFd)(`Passphrase of ${localKey}`) } };
}

async function isOnCard(session: Session, wanted: string): Promise<boolean> {
  const print = wanted.replace(/^0x/i, '').replaceAll(' ', '').toUpperCase();
  const { keys } = await session.call('keys.list', {});
  return keys.some(({ fingerprint, signing, onCard }) => onCard !== null && (fingerprint.endsWith(print) || signing?.endsWith(print) === true));
}

/** How often a card will ask, before it does. */
function touchesWords(asked: number): string {
  return asked === 1
    ? 'The card is asked once; if it waits, touch it.'
    : `The card is asked ${asked} times: where it wants a touch each time, that is ${asked} touches. --manifest-only asks it once.`;
}

function collectDigest(value: string, before: readonly NamedDigest[] = []): NamedDigest[] {
  const [, sha256, name] = /^([0-9a-fA-F]{64})[: ]+(.+)$/s.exec(value) ?? [];
  if (sha256 === undefined || name === undefined) throw new InvalidArgumentError('It is a SHA-256 of 64 hexadecimal digits, a colon and a file name');
  return [...before, { sha256: sha256.toLowerCase(), name }];
}

function describeVerification(artifact: string, { verdict, when_made, today, signer, covered_bytes_sha256, through, signatures, problems }: Verification): string {
  return [
    `${artifact}: ${verdict}`,
    `  when made ${when_made}, today ${today}`,
    signer === null ? '  no signer' : `  signer ${signer.fingerprint}${signer.user === null ? '' : ` (${signer.user})`}`,
    ...(through == null ? [] : [`  covered by ${through}, which is signed`]),
    ...(signatures.length < 2 ? [] : signatures.map(({ fingerprint, user, status, created, why }) => `  signature ${fingerprint ?? 'by an unknown key'}${user === null ? '' : ` (${user})`}: ${status}${created === null ? '' : `, made ${created}`}${why === null ? '' : `; ${why}`}`)),
    ...(covered_bytes_sha256 === null ? [] : [`  SHA-256 ${covered_bytes_sha256}`]),
    ...problems.map(({ code, message }) => `  ${code}: ${message}`),
  ].map(printable).join('\n');
}

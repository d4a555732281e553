import type { FolderVerification } from '../../../core/contract/verify-calls.ts';
import { printable } from '../progress-line.ts';
import { readVkeys } from '../vkey-option.ts';
import { collect, JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

interface Options {
  readonly keyring?: string; readonly signer?: string[]; readonly minGoodSigs?: number; readonly vkey?: string[]; readonly release?: string; readonly report?: string; readonly json?: boolean;
}

export const verifyFolderCommand: AddCommands = (program) => {
  program
    .command('verify-folder')
    .description('verify a whole release folder that somebody else made; needs no key and no roster, and writes nothing')
    .argument('<folder>')
    .option('--keyring <file>', 'the public keys of the expected signers; only these are trusted')
    .option('--signer <fingerprint>', 'the expected signer (may be repeated)', collect)
    .option('--min-good-sigs <n>', 'good signatures by so many different expected keys', wholeNumber)
    .option('--vkey <key>', 'a log key that came by another way: the vkey itself or a file that holds it (may be repeated)', collect)
    .option('--release <version>', 'the version that the bill of materials should be about')
    .option('--report <file>', 'write the report as Markdown')
    .option(...JSON_FLAG)
    .action((folder: string, options: Options) =>
      run(options, async (session) => {
        const verification = await session.call('release.verifyFolder', {
          folder, keyring: options.keyring ?? null, signers: (options.signer ?? []).map((print) => print.replace(/^0x/i, '').toUpperCase()), atLeast: options.minGoodSigs,
          vkeys: await readVkeys(options.vkey ?? []), release: options.release ?? null, report: options.report ?? null, task: undefined,
        });
        session.print(verification, () => describe(verification));
        session.finish(verification.verdict === 'good' ? 0 : 1);
      }),
    );
};

function describe({ folder, verdict, files, notSeen, sboms, manifests, archives, proofs, problems }: FolderVerification): string {
  return [
    `${folder}: ${verdict}`,
    ...files.filter(({ role }) => role === 'artifact').flatMap(({ path, verdict: one, through, signatures }) => [
      `  ${path}: ${one}${through === null ? '' : `, through ${through}`}`,
      ...signatures.map(({ fingerprint, user, status, created, when_made, today }) => `    ${fingerprint ?? 'unknown key'}${user === null ? '' : ` (${user})`}: ${status}; made ${created ?? 'at an unknown time'}; when made ${when_made}, today ${today}`),
    ]),
    ...notSeen.map(({ list, name, sha256 }) => `  ${name}: artifact not seen; ${list} gives ${sha256}`),
    ...sboms.map(({ path, version, components, valid, about }) => `  ${path}: CycloneDX ${version ?? ''}, ${components} components, ${valid ? 'valid' : 'not valid'}${about === null ? '' : `, about ${about.name} ${about.version ?? ''}`}`),
    ...manifests.map(({ path, same, listed }) => `  ${path}: ${same} of ${listed} files are the same`),
    ...proofs.map(({ path, verdict: one, origin, index, size }) => `  proof ${path}: ${one}${origin === null ? '' : `, at ${index ?? ''} of ${origin} as of ${size ?? ''} entries`}`),
    ...archives.map(({ path, verdict: one, entries }) => `  archive in ${path}: ${one}, ${entries} entries`),
    ...(problems.length === 0 ? [] : ['Problems:', ...problems.map(({ code, path, message }) => `  ${code}${path === null ? '' : `: ${path}`}: ${message}`)]),
  ].map(printable).join('\n');
}

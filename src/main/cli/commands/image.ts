import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

interface Choice { readonly platform?: string; readonly digest?: string; readonly json?: boolean }
interface SignOptions extends Choice { readonly key: string; readonly reference: string; readonly out: string; readonly release?: string; readonly commit?: string }
interface VerifyOptions extends Choice { readonly reference: string; readonly keyring?: string; readonly signer?: string[] }

const REFERENCE = ['--reference <name>', 'the name of the image with its tag, as it is pulled: registry.example.com/team/product:1.1.0'] as const;
const PLATFORM = ['--platform <os/arch>', 'the image for this platform, of several'] as const;
const DIGEST = ['--digest <sha256:hex>', 'the image with this manifest, of several'] as const;

export const imageCommands: AddCommands = (program) => {
  const image = program.command('image').description('container images: an OCI layout, a tar of one, or an archive of docker save');

  image
    .command('sign')
    .description('sign an image as skopeo and podman verify it: every blob is checked first')
    .argument('<image>')
    .requiredOption('--key <fingerprint>', 'the key to sign with')
    .requiredOption(...REFERENCE)
    .requiredOption('--out <file|folder>', 'the signature; a folder (FOLDER/) becomes a lookaside store')
    .option(...PLATFORM)
    .option(...DIGEST)
    .option('--release <version>', 'the release that the image belongs to, for the record')
    .option('--commit <id>', 'the commit that it was made from, for the record')
    .option(...JSON_FLAG)
    .action((path: string, options: SignOptions) =>
      run(options, async (session) => {
        const signed = await session.call('image.sign', {
          image: path, platform: options.platform ?? null, digest: options.digest ?? null, reference: options.reference, key: options.key, out: options.out,
          release: options.release === undefined ? null : { version: options.release, commit: options.commit ?? null }, task: undefined,
        });
        session.print(signed, () =>
          [
            `Signed ${signed.reference} with ${signed.key}, recorded as ${signed.record}.`,
            `  manifest ${signed.digest}${signed.platform === null ? '' : ` (${signed.platform})`}; ${signed.blobs} blobs, ${signed.bytes} bytes, every one read`,
            ...signed.written.map(({ path: file, sha256 }) => `  ${sha256}  ${file}`),
            'Anyone can check it:',
            ...signed.commands.map((command) => `  ${command}`),
          ].map(printable).join('\n'),
        );
      }),
    );

  image
    .command('verify')
    .description('verify an image against its container signature; needs no gpg')
    .argument('<image>')
    .argument('<signature>')
    .requiredOption(...REFERENCE)
    .option('--keyring <file>', 'the public keys of the expected signers; only these are trusted')
    .option('--signer <fingerprint>', 'the expected signer (may be repeated)', collect)
    .option(...PLATFORM)
    .option(...DIGEST)
    .option(...JSON_FLAG)
    .action((path: string, signature: string, options: VerifyOptions) =>
      run(options, async (session) => {
        const verification = await session.call('image.verify', {
          image: path, platform: options.platform ?? null, digest: options.digest ?? null, signature, reference: options.reference, keyring: options.keyring ?? null,
          signers: (options.signer ?? []).map((print) => print.replace(/^0x/i, '').toUpperCase()), task: undefined,
        });
        const { verdict, when_made, today, signer, digest, reference, problems } = verification;
        session.print(verification, () =>
          [
            `${reference}: ${verdict}`,
            `  manifest ${digest}`,
            `  when made ${when_made}, today ${today}`,
            signer === null ? '  no signer' : `  signer ${signer.fingerprint}${signer.user === null ? '' : ` (${signer.user})`}`,
            ...problems.map(({ code, message }) => `  ${code}: ${message}`),
          ].map(printable).join('\n'),
        );
        session.finish(verdict === 'good' ? 0 : 1);
      }),
    );
};

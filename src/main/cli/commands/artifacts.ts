import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

interface Store {
  readonly json?: boolean; readonly repo: string; readonly outputs: string[]; readonly release: string; readonly since?: string; readonly to: string; readonly readBack?: string;
  readonly profile?: string; readonly endpoint?: string; readonly region?: string;
}

/** The artifact repository of policy §2 step 3. */
export const artifactCommands: AddCommands = (program) => {
  program
    .command('artifacts')
    .description('the artifact repository: store')
    .command('store')
    .description('upload artifacts with signatures, checksums and SBOM, and read all of it back')
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
    .requiredOption('--release <version>', 'the version that is stored')
    .requiredOption('--to <place>', 'a folder, or s3://BUCKET/PREFIX; a folder of the version is made in it')
    .option('--read-back <folder>', 'keep what was read back as evidence; OUTPUTS/read-back is where the checklist looks')
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--profile <name>', 'of the aws tool')
    .option('--endpoint <url>', 'of an S3-compatible repository')
    .option('--region <name>', 'of the bucket')
    .option(...JSON_FLAG)
    .action((options: Store) =>
      run(options, async (session) => {
        const { repo, outputs, release, since, to, readBack, profile, endpoint, region } = options;
        const stored = await session.call('artifacts.store', {
          draft: { version: release, declared: [], repo, outputs, since: since ?? null, policyFile: null }, to, readBack: readBack ?? null,
          aws: { profile: profile ?? null, endpoint: endpoint ?? null, region: region ?? null }, task: undefined,
        });
        session.print(stored, () => [
          ...stored.files.map(({ name, sha256, state }) => `${sha256}  ${name}  ${state === 'there' ? 'was there' : 'uploaded'}`),
          `Read back from ${stored.place}, byte for byte the same; recorded as ${stored.record}.`,
          ...(stored.kept === null ? ['Nothing was kept: --read-back OUTPUTS/read-back leaves the evidence for the checklist.'] : [`Kept in ${stored.kept.folder}, bound by ${stored.kept.manifest}.`]),
          ...(stored.guard === 'looked' ? ['The repository does not refuse to overwrite by itself; it was looked at just before.'] : []),
        ].map(printable).join('\n'));
      }));
};

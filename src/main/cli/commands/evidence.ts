import type { EvidenceFile } from '../../../core/model/evidence.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

export const evidenceCommands: AddCommands = (program) => {
  program
    .command('evidence')
    .description('list every file of a folder: what it is, what it says, or why it was not recognised')
    .argument('<folder>')
    .option('--policy <file>', 'another policy file, for its limits')
    .option(...JSON_FLAG)
    .action((directory: string, options: { policy?: string; json?: boolean }) =>
      run(options, async (session) => {
        const listing = await session.call('evidence.list', { directory, policyFile: options.policy ?? null, task: undefined });
        session.print(listing, () => listing.files.map(describe).join('\n'));
      }),
    );

  program
    .command('manifest')
    .description('write evidence-manifest.json, which says of which commit the files of a folder are')
    .argument('<folder>')
    .requiredOption('--commit <id>', 'the full id of the commit that the files were made from')
    .option('--run <name>', 'the CI run that made them')
    .option(...JSON_FLAG)
    .action((directory: string, options: { commit: string; run?: string; json?: boolean }) =>
      run(options, async (session) => {
        const written = await session.call('evidence.writeManifest', { directory, commit: options.commit, run: options.run ?? null, task: undefined });
        session.print(written, () => `${written.path}: ${written.manifest.files.length} files of commit ${written.manifest.commit}`);
      }),
    );

  program
    .command('sbom')
    .description('write a CycloneDX 1.6 bill of materials from the lock files of a commit')
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('-o, --output <file>', 'the file to write')
    .option('--commit <ref>', 'the commit, branch or tag; HEAD where it is left out')
    .option(...JSON_FLAG)
    .action((options: { repo: string; output: string; commit?: string; json?: boolean }) =>
      run(options, async (session) => {
        const written = await session.call('sbom.generate', { repo: options.repo, out: options.output, commit: options.commit ?? null, task: undefined });
        session.print(written, () =>
          [
            `${written.path}: ${written.components} components from ${written.sources.join(', ')}`,
            ...written.skipped.map((line) => `left out: ${line}`),
          ].map(printable).join('\n'),
        );
      }),
    );
};

function describe({ path, kind, tool, counts, binding, problem }: EvidenceFile): string {
  const findings = counts?.findings === undefined ? null : Object.entries(counts.findings).filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`).join(', ') || 'no findings';
  const said = [
    counts?.tests === undefined ? null : `${counts.tests} tests, ${(counts.failures ?? 0) + (counts.errors ?? 0)} not passed, ${counts.skipped ?? 0} skipped`,
    counts?.lines === undefined ? null : `${counts.lines.covered} of ${counts.lines.total} lines`,
    counts?.components === undefined ? null : `${counts.components} components`,
    findings,
    problem === null ? null : `${problem.code}: ${problem.message}`,
  ].filter((part) => part !== null);
  const made = tool === null ? '' : ` (${tool.name}${tool.version === null ? '' : ` ${tool.version}`})`;
  return printable(`${path}: ${kind}${made}, bound: ${binding}${said.length === 0 ? '' : `; ${said.join('; ')}`}`);
}

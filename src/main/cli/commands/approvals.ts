import { InvalidArgumentError } from 'commander';
import { ReleaseType } from '../../../core/model/primitives.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

interface Options {
  readonly repo: string; readonly outputs: string[]; readonly release: string; readonly type?: ReleaseType[]; readonly since?: string; readonly policy?: string;
  readonly key: string; readonly role: string; readonly reason?: string; readonly out?: string; readonly json?: boolean;
}

/** What the CTO or the CISO decides about a release, signed with their own key. */
export const approvalCommands: AddCommands = (program) => {
  for (const [decision, description] of [
    ['approve', 'sign that you approve a release, exactly as it is judged now'],
    ['reject', 'sign that a release must not go out as it is, and why'],
  ] as const) {
    const command = program
      .command(decision)
      .description(description)
      .requiredOption('--repo <folder>', 'the git repository')
      .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
      .requiredOption('--release <version>', 'the version that is released')
      .option('--type <type>', 'major, minor, patch, security or emergency (may be repeated)', collectType)
      .option('--since <ref>', 'the tag or commit of the last release')
      .option('--policy <file>', 'another policy file')
      .requiredOption('--role <role>', 'the role in which you decide, such as cto or ciso')
      .requiredOption('--key <fingerprint>', 'your key for approvals, as the roster names it')
      .option('--out <file>', 'also write the statement to this file, and its detached signature to FILE.asc')
      .option(...JSON_FLAG)
      .action((options: Options) =>
        run(options, async (session) => {
          const { repo, outputs, release, type, since, policy, key, role, reason, out } = options;
          const signed = await session.call('approval.sign', {
            draft: { version: release, declared: type ?? [], repo, outputs, since: since ?? null, policyFile: policy ?? null }, key, role, decision, reason: reason ?? '', out: out ?? null, task: undefined,
          });
          session.print(signed, () =>
            [
              `${signed.person} ${decision === 'approve' ? 'approved' : 'rejected'} ${release} as ${role} with ${signed.fingerprint}, recorded as ${signed.record}.`,
              `  subject ${signed.subjectDigest}`,
              ...signed.statement.subject.map(({ name, digest }) => `  ${digest.sha256}  ${name}`),
              ...(out === undefined ? [] : [`  gpg --verify ${out}.asc ${out}`]),
            ].map(printable).join('\n'),
          );
        }),
      );
    // A rejection without its reason helps nobody to mend what it is about.
    if (decision === 'reject') command.requiredOption('--reason <words>', 'what has to be mended');
    else command.option('--reason <words>', 'what you want remembered of it');
  }
};

function collectType(value: string, before: readonly ReleaseType[] = []): ReleaseType[] {
  const parsed = ReleaseType.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${ReleaseType.options.join(', ')}`);
  return [...before, parsed.data];
}

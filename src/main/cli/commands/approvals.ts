import { InvalidArgumentError } from 'commander';
import { ReleaseType } from '../../../core/model/primitives.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';
import { signedBy, withKey, type WhoSigns } from './who-signs.ts';

interface Options extends WhoSigns {
  readonly repo: string; readonly outputs: string[]; readonly release: string; readonly type?: ReleaseType[]; readonly since?: string; readonly policy?: string;
  readonly role: string; readonly subject?: string; readonly reason?: string; readonly securityImpact?: string; readonly out?: string; readonly json?: boolean;
}
interface Withdrawing extends WhoSigns { readonly release: string; readonly reason: string; readonly role: string; readonly policy?: string; readonly list?: string; readonly json?: boolean }

/** What the CTO or the CISO decides about a release, signed with their own key. */
export const approvalCommands: AddCommands = (program) => {
  for (const [decision, description] of [
    ['approve', 'sign that you approve a release, exactly as it is judged now'],
    ['reject', 'sign that a release must not go out as it is, and why'],
  ] as const) {
    const command = withKey(program.command(decision).description(description))
      .requiredOption('--repo <folder>', 'the git repository')
      .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
      .requiredOption('--release <version>', 'the version that is released')
      .option('--type <type>', 'major, minor, patch, security or emergency (may be repeated)', collectType)
      .option('--since <ref>', 'the tag or commit of the last release')
      .option('--policy <file>', 'another policy file')
      .requiredOption('--role <role>', 'the role in which you decide, such as cto or ciso')
      .option('--subject <sha256>', 'the subject digest that you read; where the release is another by now, nothing is signed')
      .option('--security-impact <words>', 'what the release does to security')
      .option('--out <file>', 'also write the statement to this file, and its detached signature to FILE.asc')
      .option(...JSON_FLAG)
      .action((options: Options) =>
        run(options, async (session) => {
          const { repo, outputs, release, type, since, policy, role, subject, reason, securityImpact, out } = options;
          const signed = await session.call('approval.sign', {
            draft: { version: release, declared: type ?? [], repo, outputs, since: since ?? null, policyFile: policy ?? null }, role, decision, reason: reason ?? '', securityImpact: securityImpact ?? null, shown: subject ?? null, ...(await signedBy(options)), out: out ?? null, task: undefined,
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

  withKey(program.command('withdraw').description('sign that a release is taken back: it is not deployed any more, and verify says so'))
    .requiredOption('--release <version>', 'the version that is taken back')
    .requiredOption('--reason <words>', 'why')
    .requiredOption('--role <role>', 'the role in which you decide, such as cto or ciso')
    .option('--policy <file>', 'another policy file')
    .option('--list <folder>', 'also write withdrawn.json, the list of all that were, and its signature into this folder, to be published beside the artifacts')
    .option(...JSON_FLAG)
    .action((options: Withdrawing) =>
      run(options, async (session) => {
        const { release, reason, role, policy, list } = options;
        const withdrawn = await session.call('release.withdraw', { release, reason, role, ...(await signedBy(options)), policyFile: policy ?? null, out: list ?? null, task: undefined });
        session.print(withdrawn, () => [
          `${withdrawn.person} withdrew ${release} as ${role} with ${withdrawn.fingerprint}, recorded as ${withdrawn.record}.`,
          ...withdrawn.artifacts.map(({ name, sha256 }) => `  ${sha256}  ${name}`),
          ...(withdrawn.list === null ? [] : [`  ${withdrawn.list.releases} in the list; gpg --verify ${withdrawn.list.signature} ${withdrawn.list.file}`]),
        ].map(printable).join('\n'));
      }),
    );

  program
    .command('acts')
    .description('everything that people signed about a release, whether it counts, and why')
    .requiredOption('--release <version>', 'the version')
    .option(...JSON_FLAG)
    .action((options: { release: string; json?: boolean }) =>
      run(options, async (session) => {
        const { acts } = await session.call('release.acts', { release: options.release });
        session.print({ acts }, () => (acts.length === 0 ? `Nobody signed anything about ${options.release}.` : acts.map(({ record, event_type, by, person, standing, why, about, decision }) => printable(`${record}  ${event_type}${about === event_type ? '' : ` (${about})`}  ${person ?? by ?? 'nobody'}: ${standing}; ${why}${decision === null ? '' : `; of subject ${decision.subjectDigest.slice(0, 12)}`}`)).join('\n')));
      }),
    );
};

function collectType(value: string, before: readonly ReleaseType[] = []): ReleaseType[] {
  const parsed = ReleaseType.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${ReleaseType.options.join(', ')}`);
  return [...before, parsed.data];
}

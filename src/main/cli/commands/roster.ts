import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

export const rosterCommands: AddCommands = (program) => {
  const roster = program.command('roster').description('the people, keys and policy files whose word counts');

  roster
    .command('show')
    .description('show the roster that this console holds, and whether it is in force')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) =>
      run(options, async (session) => {
        const { held } = await session.call('roster.read', {});
        session.print({ held }, () => (held === null ? 'This console holds no roster, so nobody’s approval or attestation can count. countersign roster adopt FILE --digest SHA256 takes one.' : describe(held)));
        session.finish(held !== null && held.problem === null ? 0 : 1);
      }),
    );

  roster
    .command('adopt')
    .description('take a roster: the first by the digest that came by another way, a later one by its signatures')
    .argument('<file>', 'roster.json, with NAME.asc signatures of its administrators beside it')
    .option('--digest <sha256>', 'the SHA-256 of the file, as it was read to you by another way')
    .option(...JSON_FLAG)
    .action((file: string, options: { digest?: string; json?: boolean }) =>
      run(options, async (session) => {
        const adopted = await session.call('roster.adopt', { file, digest: options.digest?.toLowerCase() ?? null });
        session.print(adopted, () => describe(adopted));
      }),
    );
};

function describe({ roster, version, digest, expires, problem, threshold, policies, people }: Output<'roster.adopt'>): string {
  const signers = people.filter(({ signedThis }) => signedThis);
  return [
    `${roster}, version ${version}, ${problem === null ? `in force until ${expires}` : `not in force: ${problem}`}`,
    `  SHA-256 ${digest}`,
    `  signed by ${signers.map(({ name }) => name).join(', ') || 'nobody'} (${threshold} needed)`,
    ...policies.map((policy) => `  policy file ${policy}`),
    ...people.map(({ name, roles, status, keys }) => `  ${name}${status === 'active' ? '' : ` (${status})`}: ${roles.join(', ') || 'no role'}; ${keys.map(({ fingerprint, use }) => `0x${fingerprint.slice(-16)} ${use.join('+')}`).join(', ') || 'no key'}`),
  ].map(printable).join('\n');
}

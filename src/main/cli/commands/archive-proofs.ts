import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { readVkeys } from '../vkey-option.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

/** Under `archive`: proofs for outsiders, and their check. */
export const archiveProofCommands: AddCommands = (program) => {
  const archive = program.commands.find((command) => command.name() === 'archive') ?? program;

  archive
    .command('prove').description('write the proof that an entry stands in its log (C2SP tlog-proof), with the entry’s exact bytes').argument('<entry>', 'SEQ of this console, or ORIGIN#SEQ')
    .option('--out <folder>', 'where the pair is written').option('--beside <folder>', 'a release folder: a pair beside each artifact that the record gives the SHA-256 of').option(...JSON_FLAG)
    .action((id: string, options: { out?: string; beside?: string; json?: boolean }) =>
      run(options, async (session) => {
        const proven = await session.call('archive.prove', { id, out: options.out ?? null, beside: options.beside ?? null });
        session.print(proven, () => provenWords(proven));
      }),
    );

  archive
    .command('check-proof').description('check that an entry stood in a log as of a checkpoint, by a key that came by another way').argument('<file>', 'NAME.tlog-proof')
    .option('--entry <file>', 'the entry; NAME.entry.json beside it where it is left out').option('--vkey <key>', 'the key of the log, or of a witness: the vkey itself or a file that holds it (may be repeated)', collect).option(...JSON_FLAG)
    .action((file: string, options: { entry?: string; vkey?: string[]; json?: boolean }) =>
      run(options, async (session) => {
        const checked = await session.call('archive.checkProof', { file, entry: options.entry ?? null, vkeys: await readVkeys(options.vkey ?? []) });
        session.print(checked, () => checkedWords(checked).map(printable).join('\n'));
        session.finish(checked.verdict === 'good' ? 0 : 1);
      }),
    );
};

function provenWords({ id, size, vkey, proof, witnesses, written, left }: Output<'archive.prove'>): string {
  if (written.length === 0) return proof.trimEnd();
  return [
    `${id} stands in its log as of ${size} entries${witnesses.length === 0 ? ', which nobody else has cosigned yet' : `, seen by ${witnesses.map(({ witness, time }) => `${witness} at ${time}`).join(', ')}`}.`,
    ...written.map((path) => `  ${path}`), ...left.map(({ name, why }) => `  not for ${name}: ${why}`),
    `Who checks it needs this key by another way: ${vkey}`,
  ].map(printable).join('\n');
}

function checkedWords({ verdict, id, size, event_type: type, witnesses, artifacts }: Output<'archive.checkProof'>): string[] {
  return [
    `${verdict === 'good' ? 'good' : 'KEY UNKNOWN'}: ${id}, a record of ${type}, stood in its log as of ${size} entries.`,
    ...(verdict === 'good' ? [] : ['  Only the proof itself says whose log it is: name the log’s key, as it came by another way, with --vkey.']),
    ...witnesses.map(({ witness, time }) => `  seen by ${witness} not later than ${time}`),
    ...Object.entries(artifacts).map(([name, sha256]) => `  ${sha256}  ${name}`),
  ];
}

import { readVkeys } from '../vkey-option.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

interface Respond { readonly out: string; readonly vkey?: string; readonly json?: boolean }
interface Accept { readonly request?: string; readonly vkey?: string; readonly json?: boolean }

/** Witnessing by one text file each way, for a console that is never online (C2SP tlog-witness). */
export const witnessCommands: AddCommands = (program) => {
  const witness = program.command('witness').description('have other consoles cosign this one’s log, and cosign theirs, by files that are carried');

  witness
    .command('request').description('write what this console’s log asks of a witness').requiredOption('--out <file>', 'the request')
    .option('--for <witness>', 'the witness: its name where it is known here, or its vkey').option('--old <size>', 'the size that the witness says it cosigned last', wholeNumber).option(...JSON_FLAG)
    .action((options: { out: string; for?: string; old?: number; json?: boolean }) =>
      run(options, async (session) => {
        const asked = await session.call('witness.request', { witness: options.for ?? null, old: options.old ?? null, out: options.out });
        session.print(asked, () => printable(`Wrote ${asked.file}: ${asked.size} entries of ${asked.origin}, from ${asked.oldSize} on. Hand it to the witness, who runs: countersign witness respond FILE --out ANSWER`));
      }),
    );

  witness
    .command('respond').description('cosign another log’s checkpoint, where it continues what this console cosigned before').argument('<request>', 'what the log asked')
    .requiredOption('--out <file>', 'the answer').option('--vkey <key>', 'the log’s key, as it came by another way: the vkey itself or a file that holds it').option(...JSON_FLAG)
    .action((file: string, options: Respond) =>
      run(options, async (session) => {
        const answered = await session.call('witness.respond', { file, vkey: await named(options.vkey), out: options.out });
        session.print(answered, () => printable(answered.cosigned
          ? `Cosigned ${answered.size} entries of ${answered.origin} at ${answered.time}. Hand ${answered.file} back; this witness’ key: ${answered.vkey}`
          : `NOT COSIGNED (${answered.status}): ${answered.message}`));
        session.finish(answered.cosigned ? 0 : 1);
      }),
    );

  witness
    .command('accept').description('take a witness’ answer in').argument('<answer>', 'what the witness wrote')
    .option('--request <file>', 'what was asked, where the log has grown since').option('--vkey <key>', 'the witness’ key, as it came by another way').option(...JSON_FLAG)
    .action((file: string, options: Accept) =>
      run(options, async (session) => {
        const taken = await session.call('witness.accept', { file, request: options.request ?? null, vkey: await named(options.vkey) });
        session.print(taken, () => taken.accepted.map(({ witness: name, time }) => `${name} saw ${taken.size} entries of ${taken.origin} at ${time}.`).map(printable).join('\n'));
      }),
    );
};

async function named(vkey: string | undefined): Promise<string | null> {
  return vkey === undefined ? null : ((await readVkeys([vkey]))[0] ?? null);
}

import { InvalidArgumentError } from 'commander';
import type { ArchiveVerification } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { readVkeys } from '../vkey-option.ts';
import { collect, JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

const EVENTS = ['release', 'deployment', 'rollback'] as const;
const FORMATS = ['tiles', 'jsonl', 'csv'] as const;

export const archiveCommands: AddCommands = (program) => {
  program
    .command('record')
    .description('record a release, deployment or rollback: as this console can vouch for it (--strict), or one that was made elsewhere, which is marked as imported')
    .argument('<event>', EVENTS.join(', '), (value) => {
      const event = EVENTS.find((known) => known === value);
      if (event === undefined) throw new InvalidArgumentError(`It is one of ${EVENTS.join(', ')}`);
      return event;
    })
    .requiredOption('--from <file>', 'the record, as JSON')
    .option('--strict', 'held against the repository, the recorded signatures and approvals, and the roster; not marked as imported')
    .option('--repo <folder>', 'with --strict: the repository of the release’s commit')
    .option('--attach <file>', 'a file that is kept with it (may be repeated)', collect)
    .option(...JSON_FLAG)
    .action((event: (typeof EVENTS)[number], options: { from: string; strict?: boolean; repo?: string; attach?: string[]; json?: boolean }) =>
      run(options, async (session) => {
        const attach = options.attach ?? [];
        if (options.strict === true) {
          const composed = await session.call('archive.compose', { event, from: options.from, repo: options.repo ?? null, attach, task: undefined });
          session.print(composed, () => [`Recorded as ${composed.id}.`, ...composed.refs.map(({ rel, id }) => `  ${rel} ${id}`)].map(printable).join('\n'));
          return;
        }
        const appended = await session.call('archive.record', { event, from: options.from, attach, task: undefined });
        session.print(appended, () => [`Recorded as ${appended.id}, imported.`, ...appended.warnings.map((warning) => `  ${warning}`)].map(printable).join('\n'));
      }),
    );

  const archive = program.command('archive').description('the Genesis Archive of this console');

  archive
    .command('append')
    .description('append records that were made elsewhere, one JSON object a line; they are marked as imported')
    .requiredOption('--from <file>', 'the records, as JSON lines')
    .option('--attachments <folder>', 'where the files lie that lines name as their attachments')
    .option(...JSON_FLAG)
    .action((options: { from: string; attachments?: string; json?: boolean }) =>
      run(options, async (session) => {
        const result = await session.call('archive.append', { from: options.from, attachments: options.attachments ?? null, task: undefined });
        const { count, warned, appended } = result;
        const shown = appended.filter(({ warnings }) => warnings.length > 0);
        session.print(result, () =>
          [
            `Appended ${counted(count, 'record')}, imported.`,
            ...shown.flatMap(({ id, warnings }) => warnings.map((warning) => `  ${id}: ${warning}`)),
            ...(warned > shown.length ? [`  ${warned - shown.length} more lack something that policy §11 asks for; archive show says what.`] : []),
          ].map(printable).join('\n'),
        );
      }),
    );

  archive
    .command('list')
    .description('list the entries of every known log, newest first')
    .option('--origin <origin>', 'of this log only')
    .option('--event <type>', 'of this event type only')
    .option('--release <version>', 'about this release only')
    .option('--offset <number>', 'leave out so many', wholeNumber, 0)
    .option('--limit <number>', 'print so many at the most', wholeNumber, 10_000)
    .option(...JSON_FLAG)
    .action((options: { origin?: string; event?: string; release?: string; offset: number; limit: number; json?: boolean }) =>
      run(options, async (session) => {
        const listed = await session.call('archive.list', {
          origin: options.origin ?? null, event_type: options.event ?? null, release: options.release ?? null, offset: options.offset, limit: options.limit,
        });
        session.print(listed, () =>
          listed.entries
            .map(({ id, time, event_type, summary, imported, person }) => `${id}  ${time}  ${event_type}${imported ? ' (imported)' : ''}${person === 'not-proven' ? ' (person not proven)' : ''}  ${summary}`)
            .map(printable).join('\n') || 'The archive holds no entry.',
        );
      }),
    );

  archive
    .command('show')
    .description('print one entry')
    .argument('<entry>', 'SEQ of this console, or ORIGIN#SEQ')
    .option(...JSON_FLAG)
    .action((id: string, options: { json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('archive.show', { id });
        const { attachments } = await session.call('archive.attachments', { id });
        session.print({ ...shown, attachments }, () => shownLines(shown, attachments).map(printable).join('\n'));
      }),
    );

  archive
    .command('verify')
    .description('recompute every entry and every root of this archive, or of an export of one')
    .option('--from <folder>', 'an export to verify')
    .option('--vkey <key>', 'a log key that came by another way: the vkey itself or a file that holds it (may be repeated)', collect)
    .option(...JSON_FLAG)
    .action((options: { from?: string; vkey?: string[]; json?: boolean }) =>
      run(options, async (session) => {
        const verification = await session.call('archive.verify', { from: options.from ?? null, vkeys: await readVkeys(options.vkey ?? []), task: undefined });
        session.print(verification, () => describe(verification));
        session.finish(verification.verdict === 'good' ? 0 : 1);
      }),
    );

  archive
    .command('export')
    .description('write the archive for others to read and verify')
    .requiredOption('--format <format>', 'tiles, jsonl or csv', (value) => {
      const format = FORMATS.find((known) => known === value);
      if (format === undefined) throw new InvalidArgumentError('It is tiles, jsonl or csv');
      return format;
    })
    .requiredOption('--out <folder>', 'a folder that is not there yet, or is empty')
    .option(...JSON_FLAG)
    .action((options: { format: (typeof FORMATS)[number]; out: string; json?: boolean }) =>
      run(options, async (session) => {
        const written = await session.call('archive.export', { format: options.format, out: options.out, task: undefined });
        session.print(written, () => `${written.path}: ${counted(written.entries, 'entry', 'entries')} of ${counted(written.logs, 'log')} in ${counted(written.files, 'file')}`);
      }),
    );
};

/** Who vouches for an entry and who saw it when, before its own words; made of what others wrote. */
function shownLines(shown: Output<'archive.show'>, attachments: Output<'archive.attachments'>['attachments']): string[] {
  const { id, leaf, entry, person, warnings, referredBy, witnessed, seenBy, witnessesNeeded, notBefore, notAfter } = shown;
  return [
    id,
    `leaf ${leaf}`,
    `person ${person === 'not-needed' ? 'not needed: a machine observed it' : person === 'proven' ? 'proven' : 'not proven'}`,
    `made ${notBefore === null ? '' : `not before ${notBefore.time} (${notBefore.id}), `}${notAfter === null ? '' : `not after ${notAfter}, `}by its own console’s clock at ${entry.time}`,
    seenBy.length === 0 ? 'seen by no other console yet' : `${witnessed}, by the ${witnessesNeeded} that are asked for: ${seenBy.map(({ witness, person: owner, time }) => `${witness}${owner === null ? '' : ` of ${owner}`} at ${time}`).join(', ')}`,
    ...referredBy.map(({ rel, id: from }) => `${from} points at it (${rel})`),
    ...warnings,
    ...attachments.map(({ name, size, state, said }) => `attachment ${name}, ${size} bytes: ${state}. ${said}`),
    ...JSON.stringify(entry, null, 2).split('\n'),
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function describe({ verdict, entries, logs, problems }: ArchiveVerification): string {
  return [
    `${verdict}: ${entries} entries in ${logs.length} logs`,
    ...logs.map((log) => `  ${log.origin}: ${log.size} entries, ${log.verdict}`),
    ...problems.map(({ code, message, place }) => `  ${code}: ${message}${place === null ? '' : ` (${place})`}`),
    ...(verdict === 'key-unknown' ? ['  Consistent in itself, but the log key came with the export: name it with --vkey, from another way.'] : []),
  ].map(printable).join('\n');
}

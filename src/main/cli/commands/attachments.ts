import type { Command } from 'commander';
import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

interface About { readonly entry?: string; readonly name?: string; readonly release?: string[]; readonly everything?: boolean }
interface Decision { readonly why: string; readonly key?: string; readonly json?: boolean }

const KEY = ['--key <fingerprint>', 'your key for approvals, as the roster names it; needed where a roster is in force'] as const;
const MIB = 1024 * 1024;

/** Attachments: written out again, kept, held and withheld. */
export const attachmentCommands: AddCommands = (program) => {
  const archive = program.commands.find((command) => command.name() === 'archive') ?? program.command('archive');
  archive
    .command('attachment')
    .description('write an attachment of an entry to a file that is not there yet, verified on the way')
    .argument('<entry>', 'SEQ of this console, or ORIGIN#SEQ').argument('[name]', 'its name or its SHA-256; may be left out where there is one')
    .requiredOption('--out <file>', 'the file')
    .option('--from <url>', 'where it is not here: fetch it from this shared archive, whatever its size')
    .option(...JSON_FLAG)
    .action((id: string, name: string | undefined, options: { out: string; from?: string; json?: boolean }) =>
      run(options, async (session) => {
        const written = await session.call('archive.attachment', { id, name: name ?? null, out: options.out, from: options.from ?? null, task: undefined });
        session.print(written, () => printable(`${written.path}: ${written.size} bytes, SHA-256 ${written.sha256}${written.fetched ? ', fetched' : ''}`));
      }));

  archive
    .command('withhold')
    .description('take the bytes of an attachment away, here and wherever this archive goes; its digest and a tombstone stay')
    .argument('<entry>', 'SEQ of this console, or ORIGIN#SEQ').argument('[name]', 'its name or its SHA-256; may be left out where there is one')
    .requiredOption('--why <text>', 'the reason').requiredOption('--class <name>', 'the retention class of the policy under which it goes, such as personal-data')
    .option(...KEY).option(...JSON_FLAG)
    .action((id: string, name: string | undefined, options: Decision & { class: string }) =>
      run(options, async (session) => {
        const withheld = await session.call('archive.withhold', { id, name: name ?? null, class: options.class, reason: options.why, key: options.key ?? null, task: undefined });
        session.print(withheld, () => printable(`${withheld.name} is withheld, recorded as ${withheld.record}; ${withheld.removed ? 'its bytes were removed here' : 'its bytes were not here'}. Sync to have it removed elsewhere.`));
      }));

  holdCommands(archive.command('hold').description('legal holds: what is under one is not withheld'));

  archive
    .command('retention')
    .description('attachments by class, those that are due first, and the legal holds that stand')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) =>
      run(options, async (session) => {
        const found = await session.call('archive.retention', {});
        session.print(found, () => words(found).map(printable).join('\n'));
      }));
};

function holdCommands(hold: Command): void {
  hold
    .command('place').description('nothing of this is withheld until the hold is lifted').argument('<hold>', 'how it is called, such as a case')
    .requiredOption('--why <text>', 'the reason')
    .option('--entry <entry>', 'the attachments of this entry').option('--name <name>', 'with --entry: this attachment only')
    .option('--release <version>', 'every attachment of entries about this release (may be repeated)', collect).option('--everything', 'every attachment')
    .option(...KEY).option(...JSON_FLAG)
    .action((name: string, options: Decision & About) =>
      run(options, async (session) => {
        const attachments = options.entry === undefined ? [] : options.name !== undefined ? [{ id: options.entry, name: options.name }]
          : (await session.call('archive.attachments', { id: options.entry })).attachments.map((one) => ({ id: options.entry ?? '', name: one.sha256 }));
        const about = { attachments, releases: options.release ?? [], everything: options.everything === true };
        const placed = await session.call('archive.hold', { act: 'place', hold: name, reason: options.why, key: options.key ?? null, about, task: undefined });
        session.print(placed, () => printable(`The hold ${placed.hold} stands, recorded as ${placed.record}.`));
      }));
  hold
    .command('lift').description('the hold stands no longer').argument('<hold>', 'how it is called, or its record')
    .requiredOption('--why <text>', 'the reason').option(...KEY).option(...JSON_FLAG)
    .action((name: string, options: Decision) =>
      run(options, async (session) => {
        const lifted = await session.call('archive.hold', { act: 'lift', hold: name, reason: options.why, key: options.key ?? null, task: undefined });
        session.print(lifted, () => printable(`The hold ${lifted.hold} is lifted, recorded as ${lifted.record}.`));
      }));
}

function words({ classes, attachments, holds }: Output<'archive.retention'>): string[] {
  const sized = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
  return [
    ...classes.map(({ class: name, years, erase }) => {
      const inClass = attachments.filter((one) => one.class === name);
      return `${name}: ${years === null ? 'kept for good' : `${years} year${years === 1 ? '' : 's'}`}${erase === 'any-time' ? ', may go before' : ''}; ${inClass.length} here, ${sized(inClass.reduce((sum, { size }) => sum + size, 0))}, ${inClass.filter(({ state }) => state === 'due').length} due`;
    }),
    ...attachments.filter(({ state }) => state !== 'kept').map(({ entry, name, class: of, due, state, holds: held }) => `  ${state}: ${name} of ${entry} (${of ?? 'no class'}${due === null ? '' : `, until ${due}`})${held.length === 0 ? '' : `, under ${held.join(', ')}`}`),
    ...(holds.length === 0 ? ['No legal hold stands.'] : holds.map(({ hold, id, by, at, reason, about }) => `hold ${hold} on ${about}, placed by ${by} at ${at} (${id}): ${reason}`)),
  ];
}

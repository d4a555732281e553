import { counterWords, type Card, type CardStatus } from '../../../core/model/card.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';
import { signedBy, withKey, type WhoSigns } from './who-signs.ts';

/** The card in the reader: whose it is, what it can sign, how many PIN tries are left. */
export const cardCommands: AddCommands = (program) => {
  const cards = program
    .command('cards')
    .description('show the card in the reader: whose it is, its keys, PIN tries left, signature counter and touch')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) =>
      run(options, async (session) => {
        const found = await session.call('cards.status', {});
        const { last } = found.card === null ? { last: null } : await session.call('cards.counter', { card: found.card.id });
        session.print({ ...found, lastRecorded: last }, () => [describe(found), ...(found.card === null ? [] : [printable(`  ${counterWords(found.card.signatures, last)}`)])].join('\n'));
        session.finish(found.state === 'ready' ? 0 : 1);
      }),
    );
  cards
    .command('enrol')
    .description('record that the card in the reader is taken into use: what it is, what it says of its key, where its revocation is sealed')
    .requiredOption('--person <name>', 'whose it is, as the roster names them')
    .option('--spare', 'it waits, sealed, for the other to be lost')
    .option('--attestation <file>', 'a certificate with which its maker attests the key (may be repeated)', collect)
    .option('--revocation-sealed <words>', 'where the printed revocation certificate is sealed')
    .option(...JSON_FLAG)
    .action((options: { person: string; spare?: boolean; attestation?: string[]; revocationSealed?: string; json?: boolean }, command: { parent: { opts: () => { json?: boolean } } | null }) =>
      // The command that it belongs to knows --json too, and takes it.
      run({ json: options.json === true || command.parent?.opts().json === true }, async (session) => {
        const enrolled = await session.call('cards.enrol', { person: options.person, spare: options.spare === true, attestations: options.attestation ?? [], revocationSealed: options.revocationSealed ?? null });
        const { card, facts, record, warnings } = enrolled;
        session.print(enrolled, () => [
          `Card ${card.serial} by ${card.manufacturer} is enrolled for ${options.person}, recorded as ${record}.`,
          `  key ${card.keys.sign ?? ''}, ${ORIGINS[facts.keyOrigin]}; firmware ${facts.firmware ?? 'not told'}`,
          ...warnings.map((words) => `  ${words}`),
        ].map(printable).join('\n'));
      }),
    );
  withKey(cards.command('set-aside').description('set a release key aside for emergencies, by your signature; it counts so once two people did').argument('<fingerprint>', 'the release key, as the roster names it'))
    .requiredOption('--statement <words>', 'where its card is sealed, and how it is had at night')
    .option(...JSON_FLAG)
    .action((fingerprint: string, options: WhoSigns & { statement: string; json?: boolean }, command: { parent: { opts: () => { json?: boolean } } | null }) =>
      run({ json: options.json === true || command.parent?.opts().json === true }, async (session) => {
        const done = await session.call('cards.setAside', { fingerprint, statement: options.statement, ...(await signedBy(options)) });
        session.print(done, () => printable(`${done.fingerprint} is ${done.setAside ? 'set aside for emergencies' : 'not set aside yet: another person has to say so as well'}, by ${done.by.join(' and ')} (${done.record}).`));
      }),
    );
};

const ORIGINS = { generated: 'made on the card', imported: 'moved to the card', unknown: 'of which it does not say where it was made' } as const;

function describe({ message, hint, card, readers }: CardStatus): string {
  const lines = [[message, hint].filter((part) => part !== null).join(' '), ...(card === null ? readers.map((reader) => `  reader ${reader}`) : describeCard(card))];
  return lines.map(printable).join('\n');
}

function describeCard({ reader, manufacturer, serial, version, holder, keys, algorithm, tries, signatures, touch, pinEachTime }: Card): string[] {
  return [
    `  card ${serial} by ${manufacturer}, OpenPGP ${version}, in ${reader}`,
    ...(holder === null ? [] : [`  holder ${holder}`]),
    keys.sign === null ? '  no signing key' : `  signs with ${keys.sign}${algorithm === null ? '' : ` (${algorithm})`}`,
    `  PIN tries left: ${tries.user} for the user, ${tries.reset} for the reset code, ${tries.admin} for the administrator`,
    `  signatures made so far: ${signatures}`,
    `  touch: ${touch ?? 'the card does not say'}; PIN ${pinEachTime ? 'asked for each signature' : 'asked once while the card is in'}`,
  ];
}

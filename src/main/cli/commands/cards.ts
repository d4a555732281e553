import { counterWords, type Card, type CardStatus } from '../../../core/model/card.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

/** The card in the reader: whose it is, what it can sign, how many PIN tries are left. */
export const cardCommands: AddCommands = (program) => {
  program
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
};

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

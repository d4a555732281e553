import { InvalidArgumentError, type Command } from 'commander';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run } from './run.ts';

interface Asked {
  readonly count?: number;
  readonly out?: string;
  readonly replace?: boolean;
  readonly proposal?: string;
  readonly json?: boolean;
}

/** Codes by which somebody is known on the telephone (FORMATS §7). */
export function voiceCodeCommand(roster: Command): void {
  roster
    .command('codes')
    .description('make single-use voice codes for somebody, which are printed this once; without a person, say how many everybody has left')
    .argument('[person]', 'their id in the roster')
    .option('--count <n>', 'how many, from 1 to 50; one more is made for duress', count)
    .option('--out <file>', 'the next version of the roster, which holds their hashes; nothing is replaced')
    .option('--replace', 'strike out the codes that they have')
    .option('--proposal <file>', 'a next version that was proposed already, which is gone on with')
    .option(...JSON_FLAG)
    .action((person: string | undefined, asked: Asked) =>
      run(asked, async (session) => {
        if (person === undefined) {
          const { people } = await session.call('roster.voiceCodes', {});
          session.print({ people }, () => statusWords(people));
          return;
        }
        if (asked.out === undefined) throw new AppError('bad-input', 'The next version of the roster needs a file.', { hint: `countersign roster codes ${printable(person)} --count 10 --out FILE` });
        const made = await session.call('roster.makeVoiceCodes', { person, count: asked.count ?? 10, replace: asked.replace === true, file: asked.proposal ?? null, out: asked.out, task: undefined });
        session.note('These codes are shown this once, and are kept nowhere: print them, and clear what the terminal remembers.');
        session.print(made, () => madeWords(made));
      }),
    );
}

function madeWords({ name, codes, file, version, digest, changes, next }: Output<'roster.makeVoiceCodes'>): string {
  return [
    `Voice codes of ${name}. Each is read aloud once, the lowest first, and crossed out.`,
    ...codes.filter(({ duress }) => !duress).map(({ id, words }) => `  ${id}  ${words.join(' ')}`),
    'Under duress read this one instead. It is taken like any other, and opens nothing.',
    ...codes.filter(({ duress }) => duress).map(({ id, words }) => `  ${id}  ${words.join(' ')}`),
    '', `${file} is version ${version}, SHA-256 ${digest}`, ...changes.map((change) => `  ${change}`), ...next.map((one) => `  next: ${one}`),
  ].map(printable).join('\n');
}

function statusWords(people: Output<'roster.voiceCodes'>['people']): string {
  const shown = people.filter(({ codes, phones }) => codes.length > 0 || phones.length > 0);
  if (shown.length === 0) return 'Nobody has a voice code or a number. countersign roster codes PERSON --count 10 --out FILE makes some.';
  return shown.flatMap(({ id, name, phones, left, codes }) => [
    `${name} (${id}): ${left} ${left === 1 ? 'code' : 'codes'} left${phones.length === 0 ? ', no number' : `; ${phones.join(', ')}`}`,
    ...codes.flatMap((code) => (code.burntBy === null ? [] : [`  ${code.id} burnt by ${code.burntBy}`])),
  ]).map(printable).join('\n');
}

function count(value: string): number {
  if (!/^[1-9]\d?$/.test(value) || Number(value) > 50) throw new InvalidArgumentError('It is a whole number from 1 to 50');
  return Number(value);
}

import { createInterface } from 'node:readline';
import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import { printable } from '../progress-line.ts';
import type { Session } from '../session.ts';
import { run, type AddCommands } from './run.ts';

/** So many vectors of standard input are scored and printed at once. */
const AT_ONCE = 1_000;

/** Scores vectors, given or one a line on standard input. */
export const cvssCommand: AddCommands = (program) => {
  program
    .command('cvss')
    .description('score CVSS vectors of 2.0, 3.0, 3.1 and 4.0; without one, one a line is read from standard input')
    .argument('[vectors...]', 'such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')
    .option('--json', 'print one JSON object a line on standard output')
    .option('--explain', 'say for each metric what its answer means')
    .action((vectors: readonly string[], options: { readonly json?: boolean; readonly explain?: boolean }) =>
      run(options, async (session) => {
        let refused = 0;
        const each = async (some: readonly string[]): Promise<void> => {
          const { scores } = await session.call('cvss.score', { vectors: [...some] });
          refused += scores.filter((one) => 'error' in one).length;
          const lines = await Promise.all(scores.map(async (one) => (options.json === true ? JSON.stringify(one) : [inWords(one), ...(options.explain === true ? await explained(session, one) : [])].map(printable).join('\n'))));
          await written(`${lines.join('\n')}\n`);
        };
        if (vectors.length > 0) await each(vectors);
        else await eachLine(each);
        session.finish(refused === 0 ? 0 : 1);
      }));
};

async function eachLine(each: (some: readonly string[]) => Promise<void>): Promise<void> {
  let some: string[] = [];
  // An empty line is answered too, so that lines and answers stay beside each other.
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    some.push(line);
    if (some.length < AT_ONCE) continue;
    await each(some);
    some = [];
  }
  if (some.length > 0) await each(some);
}

/** Waits where whoever reads is slower. */
function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (cause) => (cause == null ? resolve() : reject(cause)));
  });
}

function inWords(one: ScoredOrRefused): string {
  if ('error' in one) return `refused at character ${one.at}: ${one.error}  ${one.vector}`;
  const more = [['temporal', one.temporal], ['threat', one.threat], ['environmental', one.environmental]].flatMap(([name, score]) => (typeof score === 'number' ? [`${name ?? ''} ${score.toFixed(1)}`] : []));
  return `${one.base.toFixed(1).padStart(4)} ${one.severity.padEnd(8)} ${one.vector}${more.length === 0 ? '' : `  ${more.join(', ')}`}`;
}

async function explained(session: Session, one: ScoredOrRefused): Promise<string[]> {
  if ('error' in one) return [];
  const { metrics } = await session.call('cvss.metrics', { version: one.version });
  const said = new Map(one.vector.replaceAll(/^\(|\)$/g, '').split('/').map((part): [string, string] => {
    const [id = '', code = ''] = part.split(':');
    return [id, code];
  }));
  return metrics.flatMap(({ id, name, asks, values }) => {
    const value = values.find(({ code }) => code === said.get(id));
    return value === undefined ? [] : [`     ${`${id}:${value.code}`.padEnd(8)} ${name}: ${asks} ${value.name}. ${value.says}.`];
  });
}

import { InvalidArgumentError } from 'commander';
import type { ExplainedLine } from '../../../core/contract/policy-calls.ts';
import { AppError } from '../../../core/model/errors.ts';
import { CheckId } from '../../../core/model/verdict.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

export const explainCommand: AddCommands = (program) => {
  program
    .command('explain')
    .description('print a line of the checklist: its clause, the evidence it accepts with samples, how to make it, and what turns it green')
    .argument('[check-id]', 'the line', checkIdOf)
    .option('--list', 'every line with its clause')
    .option('--policy <file>', 'another policy file')
    .option(...JSON_FLAG)
    .action((check: CheckId | undefined, options: { list?: boolean; policy?: string; json?: boolean }) =>
      run(options, async (session) => {
        if (check === undefined && options.list !== true) throw new AppError('bad-input', 'Name a line of the checklist.', { hint: 'countersign explain --list names them.' });
        const { policy, lines } = await session.call('policy.explain', { check: options.list === true ? null : (check ?? null), policyFile: options.policy ?? null });
        const [line] = lines;
        if (options.list === true) session.print({ policy, lines }, () => listed(lines));
        else if (line !== undefined) session.print(line, () => describe(line, policy));
      }),
    );
};

function checkIdOf(value: string): CheckId {
  const parsed = CheckId.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError('countersign explain --list names the lines');
  return parsed.data;
}

function listed(lines: readonly ExplainedLine[]): string {
  return lines.map(({ id, section, words }) => printable(`§${section}  ${id.padEnd(26)}  ${words}`)).join('\n');
}

const JUDGES: Readonly<Record<ExplainedLine['judgedBy'], string>> = {
  machine: 'The machine, from evidence; nobody can attest it', attestation: 'A person, by signed attestation', approval: 'A person, by signed approval',
};

function describe(line: ExplainedLine, policy: { readonly id: string; readonly title: string; readonly version: string; readonly file: string }): string {
  const { id, section, sectionTitle, words, applies, judgedBy, roles, question, green, accepts, rules, commands, errata } = line;
  const out = [
    `${id}  §${section} ${sectionTitle}`, `“${words}”`, `${policy.id} ${policy.version}, ${policy.title}, from ${policy.file}`, '',
    `Applies to    ${applies}`,
    `Judged by     ${JUDGES[judgedBy]}${roles.length === 0 ? '' : ` (${roles.join(' or ')})`}`,
    ...(question === null ? [] : [`Asked         ${question}`]),
    `Turns green   ${green}`,
    '', 'Evidence',
  ];
  for (const [index, { what, kinds, make, samples }] of accepts.entries()) {
    out.push(`${index + 1}. ${what}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`);
    out.push(...make.map((command) => `   make    ${command}`));
    for (const { kind, name, text } of samples) out.push(`   sample${name === null ? '' : `  ${name} (${kind ?? ''})`}`, ...text.trimEnd().split('\n').map((row) => `     ${row}`));
  }
  if (accepts.some(({ kinds }) => kinds.length > 0)) out.push('', 'A report that does not name its commit is bound to it with: countersign manifest DIR --commit ID');
  if (commands.length > 0) out.push('', 'Run here', ...commands.map(({ name, run: command, folder }) => `   ${name}: ${command} (in ${folder})`));
  if (rules.length > 0) out.push('', 'Rules');
  for (const { name, value, source, meaning } of rules) {
    out.push(`   ${name} (${source}): ${meaning}`, ...value.map((entry) => `     ${entry}`));
  }
  if (errata.length > 0) out.push('', 'Carried out otherwise than its letter', ...errata.flatMap((erratum) => [`   “${erratum.words}”: ${erratum.instead} ${erratum.why}`]));
  return out.map(printable).join('\n');
}

import { InvalidArgumentError } from 'commander';
import { ReleaseType } from '../../../core/model/primitives.ts';
import type { CheckId } from '../../../core/model/verdict.ts';
import type { StatementDraft } from '../../../core/contract/statement-calls.ts';
import { PASSPHRASE_FD } from '../passphrase.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';
import { LOCAL_KEY, signedBy, type WhoSigns } from './who-signs.ts';

interface Common extends WhoSigns { readonly json?: boolean }
interface OfRelease extends Common { readonly repo: string; readonly release: string; readonly statement: string; readonly policy?: string; readonly evidence?: string[]; readonly detail?: string[] }
interface Risk extends Common {
  readonly release?: string; readonly vulnerability: string[]; readonly package?: string[]; readonly askedBy: string; readonly reason: string; readonly control: string; readonly until: string;
}

const KEY = ['--key <fingerprint>', 'your key for approvals, as the roster names it'] as const;

/** What a person signs into the archive with their own key; the roster in force says whether it counts. */
export const statementCommands: AddCommands = (program) => {
  program
    .command('attest')
    .description('sign your word on a line of the checklist that only a person can know')
    .argument('<check-id>')
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--release <version>', 'the version that it is about')
    .requiredOption('--statement <words>', 'what you say')
    .requiredOption(...KEY)
    .option('--evidence <file>', 'a file that you looked at; its digest is signed too (may be repeated)', collect)
    .option('--detail <name=words>', 'what the line asks for by name, such as firm, tested_on and retested_on of a penetration test (may be repeated)', collect)
    .option('--policy <file>', 'another policy file')
    .option(...JSON_FLAG)
    .action((check: string, options: OfRelease) =>
      sign(options, { kind: 'line', repo: options.repo, release: options.release, policyFile: options.policy ?? null, check: check as CheckId, statement: options.statement, files: options.evidence ?? [], details: detailsOf(options.detail ?? []) }));

  for (const [name, kind, description] of [
    ['bind', 'binding', 'sign that reports which name no commit were made from the release’s commit'],
    ['allow-suppressions', 'suppression', 'sign, as security architect, that suppressions, a baseline or a VEX file may take findings away'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .argument('<file...>')
      .requiredOption('--repo <folder>', 'the git repository')
      .requiredOption('--release <version>', 'the version that they are about')
      .requiredOption('--statement <words>', 'how you know, or why they may')
      .requiredOption(...KEY)
      .option(...JSON_FLAG)
      .action((files: string[], options: OfRelease) => sign(options, { kind, repo: options.repo, release: options.release, statement: options.statement, files }));
  }

  program
    .command('fewer-types')
    .description('sign that a release is not of a type that is derived for it: somebody else asked, you sign')
    .requiredOption('--type <type>', 'major, minor, patch, security or emergency (may be repeated)', collect)
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--release <version>', 'the version that it is about')
    .requiredOption('--asked-by <person>', 'id of who asked for it, as the roster has it')
    .requiredOption('--statement <words>', 'why it is not')
    .requiredOption(...KEY)
    .option('--policy <file>', 'another policy file')
    .option(...JSON_FLAG)
    .action((options: OfRelease & { readonly type: string[]; readonly askedBy: string }) =>
      sign(options, { kind: 'types', repo: options.repo, release: options.release, policyFile: options.policy ?? null, types: options.type.map(typeNamed), askedBy: options.askedBy, statement: options.statement }));

  program
    .command('accept-risk')
    .description('sign that a finding may stay for a time: somebody else asked, you accept')
    .requiredOption('--vulnerability <id>', 'CVE, GHSA or the tool’s own name of it (may be repeated)', collect)
    .option('--package <name>', 'only in this package, by name or purl (may be repeated)', collect)
    .option('--release <version>', 'only for this version; else for every release until it ends')
    .requiredOption('--asked-by <person>', 'id of who asked for it, as the roster has it')
    .requiredOption('--reason <words>', 'why it may stay')
    .requiredOption('--control <words>', 'what is done instead')
    .requiredOption('--until <time>', 'when the acceptance ends (RFC 3339, UTC)')
    .requiredOption(...KEY)
    .option(...JSON_FLAG)
    .action((options: Risk) =>
      sign(options, {
        kind: 'risk', release: options.release ?? null, vulnerabilities: options.vulnerability, packages: options.package ?? [], askedBy: options.askedBy,
        reason: options.reason, compensatingControl: options.control, until: options.until,
      }));

  for (const command of program.commands.filter((one) => SIGNED.has(one.name()))) {
    command.option(...LOCAL_KEY).option(...PASSPHRASE_FD);
  }
};

const SIGNED: ReadonlySet<string> = new Set(['attest', 'bind', 'allow-suppressions', 'fewer-types', 'accept-risk']);

function typeNamed(value: string): ReleaseType {
  const parsed = ReleaseType.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${ReleaseType.options.join(', ')}`);
  return parsed.data;
}

function detailsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new InvalidArgumentError(`"${pair}" is not of the form name=words`);
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  }));
}

function sign(options: Common, statement: StatementDraft): Promise<void> {
  return run(options, async (session) => {
    const signed = await session.call('statement.sign', { ...(await signedBy(options)), statement, task: undefined });
    session.print(signed, () => [`Signed by ${signed.person} with ${signed.fingerprint}, recorded as ${signed.record}.`, `  ${signed.signed}`].map(printable).join('\n'));
  });
}

import { InvalidArgumentError } from 'commander';
import type { Assessment } from '../../../core/contract/contract.ts';
import { ReleaseType } from '../../../core/model/primitives.ts';
import { STATUSES, type Status } from '../../../core/model/verdict.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';

interface Options {
  readonly repo: string; readonly outputs: string[]; readonly release: string; readonly type?: ReleaseType[]; readonly at?: string;
  readonly since?: string; readonly policy?: string; readonly record: boolean; readonly against?: string; readonly then?: boolean; readonly json?: boolean;
}

/** Shape before colour, and a word always (UX, "Status"). */
const SIGNS: Readonly<Record<Status, string>> = {
  'passed': '●', 'failed': '■', 'missing': '○', 'stale': '◷', 'needs-person': '☺', 'accepted': '◐', 'not-applicable': '–', 'broken': '!',
};

export const checkCommand: AddCommands = (program) => {
  program
    .command('check')
    .description('judge every line of the release checklist')
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
    .requiredOption('--release <version>', 'the version that is released, such as v1.1.0')
    .option('--type <type>', 'major, minor, patch, security or emergency (may be repeated)', collectType)
    .option('--at <time>', 'judge as of this moment (RFC 3339, UTC); nothing is recorded then')
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--policy <file>', 'another policy file')
    .option('--no-record', 'leave no checklist_run in the archive')
    .option('--against <entry>', 'show what differs from a checklist_run of the archive (ORIGIN#NUMBER, or NUMBER)')
    .option('--then', 'with --against: judge at its time under the policy that was in force then; nothing is recorded')
    .option(...JSON_FLAG)
    .action((options: Options) =>
      run(options, async (session) => {
        const assessment = await session.call('release.evaluate', {
          draft: {
            version: options.release, declared: options.type ?? [], repo: options.repo, outputs: options.outputs,
            since: options.since ?? null, policyFile: options.policy ?? null,
          },
          at: options.at ?? null,
          record: options.record && options.at === undefined,
          against: options.against === undefined ? null : { run: options.against, policy: options.then === true ? 'then' : 'today' },
          task: undefined,
        });
        session.print(assessment.report, () => describe(assessment));
        session.finish(assessment.report.gate === 'open' ? 0 : 1);
      }),
    );
};

function describeDifference({ run: entry, runAt, samePolicy, sameEvaluator, evaluator, lines }: NonNullable<Assessment['difference']>): string[] {
  const other = [samePolicy ? null : 'another policy file', sameEvaluator ? null : `evaluator ${evaluator ?? 'unknown'}`].filter((part) => part !== null);
  return [
    `Against ${entry} of ${runAt}${other.length === 0 ? '' : ` (${other.join(', ')})`}: ${lines.length === 0 ? 'no line differs' : `${lines.length} ${lines.length === 1 ? 'line differs' : 'lines differ'}`}`,
    ...lines.map(({ id, was, is, otherEvidence }) => `  ${id.padEnd(26)} ${was ?? 'not there'} → ${is ?? 'not there'}${otherEvidence ? ', on other evidence' : ''}`),
  ];
}

function collectType(value: string, before: readonly ReleaseType[] = []): ReleaseType[] {
  const parsed = ReleaseType.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${ReleaseType.options.join(', ')}`);
  return [...before, parsed.data];
}

function describe({ report, range, lines, sections, artifacts, policy, recorded, difference, standing }: Assessment): string {
  const out: string[] = [
    `${report.release} (${report.types.effective.join(', ') || 'no type'}) of commit ${range.commit.slice(0, 12)}, ${range.total} commits ${range.since === null ? 'in all' : `since ${range.since.name}`}`,
    `policy ${policy.id} ${policy.version}, ${policy.file}`,
    `${artifacts.length} artifacts`,
    ...(range.shallow ? ['The clone is shallow: its history is cut, so the range may be short and security fixes in it unseen.'] : []),
    ...(range.dirty ? ['The work tree differs from the commit that is judged; only the commit is looked at.'] : []),
  ];
  for (const { section, title, lines: ids } of sections) {
    out.push('', `§${section} ${title}`);
    for (const id of ids) {
      const line = lines.find(({ result }) => result.id === id);
      if (line === undefined) continue;
      const { status, summary, remedy } = line.result;
      out.push(`  ${SIGNS[status]} ${id.padEnd(26)} ${status.padEnd(15)} ${summary}`);
      if (remedy !== null) out.push(`${' '.repeat(46)}→ ${remedy}`);
    }
  }
  const tally = STATUSES.map((status) => [status, report.results.filter((result) => result.status === status).length] as const);
  out.push(
    '',
    tally.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`).join(', '),
    `Gate ${report.gate}.${report.authority === 'proved' ? '' : ` Authority unproved: ${report.rosterDigest === null ? whyNoRoster(standing) : 'the roster in force does not name this policy file'}, so nothing can open it.`}`,
    `Subject ${report.subjectDigest}`,
    ...(difference === null ? [] : describeDifference(difference)),
    recorded === null ? 'Nothing new to record.' : `Recorded as ${recorded}.`,
  );
  return out.map(printable).join('\n');
}

/** Expired, frozen and put back are said as they are; all else is that there is none. */
function whyNoRoster({ claims }: Assessment['standing']): string {
  const said = claims.find(({ what }) => what === 'Whose word counts')?.words.replace(/^No roster is in force on this console\.\s*/, '').replace(/\.$/, '') ?? '';
  return `no roster is in force${said === '' ? '' : ` (${said})`}`;
}

import picomatch from 'picomatch';
import type { EvidenceItem, TestGroup } from '../model/evidence.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, judgeReports, missing, ofKinds, passed, refsOf } from './judging.ts';
import { named, notCalledFor, sinceWhen } from './range-files.ts';

/**
 * §3.5 “Database migrations tested (staging environment)”: each migration that was added or changed since the last
 * release is the class or the file of a test that ran in staging, on this commit, and passed. A JUnit report it must be:
 * what a migration tool prints names no commit, and says nothing of what was expected.
 */
export const migrationsTested: Check = {
  id: 'migrations-tested',
  evaluate: (facts, policy) => {
    const migrations = migrationsInRange(facts, policy);
    const tools = policy.parameters.migration_files.value.map(({ name }) => name);
    if (migrations.length === 0) return notCalledFor(`No database migration was added or changed ${sinceWhen(facts)} (looked for ${tools.join(', ')})`);
    const said = [...new Set(migrations.map(({ tool }) => tool))].map((tool) => counted(migrations.filter((migration) => migration.tool === tool).length, `${tool} migration`)).join(', ');
    const wanted = {
      what: `a JUnit report of the run in staging that covers ${said} (${named(migrations.map(({ path }) => path))})`,
      remedy: 'Run the migrations in staging by tests whose class or file is the migration, in a suite named for staging, and put the JUnit report in the outputs folder.',
    };
    const inStaging = stagingPlace(policy);
    const reports = ofKinds(facts.evidence, ['junit']).filter((report) => report.content.type !== 'tests' || groupsOf(report, inStaging).length > 0);
    return judgeReports(reports, facts, wanted, (ofThisCommit) => {
      const inRuns = runsOf(migrations, ofThisCommit.flatMap((report) => groupsOf(report, inStaging).map((group) => ({ group, report }))));
      const judged = migrations.map((migration) => ({ migration, runs: inRuns.get(migration) ?? [] }));
      const evidence = refsOf(ofThisCommit);
      const findings = judged.flatMap(({ migration, runs }) => runs.filter(({ group }) => group.failures + group.errors > 0).map(({ group, report }): VerdictFinding => ({
        severity: null, title: `${migration.path}: ${group.failures + group.errors} of ${group.tests} did not pass in staging`, where: migration.path, evidence: report.file.path,
      })));
      if (findings.length > 0) return failed(`${counted(new Set(findings.map(({ where }) => where)).size, 'migration')} did not pass in staging`, 'Mend the migrations and run them in staging again, on the commit that is released.', evidence, findings);
      const untested = judged.filter(({ runs }) => !runs.some(({ group }) => group.tests > group.skipped)).map(({ migration }) => migration.path);
      if (untested.length > 0) return missing([`a test in staging that ran ${named(untested)}`], wanted.remedy, evidence);
      return passed(`${said} of the range ran in staging and passed`, evidence);
    });
  },
};

interface Migration {
  readonly path: string;
  readonly tool: string;
  /** Names by which a test may call it: no other migration of the commit has them. */
  readonly names: ReadonlySet<string>;
}

function migrationsInRange(facts: Facts, policy: Policy): Migration[] {
  const rules = policy.parameters.migration_files.value.map(({ name, match }) => ({ name, matches: picomatch([...match], { dot: true }) }));
  const toolOf = (path: string): string | null => (/(?:^|\/)__init__\.py$/.test(path) ? null : (rules.find(({ matches }) => matches(path))?.name ?? null));
  const changed = facts.changes.flatMap(({ path, change }) => {
    const tool = change === 'deleted' ? null : toolOf(path);
    return tool === null ? [] : [{ path, tool }];
  });
  if (changed.length === 0) return [];
  const times = new Map<string, number>();
  const all = new Set([...facts.files.filter((path) => toolOf(path) !== null), ...changed.map(({ path }) => path)]);
  for (const path of all) for (const name of namesOf(path)) times.set(name, (times.get(name) ?? 0) + 1);
  return changed.map(({ path, tool }) => ({ path, tool, names: new Set(namesOf(path).filter((name) => times.get(name) === 1)) }));
}

/** The ends of a path without its extension, and an app with its migration as Django names it. */
function namesOf(path: string): string[] {
  const parts = withoutExtension(path).split('/');
  // Prisma names a migration by its folder.
  const own = parts.at(-1) === 'migration' ? parts.slice(0, -1) : parts;
  const ends = [own, path.split('/')].flatMap((whole) => whole.map((_, at) => whole.slice(at).join('/')));
  const app = own.at(-2) === 'migrations' && own.length > 2 ? [`${own.at(-3) ?? ''}/${own.at(-1) ?? ''}`] : [];
  // A bare word such as `init` could be anything's name; with a number or a folder it is a migration's.
  return [...new Set([...ends, ...app])].filter((name) => /[\d/]/.test(name) && name !== 'migration.sql');
}

interface StagingRun {
  readonly group: TestGroup;
  readonly report: EvidenceItem;
}

/** The groups of tests that are about each migration. */
function runsOf(migrations: readonly Migration[], runs: readonly StagingRun[]): Map<Migration, StagingRun[]> {
  const byName = new Map(migrations.flatMap((migration) => [...migration.names].map((name) => [name, migration] as const)));
  const found = new Map<Migration, StagingRun[]>();
  for (const run of runs) {
    const about = new Set(calledIn(run.group).flatMap((name) => byName.get(name) ?? []));
    for (const migration of about) found.set(migration, [...(found.get(migration) ?? []), run]);
  }
  return found;
}

/** More folders than this are in no name of a migration. */
const MAX_PARTS = 12;

/** What a group of tests may call a migration: a longer path, as of a work tree in CI, is taken by its end. */
function calledIn({ className, file, suite }: TestGroup): string[] {
  return [className, className?.replaceAll('.', '/'), file, suite].flatMap((given) => {
    if (given == null || given === '') return [];
    const parts = given.replaceAll('\\', '/').replace(/\/migration(?:\.sql)?$/, '').split('/').slice(-MAX_PARTS);
    const ends = parts.map((_, at) => parts.slice(at).join('/'));
    return [...ends, ...ends.map(withoutExtension)];
  });
}

function withoutExtension(path: string): string {
  return path.replace(/\.(?:py|rb|sql|java|js|cjs|mjs|ts|go|xml|ya?ml|json)$/, '');
}

function stagingPlace(policy: Policy): (group: TestGroup, report: EvidenceItem) => boolean {
  const matches = picomatch([...policy.parameters.staging_suites.value], { dot: true, nocase: true });
  return (group, report) => [group.suite, group.file, report.file.path].some((name) => name !== null && name !== '' && matches(name.replaceAll('\\', '/').replace(/^\/+/, '')));
}

function groupsOf(report: EvidenceItem, inStaging: (group: TestGroup, report: EvidenceItem) => boolean): TestGroup[] {
  return report.content.type === 'tests' ? report.content.groups.filter((group) => inStaging(group, report)) : [];
}

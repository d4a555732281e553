import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** A test that failed: where it stands, its whole name, and the first lines of why. */
export interface FailedTest {
  readonly file: string;
  readonly name: string;
  readonly why: string;
}

/** What a run of tests came to. */
export interface TestReport {
  readonly passed: number;
  readonly failed: readonly FailedTest[];
}

/** What Playwright's JSON reporter writes, as far as it is read here. */
export interface WindowReport {
  readonly stats: { readonly expected: number };
  readonly suites: readonly WindowSuite[];
}
interface WindowSuite {
  readonly file: string;
  readonly specs?: readonly { readonly title: string; readonly tests: readonly { readonly status: string; readonly results: readonly { readonly error?: { readonly message?: string } }[] }[] }[];
  readonly suites?: readonly WindowSuite[];
}

/** What a report of Playwright comes to; a test that passed at a second try has failed. */
export function windowReport({ stats, suites }: WindowReport): TestReport {
  return { passed: stats.expected, failed: failedIn(suites) };
}

function failedIn(suites: readonly WindowSuite[]): FailedTest[] {
  return suites.flatMap((suite) => [
    ...(suite.specs ?? []).flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ results }) => ({ file: suite.file, name: title, why: beginning(results.find(({ error }) => error !== undefined)?.error?.message ?? '') })),
    ),
    ...failedIn(suite.suites ?? []),
  ]);
}

/** A report that a runner wrote; null where it wrote none that can be read. */
export function readReport<Report>(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return null;
  }
}

/** The first lines of a message, without the colours of a terminal and without a stack. */
export function beginning(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(0, 8).join('\n      ').slice(0, 1_000);
}

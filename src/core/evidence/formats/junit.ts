import type { EvidenceLimits, TestFailure, TestGroup, Tool } from '../../model/evidence.ts';
import { instantOf, type Reading, type XmlFormat, type XmlReader } from '../format.ts';

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

interface Suite {
  readonly name: string;
  readonly file: string | null;
  readonly claims: Readonly<Partial<Counts>>;
  /** Counted in this suite and those inside it. */
  readonly total: Counts;
  /** Counted in this suite alone. */
  readonly own: Counts;
}

interface Case {
  readonly name: string;
  readonly className: string | null;
  readonly file: string | null;
  failed: boolean;
  errored: boolean;
  skipped: boolean;
  message: string;
}

const NONE = (): Counts => ({ tests: 0, failures: 0, errors: 0, skipped: 0 });
const MAX_MESSAGE = 300;

/** JUnit XML, as Ant's reporter began it and every test runner writes it. Counts come from the elements (FORMATS §2). */
export const junit: XmlFormat = {
  kind: 'junit',
  looksLike: (root) => root === 'testsuites' || root === 'testsuite',
  start: (limits) => new JunitReader(limits),
};

class JunitReader implements XmlReader {
  readonly #limits: EvidenceLimits;
  readonly #open: Suite[] = [];
  readonly #groups = new Map<string, TestGroup>();
  readonly #failures: TestFailure[] = [];
  readonly #total = NONE();
  #case: Case | null = null;
  #inside: 'failure' | 'error' | null = null;
  #disagreement: string | null = null;
  #produced: string | null = null;
  #toolName: string | null = null;

  constructor(limits: EvidenceLimits) {
    this.#limits = limits;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'testsuite' || name === 'testsuites') this.#openSuite(attributes);
    else if (name === 'testcase') this.#openCase(attributes);
    else if (this.#case !== null) this.#openOutcome(this.#case, name, attributes);
    // An error of the suite itself, such as a file that could not be loaded.
    else if (name === 'error' && this.#open.length > 0) this.#add({ errors: 1 }, null, attributes['message'] ?? 'the suite could not run');
  }

  close(name: string): void {
    if (name === 'failure' || name === 'error') this.#inside = null;
    if (name === 'testcase' && this.#case !== null) this.#closeCase(this.#case);
    if (name === 'testsuite' || name === 'testsuites') this.#closeSuite();
  }

  text(text: string): void {
    if (this.#inside !== null && this.#case !== null && this.#case.message.length < MAX_MESSAGE) {
      this.#case.message = (this.#case.message + text.trim()).slice(0, MAX_MESSAGE);
    }
  }

  read(): Reading {
    const { tests, failures, errors, skipped } = this.#total;
    const tool: Tool | null = this.#toolName === null ? null : { name: this.#toolName, version: null };
    return {
      content: { type: 'tests', groups: [...this.#groups.values()], failures: this.#failures },
      counts: { tests, failures, errors, skipped },
      tool, produced: this.#produced, commits: [],
      problem: this.#disagreement === null ? null : { code: 'counts-disagree', message: this.#disagreement },
    };
  }

  #openSuite(attributes: Readonly<Record<string, string>>): void {
    const name = attributes['name'] ?? this.#open.at(-1)?.name ?? '';
    this.#produced ??= instantOf(attributes['timestamp']);
    this.#toolName ??= toolOf(name);
    this.#open.push({
      name, file: attributes['file'] ?? attributes['filepath'] ?? this.#open.at(-1)?.file ?? null,
      claims: claimsOf(attributes), total: NONE(), own: NONE(),
    });
  }

  #openCase(attributes: Readonly<Record<string, string>>): void {
    this.#case = {
      name: attributes['name'] ?? '', className: attributes['classname'] ?? attributes['class'] ?? null, file: attributes['file'] ?? null,
      failed: false, errored: false, skipped: attributes['status'] === 'notrun' || attributes['status'] === 'disabled', message: '',
    };
  }

  #openOutcome(open: Case, name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'skipped') open.skipped = true;
    if (name !== 'failure' && name !== 'error') return;
    if (name === 'failure') open.failed = true;
    else open.errored = true;
    this.#inside = name;
    if (open.message === '') open.message = (attributes['message'] ?? '').slice(0, MAX_MESSAGE);
  }

  #closeCase(done: Case): void {
    this.#case = null;
    this.#inside = null;
    this.#add(
      { tests: 1, failures: Number(done.failed), errors: Number(done.errored), skipped: Number(done.skipped && !done.failed && !done.errored) },
      done, done.message,
    );
  }

  #add(change: Partial<Counts>, done: Case | null, message: string): void {
    const suite = this.#open.at(-1);
    for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) {
      this.#total[key] += change[key] ?? 0;
      if (suite !== undefined) suite.own[key] += change[key] ?? 0;
      for (const open of this.#open) open.total[key] += change[key] ?? 0;
    }
    this.#addToGroup(change, suite, done);
    if ((change.failures ?? 0) + (change.errors ?? 0) > 0 && this.#failures.length < this.#limits.kept) {
      this.#failures.push({ name: done?.name ?? '', suite: suite?.name ?? '', kind: (change.failures ?? 0) > 0 ? 'failure' : 'error', message });
    }
  }

  #addToGroup(change: Partial<Counts>, suite: Suite | undefined, done: Case | null): void {
    const full = this.#groups.size >= this.#limits.kept;
    // Past the bound, tests are still counted, in a group without class: nothing is lost but detail.
    const className = full ? null : (done?.className ?? null);
    const file = done?.file ?? suite?.file ?? null;
    const name = suite?.name ?? '';
    const key = JSON.stringify([name, className, file]);
    const before = this.#groups.get(key) ?? { suite: name, className, file, ...NONE() };
    this.#groups.set(key, {
      ...before,
      tests: before.tests + (change.tests ?? 0), failures: before.failures + (change.failures ?? 0),
      errors: before.errors + (change.errors ?? 0), skipped: before.skipped + (change.skipped ?? 0),
    });
  }

  /** A suite's attributes must fit what is inside it, with or without the suites that it holds. */
  #closeSuite(): void {
    const suite = this.#open.pop();
    if (suite === undefined || this.#disagreement !== null) return;
    for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) {
      const claim = suite.claims[key];
      if (claim === undefined || claim === suite.total[key] || claim === suite.own[key]) continue;
      this.#disagreement = `the suite "${suite.name.slice(0, 80)}" says ${key}="${claim}", but ${suite.total[key]} are listed in it`;
      return;
    }
  }
}

function claimsOf(attributes: Readonly<Record<string, string>>): Partial<Counts> {
  const claims: Partial<Counts> = {};
  const number = (text: string | undefined): number | null => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);
  const tests = number(attributes['tests']);
  const failures = number(attributes['failures']);
  const errors = number(attributes['errors']);
  const skipped = number(attributes['skipped'] ?? attributes['skips'] ?? attributes['skip']);
  if (tests !== null) claims.tests = tests;
  if (failures !== null) claims.failures = failures;
  if (errors !== null) claims.errors = errors;
  if (skipped !== null) claims.skipped = skipped;
  return claims;
}

function toolOf(suite: string): string | null {
  return /^(vitest|pytest|jest|mocha|playwright|cypress)\b/i.exec(suite)?.[1]?.toLowerCase() ?? null;
}

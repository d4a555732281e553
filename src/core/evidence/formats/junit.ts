import type { EvidenceLimits, FlakyTest, TestFailure, TestGroup } from '../../model/evidence.ts';
import { instantOf, type Reading, type XmlFormat, type XmlReader } from '../format.ts';
import { addCounts, claimsOf, contradicted, NOTHING, type Counts, type SuiteClaims } from './junit-claims.ts';

interface Suite extends SuiteClaims {
  /** Class and name of the test before. */
  last: string;
  readonly name: string;
  readonly file: string | null;
}

interface Case {
  readonly name: string;
  readonly className: string | null;
  readonly file: string | null;
  failed: boolean;
  errored: boolean;
  skipped: boolean;
  /** Runs that failed and were repeated. */
  repeated: number;
  message: string;
}

type Group = { -readonly [Key in keyof TestGroup]: TestGroup[Key] };
type Attributes = Readonly<Record<string, string>>;

/** What Surefire, and runners that learnt it from there, write of a run that was repeated. */
const REPEATED: ReadonlySet<string> = new Set(['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError']);
const MAX_MESSAGE = 300;
const MAX_NAME = 1000;
/** Past so many times the kept groups, tests are counted together: no report may cost more than its bound. */
const GROUPS_BESIDE = 10;

/** JUnit XML, as Ant's reporter began it and every test runner writes it. Counts come from the elements (FORMATS §2). */
export const junit: XmlFormat = {
  syntax: 'xml',
  kind: 'junit',
  // TestLink exports its plans, which nobody ran, under the same root.
  looksLike: (root, _, head) => (root === 'testsuites' || root === 'testsuite') && !/<(?:node_order|testcase\s[^>]{0,300}internalid=)/.test(head),
  start: (limits) => new JunitReader(limits),
};

class JunitReader implements XmlReader {
  readonly #limits: EvidenceLimits;
  readonly #open: Suite[] = [];
  readonly #groups = new Map<string, Group>();
  readonly #failures: TestFailure[] = [];
  readonly #flaky: FlakyTest[] = [];
  readonly #total: Counts = NOTHING();
  #case: Case | null = null;
  #inside: 'failure' | 'error' | null = null;
  #disagreement: string | null = null;
  #produced: string | null = null;
  #toolName: string | null = null;

  constructor(limits: EvidenceLimits) {
    this.#limits = limits;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'testsuite' || name === 'testsuites') this.#openSuite(attributes);
    else if (name === 'testcase') this.#openCase(attributes);
    else if (this.#case !== null) this.#openOutcome(this.#case, name, attributes);
    else if (name === 'error' || name === 'failure') this.#suiteFailed(name, attributes['message']);
  }

  close(name: string): void {
    if (name === 'failure' || name === 'error') this.#inside = null;
    else if (name === 'testcase' && this.#case !== null) this.#closeCase(this.#case);
    else if (name === 'testsuite' || name === 'testsuites') this.#closeSuite();
  }

  text(text: string): void {
    if (this.#inside !== null && this.#case !== null && this.#case.message === '') this.#case.message = text.slice(0, 10 * MAX_MESSAGE).trim().slice(0, MAX_MESSAGE);
  }

  read(): Reading {
    return {
      content: { type: 'tests', groups: [...this.#groups.values()], failures: this.#failures, flaky: this.#flaky },
      counts: { ...this.#total },
      tool: this.#toolName === null ? null : { name: this.#toolName, version: null },
      produced: this.#produced,
      commits: [],
      problem: this.#disagreement === null ? null : { code: 'counts-disagree', message: this.#disagreement },
    };
  }

  #openSuite(attributes: Attributes): void {
    const outer = this.#open.at(-1);
    const name = (attributes['name'] ?? outer?.name ?? '').slice(0, MAX_NAME);
    this.#produced ??= instantOf(attributes['timestamp']);
    this.#toolName ??= toolOf(name, attributes);
    this.#open.push({
      name, file: (attributes['file'] ?? attributes['filepath'])?.slice(0, MAX_NAME) ?? outer?.file ?? null,
      claims: claimsOf(attributes), total: NOTHING(), own: NOTHING(), repeated: NOTHING(), doubled: { tests: 0 }, last: '', direct: NOTHING(),
    });
  }

  #openCase(attributes: Attributes): void {
    this.#case = {
      name: (attributes['name'] ?? '').slice(0, MAX_NAME),
      className: (attributes['classname'] ?? attributes['class'])?.slice(0, MAX_NAME) ?? null,
      file: attributes['file']?.slice(0, MAX_NAME) ?? null,
      // GoogleTest lists what it did not run without an element that says so.
      failed: false, errored: false, skipped: attributes['status'] === 'notrun' || attributes['status'] === 'disabled', repeated: 0, message: '',
    };
  }

  #openOutcome(open: Case, name: string, attributes: Attributes): void {
    if (name === 'skipped') open.skipped = true;
    if (REPEATED.has(name)) this.#repeat(open, name.endsWith('Error') ? 'errors' : 'failures');
    if (name !== 'failure' && name !== 'error') return;
    const again = name === 'failure' ? open.failed : open.errored;
    if (again) this.#besides({ ...NOTHING(), [name === 'failure' ? 'failures' : 'errors']: 1 });
    if (name === 'failure') open.failed = true;
    else open.errored = true;
    this.#inside = name;
    if (open.message === '') open.message = (attributes['message'] ?? '').slice(0, MAX_MESSAGE);
  }

  #repeat(open: Case, what: 'failures' | 'errors'): void {
    open.repeated += 1;
    this.#besides({ ...NOTHING(), tests: 1, [what]: 1 });
  }

  #besides(change: Counts): void {
    const suite = this.#open.at(-1);
    if (suite !== undefined) addCounts(suite.repeated, change);
  }

  #closeCase(done: Case): void {
    this.#case = null;
    this.#inside = null;
    const suite = this.#open.at(-1);
    if (suite !== undefined) {
      const key = `${done.className ?? ''}\0${done.name}`;
      suite.doubled.tests += Number(done.errored && suite.last === key);
      suite.last = key;
    }
    const skipped = done.skipped && !done.failed && !done.errored;
    this.#add({ tests: 1, failures: Number(done.failed), errors: Number(done.errored), skipped: Number(skipped) }, done);
    if (done.failed || done.errored) this.#keepFailure(done.name, done.failed ? 'failure' : 'error', done.message);
    else if (done.repeated > 0 && this.#flaky.length < this.#limits.kept) this.#flaky.push({ name: done.name, suite: this.#open.at(-1)?.name ?? '', failures: done.repeated });
  }

  /** A fault of the suite itself, such as a file that could not be loaded: there is no test, and it did not pass. */
  #suiteFailed(kind: 'failure' | 'error', message = 'the suite could not run'): void {
    if (this.#open.length === 0) return;
    this.#add({ ...NOTHING(), [kind === 'error' ? 'errors' : 'failures']: 1 }, null);
    this.#keepFailure('', kind, message.slice(0, MAX_MESSAGE));
  }

  #add(change: Counts, done: Case | null): void {
    const suite = this.#open.at(-1);
    addCounts(this.#total, change);
    if (suite !== undefined) {
      addCounts(suite.own, change);
      addCounts(suite.direct, change);
    }
    addCounts(this.#groupOf(suite, done), change);
  }

  #groupOf(suite: Suite | undefined, done: Case | null): Group {
    const full = this.#groups.size >= this.#limits.kept;
    const overfull = this.#groups.size >= this.#limits.kept * GROUPS_BESIDE;
    const name = suite?.name ?? '';
    const className = done?.className ?? null;
    const file = done?.file ?? suite?.file ?? null;
    const known = this.#groups.get(keyOf(name, className, file));
    if (known !== undefined) return known;
    // Past the bound, tests are still counted, without their class and at last without their suite.
    const made: Group = { suite: overfull ? '' : name, className: full ? null : className, file: overfull ? null : file, ...NOTHING() };
    const key = keyOf(made.suite, made.className, made.file);
    const coarse = this.#groups.get(key);
    if (coarse === undefined) this.#groups.set(key, made);
    return coarse ?? made;
  }

  #keepFailure(name: string, kind: 'failure' | 'error', message: string): void {
    if (this.#failures.length < this.#limits.kept) this.#failures.push({ name, suite: this.#open.at(-1)?.name ?? '', kind, message });
  }

  #closeSuite(): void {
    const suite = this.#open.pop();
    if (suite === undefined) return;
    addCounts(suite.total, suite.own);
    this.#disagreement ??= contradicted(suite, suite.name);
    const outer = this.#open.at(-1);
    if (outer === undefined) return;
    addCounts(outer.total, suite.total);
    addCounts(outer.repeated, suite.repeated);
    outer.doubled.tests += suite.doubled.tests;
    const { failures, errors, skipped } = suite.direct;
    addCounts(outer.direct, { tests: 1, failures: Number(failures > 0), errors: Number(errors > 0), skipped: Number(skipped > 0) });
  }
}

function keyOf(suite: string, className: string | null, file: string | null): string {
  return `${suite}\0${className === null ? '-' : `+${className}`}\0${file ?? ''}`;
}

/** Runners that name themselves in their root suite; linters that write what they find in the form of tests. */
function toolOf(suite: string, attributes: Attributes): string | null {
  if (attributes['package'] === 'org.eslint') return 'eslint';
  return /^(vitest|pytest|jest|mocha|playwright|cypress)(?: tests)?$/i.exec(suite)?.[1]?.toLowerCase() ?? null;
}

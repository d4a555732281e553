export interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

const KEYS = ['tests', 'failures', 'errors', 'skipped'] as const;

export const NOTHING = (): Counts => ({ tests: 0, failures: 0, errors: 0, skipped: 0 });

export function addCounts(to: Counts, change: Counts): void {
  for (const key of KEYS) to[key] += change[key];
}

/** What a suite's attributes say, and what was counted of it. */
export interface SuiteClaims {
  readonly claims: Readonly<Partial<Counts>>;
  /** Counted in this suite and those inside it. */
  readonly total: Counts;
  /** Counted in this suite alone. */
  readonly own: Counts;
  /** What some count besides: runs that were repeated (Surefire), each further failure of one test (GoogleTest's assertions). */
  readonly repeated: Counts;
  /** Tests that are listed a second time for an error of their own, which pytest's attribute leaves out. */
  readonly doubled: { tests: number };
  /** Counted in this suite, with each suite directly inside it as one test, as Node's own reporter counts. */
  readonly direct: Counts;
}

/** Counts that a suite claims for itself; runners spell the skipped ones in several ways. */
export function claimsOf(attributes: Readonly<Record<string, string>>): Partial<Counts> {
  const claims: Partial<Counts> = {};
  const tests = number(attributes['tests']);
  const failures = number(attributes['failures']);
  const errors = number(attributes['errors']);
  const skipped = number(attributes['skipped'] ?? attributes['skips'] ?? attributes['skip']);
  const disabled = number(attributes['disabled']);
  if (tests !== null) claims.tests = tests;
  if (failures !== null) claims.failures = failures;
  if (errors !== null) claims.errors = errors;
  // GoogleTest counts what it did not run as disabled, beside what a test skipped itself.
  if (skipped !== null || (disabled ?? 0) > 0) claims.skipped = (skipped ?? 0) + (disabled ?? 0);
  return claims;
}

/** A suite's attributes must fit what is inside it, in one of the ways in which runners count; says what does not fit, or null. */
export function contradicted(suite: SuiteClaims, name: string): string | null {
  for (const key of KEYS) {
    const claim = suite.claims[key];
    if (claim === undefined || claim === suite.total[key] || claim === suite.own[key] || claim === suite.direct[key] || claim === suite.total[key] + suite.repeated[key]) continue;
    if (key === 'tests' && claim === suite.total.tests - suite.doubled.tests) continue;
    return `the suite "${name.slice(0, 80)}" says ${key}="${claim}", but ${suite.total[key]} are listed in it`;
  }
  return null;
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

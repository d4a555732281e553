import { expect, test } from 'vitest';
import { NONE, readFixture } from './reading.ts';

/** What the tools themselves said of their runs stands in the README beside the reports. */
const REPORTS: readonly [path: string, expected: object][] = [
  ['vitest/junit.xml', { kind: 'junit', tool: { name: 'vitest', version: null }, produced: '2026-11-23T23:07:39.021Z', counts: { tests: 6, failures: 1, errors: 0, skipped: 2 } }],
  ['node/junit.xml', { kind: 'junit', tool: null, produced: '2026-11-23T23:08:11.683Z', counts: { tests: 4, failures: 1, errors: 0, skipped: 1 } }],
  ['pytest/junit.xml', { kind: 'junit', tool: { name: 'pytest', version: null }, produced: '2026-11-23T23:08:12.073Z', counts: { tests: 5, failures: 1, errors: 1, skipped: 2 } }],
  ['playwright/junit.xml', { kind: 'junit', tool: null, produced: '2026-11-23T23:08:13.603Z', counts: { tests: 4, failures: 1, errors: 0, skipped: 1 } }],
  ['vitest/coverage-summary.json', { kind: 'coverage-istanbul-summary', produced: null, counts: { lines: { covered: 5, total: 6 }, branches: { covered: 4, total: 6 } } }],
  ['vitest/coverage-final.json', { kind: 'coverage-istanbul-final', produced: null, counts: { lines: { covered: 5, total: 6 }, branches: { covered: 4, total: 6 } } }],
  ['vitest/lcov.info', { kind: 'lcov', produced: null, counts: { lines: { covered: 5, total: 6 }, branches: { covered: 4, total: 6 } } }],
  ['vitest/cobertura-coverage.xml', { kind: 'cobertura', produced: '2026-11-23T23:07:39.027Z', counts: { lines: { covered: 5, total: 6 }, branches: { covered: 4, total: 6 } } }],
  ['vitest/clover.xml', { kind: 'clover', counts: { lines: { covered: 5, total: 6 }, branches: { covered: 4, total: 6 } } }],
  ['coverage-py/branch.json', { kind: 'coverage-py', tool: { name: 'coverage.py', version: '7.16.2' }, produced: null, counts: { lines: { covered: 7, total: 10 }, branches: { covered: 1, total: 2 } } }],
  ['coverage-py/lines.json', { kind: 'coverage-py', tool: { name: 'coverage.py', version: '7.16.2' }, produced: null, counts: { lines: { covered: 7, total: 10 } } }],
  ['coverage-py/lcov.info', { kind: 'lcov', counts: { lines: { covered: 7, total: 10 }, branches: { covered: 1, total: 2 } } }],
  ['coverage-py/cobertura.xml', { kind: 'cobertura', produced: '2026-11-23T23:09:05.163Z', counts: { lines: { covered: 7, total: 10 }, branches: { covered: 1, total: 2 } } }],
  ['eslint/eslint.json', { kind: 'eslint', tool: { name: 'ESLint', version: null }, counts: { findings: { ...NONE, high: 1, medium: 1 }, raw: { 1: 1, 2: 1 } } }],
  ['eslint/eslint-metadata.json', { kind: 'eslint', counts: { findings: { ...NONE, high: 1, medium: 1 }, raw: { 1: 1, 2: 1 } } }],
  ['languages/ant-junit.xml', { kind: 'junit', counts: { tests: 4, failures: 1, errors: 1, skipped: 1 } }],
  ['languages/bats.xml', { kind: 'junit', counts: { tests: 3, failures: 1, errors: 0, skipped: 1 } }],
  ['languages/behave.xml', { kind: 'junit', counts: { tests: 3, failures: 1, errors: 0, skipped: 1 } }],
  ['languages/boost.xml', { kind: 'junit', counts: { tests: 3, failures: 1, errors: 1, skipped: 0 } }],
  ['languages/ctest.xml', { kind: 'junit', counts: { tests: 3, failures: 1, errors: 0, skipped: 1 } }],
  ['languages/googletest.xml', { kind: 'junit', counts: { tests: 5, failures: 1, errors: 0, skipped: 1 } }],
  ['languages/gotestsum.xml', { kind: 'junit', counts: { tests: 6, failures: 3, errors: 0, skipped: 1 } }],
  ['languages/minitest.xml', { kind: 'junit', counts: { tests: 4, failures: 1, errors: 1, skipped: 1 } }],
  ['languages/nose2.xml', { kind: 'junit', counts: { tests: 5, failures: 1, errors: 1, skipped: 2 } }],
  ['languages/perl.xml', { kind: 'junit', counts: { tests: 2, failures: 1, errors: 1, skipped: 0 } }],
  ['languages/phpunit.xml', { kind: 'junit', counts: { tests: 7, failures: 2, errors: 1, skipped: 2 } }],
  ['languages/rspec.xml', { kind: 'junit', counts: { tests: 4, failures: 2, errors: 0, skipped: 1 } }],
  ['languages/xmlrunner.xml', { kind: 'junit', counts: { tests: 5, failures: 1, errors: 1, skipped: 2 } }],
  ['languages/gcovr-cobertura.xml', { kind: 'cobertura', counts: { lines: { covered: 8, total: 9 }, branches: { covered: 2, total: 4 } } }],
  ['languages/jacoco.xml', { kind: 'jacoco', counts: { lines: { covered: 2, total: 4 }, branches: { covered: 0, total: 2 } } }],
  ['languages/lcov-capture.info', { kind: 'lcov', counts: { lines: { covered: 8, total: 9 }, branches: { covered: 2, total: 4 } } }],
  ['languages/phpunit-clover.xml', { kind: 'clover', counts: { lines: { covered: 1, total: 4 } } }],
  ['languages/phpunit-cobertura.xml', { kind: 'cobertura', counts: { lines: { covered: 1, total: 4 } } }],
  ['languages/bandit.json', { kind: 'bandit', tool: { name: 'Bandit', version: null }, counts: { findings: { ...NONE, high: 1, low: 2 } } }],
  ['languages/flawfinder.sarif', { kind: 'sarif', tool: { name: 'Flawfinder', version: '2.0.19' }, counts: { findings: { ...NONE, high: 1, low: 2 } } }],
  ['languages/hyperfine.json', { kind: 'hyperfine', tool: { name: 'hyperfine', version: null }, counts: null }],
];

test.each(REPORTS)('%s says what its tool said', (path, expected) => {
  const { file, commit } = readFixture(path);
  expect(file).toMatchObject({ ...expected, binding: 'none', problem: null });
  expect(commit).toBeNull();
});

test('tests are told apart by suite, class and file, and failures keep their words', () => {
  const { content } = readFixture('pytest/junit.xml');
  expect(content).toMatchObject({
    type: 'tests',
    groups: [
      { suite: 'pytest', className: 'test_price.TestDiscount', file: null, tests: 4, failures: 1, errors: 0, skipped: 2 },
      { suite: 'pytest', className: 'test_price', file: null, tests: 1, failures: 0, errors: 1, skipped: 0 },
    ],
    failures: [
      { name: 'test_wrong', suite: 'pytest', kind: 'failure', message: expect.stringContaining('assert 100 == 99') },
      { name: 'test_fixture', suite: 'pytest', kind: 'error', message: 'failed on setup with "RuntimeError: the fixture fails"' },
    ],
  });
  expect(readFixture('node/junit.xml').content).toMatchObject({ groups: expect.arrayContaining([expect.objectContaining({ suite: 'inner', file: '/build/example/test/own.test.mjs', tests: 2 })]) });
});

test('findings keep their rule, their place and their words', () => {
  const { content } = readFixture('eslint/eslint.json');
  expect(content).toMatchObject({
    type: 'findings', total: 2,
    findings: [
      { severity: 'high', rawSeverity: '2', rule: 'no-unused-vars', where: '/build/example/src/price.js:6', suppressed: false },
      { severity: 'medium', rawSeverity: '1', rule: 'eqeqeq', where: '/build/example/src/price.js:11', suppressed: false },
    ],
  });
});

import type { Facts } from '../../../src/core/checks/check.ts';
import { HYPERFINE } from '../../../src/core/checks/explanations/performance-samples.ts';
import { JUNIT, junitOf } from '../../../src/core/checks/explanations/samples.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { COMMIT, OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { cut, evidence, fixture, outputs, type Content } from './gathered.ts';

const FOREIGN = /Evidence is of another commit \(ddddddd, not ccccccc\)/;

const COVERAGE = { 'lcov.info': fixture('vitest/lcov.info') };

/** A suite whose tests are told by the folder of their report; a real tool's report of a run that failed is there for each. */
function suite(name: string, folder: string, failing: string, says: RegExp): Examples {
  const path = `${folder}/junit.xml`;
  const good = { [path]: junitOf(`test/${folder}/receipt.test.js`, 'a family of three on two zones').text };
  return {
    passed: { given: () => evidence(good), status: 'passed', says: new RegExp(`^1 ${name} test passed$`) },
    failed: { given: () => evidence({ [path]: fixture(failing) }), status: 'failed', says },
    missing: { given: () => evidence({ 'unit.xml': JUNIT.text }), status: 'missing', says: new RegExp(`^No evidence: a JUnit report with ${name} tests$`) },
    stale: { given: () => evidence(good, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => evidence({ [path]: cut(fixture(failing)) }), status: 'broken', says: new RegExp(`^Could not be judged: ${path}: `) },
  };
}

/** The benchmark of this release beside that of the last one, each bound to its own commit. */
async function benchmarks(now: Content, commit: string = COMMIT, before: Content = HYPERFINE.text): Promise<Partial<Facts>> {
  return { evidence: [...(await outputs({ 'bench.json': now }, commit)), ...(await outputs({ 'last/bench.json': before }, OTHER_COMMIT))] };
}

/** §3.2 Testing */
export const testing = {
  'unit-tests': {
    passed: { given: () => evidence({ 'junit.xml': JUNIT.text, ...COVERAGE }), status: 'passed', says: /^1 unit test passed; coverage 83\.3 % .*\(minimum 80 %\)$/ },
    failed: { given: () => evidence({ 'junit.xml': fixture('vitest/junit.xml'), ...COVERAGE }), status: 'failed', says: /^1 unit test of 6 did not pass, 2 skipped; coverage 83\.3 %/ },
    missing: { given: () => evidence({ 'junit.xml': JUNIT.text }), status: 'missing', says: /No evidence: a coverage report \(at least 80 %\)$/ },
    stale: { given: () => evidence({ 'junit.xml': JUNIT.text, ...COVERAGE }, OTHER_COMMIT), status: 'stale', says: FOREIGN },
    malformed: { given: () => evidence({ 'junit.xml': JUNIT.text, 'coverage.json': cut(fixture('coverage-py/branch.json')) }), status: 'broken', says: /Could not be judged: coverage\.json: / },
  },
  'integration-tests': suite('integration', 'integration', 'pytest/junit.xml', /^2 integration tests of 5 did not pass/),
  'end-to-end-tests': suite('end-to-end', 'e2e', 'playwright/junit.xml', /^1 end-to-end test of 4 did not pass/),
  'regression-tests': suite('regression', 'regression', 'node/junit.xml', /^1 regression test of 4 did not pass/),
  'performance-tests': {
    passed: { given: () => benchmarks(HYPERFINE.text), status: 'passed', says: /compared with last\/bench\.json, none worse by more than 10 %/ },
    failed: { given: () => benchmarks(HYPERFINE.text.replace('"mean": 0.0412', '"mean": 0.0824')), status: 'failed', says: /^1 figure worse by more than 10 %: .*\(100\.0 % worse\)$/ },
    missing: { given: () => evidence({ 'bench.json': HYPERFINE.text }), status: 'missing', says: /a baseline with the same figures, of v1\.0\.0/ },
    stale: { given: () => benchmarks(HYPERFINE.text, 'e'.repeat(40)), status: 'stale', says: /another commit \(eeeeeee, not ccccccc\)/ },
    malformed: { given: () => benchmarks(cut(HYPERFINE.text)), status: 'broken', says: /^Could not be judged: bench\.json: / },
  },
} as const satisfies Partial<Record<CheckId, Examples>>;

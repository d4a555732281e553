import type { AcceptedEvidence, Explanation } from './explanation.ts';
import { BENCHMARKDOTNET, HYPERFINE, JMH, K6, LIGHTHOUSE, PYTEST_BENCHMARK } from './performance-samples.ts';
import { CLOVER, COBERTURA, COVERAGE_PY, ISTANBUL, ISTANBUL_FINAL, JACOCO, JUNIT, junitOf, LCOV } from './samples.ts';

const runners = (folder: string): string[] => [
  `npx vitest run ${folder} --reporter=junit --outputFile=outputs/${folder.split('/').at(-1) ?? ''}.xml`,
  `pytest ${folder} --junitxml=outputs/${folder.split('/').at(-1) ?? ''}.xml`,
  `node --test --test-reporter=junit --test-reporter-destination=outputs/${folder.split('/').at(-1) ?? ''}.xml ${folder}/`,
];

const suite = (name: string, folder: string, file: string, test: string): Explanation => ({
  accepts: [{ what: `A JUnit report of this commit with ${name} tests; the house rule says which tests those are`, kinds: ['junit'], make: runners(folder), samples: [junitOf(file, test)] }],
  green: `At least one ${name} test of this commit ran, and none failed. Skipped tests do not count as run.`,
  rules: ['test_suites', 'test_suites_otherwise'],
});

const COVERAGE: readonly AcceptedEvidence[] = [
  { what: 'A coverage report of this commit by Istanbul, of its lines and branches', kinds: ['coverage-istanbul-summary', 'coverage-istanbul-final'], make: ['npx vitest run --coverage --coverage.reporter=json-summary --coverage.reportsDirectory=outputs/coverage', 'npx nyc --reporter=json-summary --report-dir=outputs/coverage npm test'], samples: [ISTANBUL, ISTANBUL_FINAL] },
  { what: 'A coverage report by coverage.py', kinds: ['coverage-py'], make: ['coverage run -m pytest && coverage json -o outputs/coverage.json'], samples: [COVERAGE_PY] },
  { what: 'A coverage report in LCOV, Cobertura, Clover or JaCoCo form', kinds: ['lcov', 'cobertura', 'clover', 'jacoco'], make: ['node --test --experimental-test-coverage --test-reporter=lcov --test-reporter-destination=outputs/lcov.info', 'coverage xml -o outputs/coverage.xml', 'mvn jacoco:report && cp target/site/jacoco/jacoco.xml outputs/'], samples: [LCOV, COBERTURA, CLOVER, JACOCO] },
];

/** §3.2 */
export const testing = {
  'unit-tests': {
    accepts: [{ what: 'A JUnit report of this commit with unit tests; the house rule says which tests those are', kinds: ['junit'], make: runners('test/unit'), samples: [JUNIT] }, ...COVERAGE],
    green: 'At least one unit test of this commit ran and none failed, and coverage reaches the minimum.',
    rules: ['coverage_minimum_percent', 'coverage_counts', 'test_suites', 'test_suites_otherwise'],
  },
  'integration-tests': suite('integration', 'test/integration', 'test/integration/receipt.test.js', 'a family of three on two zones'),
  'end-to-end-tests': suite('end-to-end', 'test/e2e', 'test/e2e/shop.spec.ts', 'buys a ticket'),
  'regression-tests': suite('regression', 'test/regression', 'test/regression/rounding.test.js', 'half a cent is never lost twice'),
  'performance-tests': {
    accepts: [
      { what: 'A load test of this commit, with the same of the last release to compare it with', kinds: ['k6'], make: ['k6 run --summary-export=outputs/k6-summary.json load.js'], samples: [K6] },
      { what: 'Benchmarks of this commit, with the same of the last release to compare them with', kinds: ['jmh', 'hyperfine', 'lighthouse', 'benchmarkdotnet'], make: ['hyperfine --export-json outputs/hyperfine.json "node bin/tariff.js"', 'java -jar benchmarks.jar -rf json -rff outputs/jmh.json', 'npx lighthouse https://staging.example.com --output=json --output-path=outputs/lighthouse.json', 'dotnet run --configuration Release -- --exporters json --artifacts outputs'], samples: [HYPERFINE, JMH, LIGHTHOUSE, BENCHMARKDOTNET] },
      { what: 'Benchmarks by pytest-benchmark, which names its commit itself', kinds: ['pytest-benchmark'], make: ['pytest tests/perf --benchmark-json=outputs/benchmark.json'], samples: [PYTEST_BENCHMARK] },
    ],
    green: 'No figure is worse than in the last release’s report, or in the baseline that the repository keeps, by more than the tolerance, and no limit that the tool was given is broken. Figures that are no longer measured are named.',
    rules: ['performance_tolerance_percent', 'performance_baselines'],
  },
} as const satisfies Record<string, Explanation>;

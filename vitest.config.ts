import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { UnitReport } from './scripts/unit-report.ts';

/** Files that take a minute or more, the longest first: one of them at the end would leave a processor idle. */
const LONG = ['cli/transcripts', 'archive/tamper', 'network/network', 'signing/card-failures', 'evidence/hostile', 'signing/card', 'faults/kills', 'confined/', 'faults/', 'workflow/'];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.includes(`/test/${name}`));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).map((file, index) => ({ file, index })).sort((a, b) => rank(a.file) - rank(b.file) || a.index - b.index).map(({ file }) => file);
  }
}

/** Where `npm test` reads what the run came to. */
const report = process.env['COUNTERSIGN_UNIT_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: report === undefined ? ['default'] : ['default', new UnitReport(report)],
    exclude: ['test/e2e/**', 'node_modules/**', 'demo-output/**'],
    // No test ever asks the keyring of whoever runs it; the one that is about it brings its own.
    env: { COUNTERSIGN_KEYRING: 'off' },
    // Twice the processors of a small machine: files wait for other programs. That four are faster than three is not shown: 747 s and 777 s, once each.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

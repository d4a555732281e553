import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { beginning, type FailedTest, type TestReport } from './failed-tests.ts';

/**
 * Writes what passed and what failed to a file. Vitest's own JSON does not say which group of tests was skipped because
 * what comes before it failed.
 */
export class UnitReport implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    const failed = [...modules.flatMap(failedIn), ...unhandled.map(({ message }) => ({ file: 'outside of any test', name: 'an error that nobody caught', why: beginning(message) }))];
    const passed = modules.reduce((sum, { children }) => sum + [...children.allTests('passed')].length, 0);
    writeFileSync(this.#file, JSON.stringify({ passed, failed } satisfies TestReport, null, 2));
  }
}

function failedIn(module: TestModule): FailedTest[] {
  const file = module.relativeModuleId;
  const groups: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  return [
    ...groups.filter((group) => group.errors().length > 0).map((group) => ({ file, name: group.type === 'module' ? '(the file itself)' : `${group.fullName} (before or after it)`, why: beginning(group.errors()[0]?.message ?? '') })),
    ...[...module.children.allTests('failed')].map((test: TestCase) => ({ file, name: test.fullName, why: beginning(test.result().errors?.[0]?.message ?? '') })),
  ];
}

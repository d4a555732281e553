import { describe, expect, test } from 'vitest';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { judge, OTHER_COMMIT } from './facts.ts';
import { changed, report } from './range-facts.ts';

const ADDED = 'db/migrate/20260112103000_add_discounts.rb';
const cases = (...tests: readonly string[]): string => tests.join('');
const passedCase = (className: string): string => `<testcase classname="${className}" name="up"/>`;
const failedCase = (className: string): string => `<testcase classname="${className}" name="up"><failure message="no such column"/></testcase>`;
const skippedCase = (className: string): string => `<testcase classname="${className}" name="up"><skipped/></testcase>`;
const staging = (inside: string, commit?: string | null, suite = 'staging migrations'): EvidenceItem =>
  report('outputs/migrations.xml', `<testsuites><testsuite name="${suite}">${inside}</testsuite></testsuites>`, commit);
const range = changed({ [ADDED]: 'class AddDiscounts' });

describe('migrations-tested', () => {
  test.each<[name: string, given: EvidenceItem[], status: Status, says: RegExp]>([
    ['run in staging by its path', [staging(passedCase(ADDED))], 'passed', /1 Rails migration/],
    ['by its name alone', [staging(passedCase('20260112103000_add_discounts'))], 'passed', /ran in staging and passed/],
    ['by a path of the work tree in CI', [staging(passedCase(`/home/ci/tariff/${ADDED}`))], 'passed', /./],
    ['failed in staging', [staging(cases(passedCase(ADDED), failedCase(ADDED)))], 'failed', /1 migration did not pass/],
    ['failed twice in staging', [staging(failedCase(ADDED)), { ...staging(failedCase(ADDED)), file: { ...staging(failedCase(ADDED)).file, path: 'outputs/staging-again.xml' } }], 'failed', /^1 migration did not pass/],
    ['skipped in staging', [staging(skippedCase(ADDED))], 'missing', /a test in staging that ran db\/migrate/],
    ['a run that does not name it', [staging(passedCase('db/migrate/20250101_other.rb'))], 'missing', /20260112103000_add_discounts/],
    ['run elsewhere than in staging', [staging(passedCase(ADDED), undefined, 'unit')], 'missing', /JUnit report of the run in staging/],
    ['no run', [], 'missing', /JUnit/],
    ['another commit’s run', [staging(passedCase(ADDED), OTHER_COMMIT)], 'stale', /another commit/],
    ['nobody’s run', [staging(passedCase(ADDED), null)], 'needs-person', /names no commit/],
    ['a report cut short', [report('staging.xml', '<testsuites><testsuite name="staging">')], 'broken', /Could not be judged/],
  ])('%s', (_, evidence, status, says) => {
    const result = judge('migrations-tested', { ...range, evidence });
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
  });

  test('does not apply where no migration was added or changed, and says what it looked for', () => {
    expect(judge('migrations-tested', changed({ 'src/a.js': '1', [ADDED]: 'x' }, { [ADDED]: 'x' }))).toMatchObject({ status: 'not-applicable', summary: expect.stringMatching(/since v1\.0\.0 \(looked for alembic, Django/) as string });
    expect(judge('migrations-tested', changed({}, { [ADDED]: 'x' })).status).toBe('not-applicable');
  });

  test.each([
    ['alembic', 'app/alembic/versions/3fa2_add_x.py', 'app.alembic.versions.3fa2_add_x'],
    ['Django', 'shop/migrations/0007_add_x.py', 'shop.0007_add_x'],
    ['Django', 'shop/migrations/0007_add_x.py', 'tests.staging.shop.migrations.0007_add_x'],
    ['Flyway', 'src/main/resources/db/migration/V1.2__add_x.sql', 'V1.2__add_x.sql'],
    ['Liquibase', 'db/changelog/2026/01-add-x.xml', '2026/01-add-x.xml'],
    ['Prisma', 'prisma/migrations/20260112_add_x/migration.sql', 'prisma/migrations/20260112_add_x/migration.sql'],
    ['Prisma', 'prisma/migrations/20260112_add_x/migration.sql', '20260112_add_x'],
    ['goose', 'db/migrations/0003_add_x.sql', '0003_add_x'],
    ['Knex', 'migrations/20260112_add_x.js', '20260112_add_x.js'],
  ])('%s: %s is covered by %s', (tool, path, className) => {
    expect(judge('migrations-tested', { ...changed({ [path]: 'x' }), evidence: [staging(passedCase(className))] })).toMatchObject({ status: 'passed', summary: expect.stringContaining(`1 ${tool} migration`) as string });
    expect(judge('migrations-tested', { ...changed({ [path]: 'x' }), evidence: [staging(passedCase('another'))] }).status).toBe('missing');
  });

  test('thousands of migrations and of tests are judged in no time', () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`db/migrate/${20_250_000 + at}_change.rb`, 'x']));
    const tests = cases(...Object.keys(many).map(passedCase), ...Array.from({ length: 6_000 }, (_, at) => passedCase(`${'a/'.repeat(300)}${at}`)));
    const given = { ...changed(many), evidence: [staging(tests)] };
    const started = performance.now();
    expect(judge('migrations-tested', given).status).toBe('passed');
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('a name that two migrations share covers neither', () => {
    const both = changed({ 'shop/migrations/0001_initial.py': 'x', 'stock/migrations/0001_initial.py': 'y' });
    expect(judge('migrations-tested', { ...both, evidence: [staging(passedCase('0001_initial'))] })).toMatchObject({ status: 'missing', summary: expect.stringMatching(/shop.*stock/) as string });
    expect(judge('migrations-tested', { ...both, evidence: [staging(cases(passedCase('shop.0001_initial'), passedCase('stock/0001_initial')))] }).status).toBe('passed');
  });
});

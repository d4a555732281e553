import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/contract/contract.ts';
import type { CheckId, CheckResult } from '../../src/core/model/verdict.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

/** §3.5 over a real repository: what is gathered from git reaches the lines that judge it. */
let folder: ReturnType<typeof temporaryFolder>;
let repository: TestRepository;
let outputs: string;
let core: Core;
beforeEach(() => {
  folder = temporaryFolder('infrastructure');
  repository = new TestRepository(join(folder.path, 'repository'));
  outputs = join(folder.path, 'outputs');
  mkdirSync(outputs);
  core = compose({ shell: 'test', home: join(folder.path, 'home') });
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const MIGRATION = 'db/migrate/20260112103000_add_discounts.rb';

async function judged(at = '2026-01-12T12:00:00Z'): Promise<(id: CheckId) => CheckResult> {
  const told = await core.dispatch('release.evaluate', {
    draft: { version: 'v1.1.0', declared: [], repo: repository.path, outputs: [outputs], since: null, policyFile: null }, at, record: false,
  }, { shell: 'test' });
  if (!told.ok) throw new Error(told.error.message);
  const { results } = (told.value as Assessment).report;
  return (id) => results.find((result) => result.id === id) as CheckResult;
}

function firstRelease(): void {
  repository.write('src/a.js', 'export const a = process.env.OLD_ONE;\n').write('config/app.yaml', 'port: 80\n').write('db/migrate/20250101000000_first.rb', 'x').commit('first');
  repository.git('tag', 'v1.0.0');
}

describe('infrastructure', () => {
  test('nothing that changed since the last release calls for it', async () => {
    firstRelease();
    repository.write('README.md', 'words').commit('words');
    const line = await judged();
    for (const id of ['migrations-tested', 'configuration-documented', 'environment-variables'] as const) expect(line(id)).toMatchObject({ status: 'not-applicable', summary: expect.stringContaining('since v1.0.0') as string });
    expect(line('secrets-rotated').status).toBe('missing');
  });

  test('what changed and is not shown is red, line by line', async () => {
    firstRelease();
    repository.write('src/a.js', 'export const a = process.env.OLD_ONE + process.env.NEW_ONE;\n').write('config/app.yaml', 'port: 8080\n').write(MIGRATION, 'y').write('CHANGELOG.md', '# Changelog\n\n## [1.1.0] - 2026-01-12\n\n- Things.\n');
    repository.write('security/secrets-inventory.yaml', 'secrets:\n  - { name: database, rotated: 2025-06-01 }\n').commit('change');
    const line = await judged();
    expect(line('migrations-tested')).toMatchObject({ status: 'missing', summary: expect.stringContaining(MIGRATION) as string });
    expect(line('configuration-documented')).toMatchObject({ status: 'failed' });
    expect(line('environment-variables')).toMatchObject({ status: 'missing', summary: expect.stringMatching(/newly read: NEW_ONE$/) as string });
    expect(line('secrets-rotated')).toMatchObject({ status: 'failed', summary: expect.stringContaining('database') as string });
  });

  test('what changed and is shown is green', async () => {
    firstRelease();
    repository.write('src/a.js', 'export const a = process.env.OLD_ONE + process.env.NEW_ONE;\n').write('config/app.yaml', 'port: 8080\n').write(MIGRATION, 'y').write('CHANGELOG.md', '# Changelog\n\n## [1.1.0] - 2026-01-12\n\n- `port` is 8080.\n');
    repository.write('deploy/production.env.example', 'OLD_ONE=\nNEW_ONE=\n').write('security/secrets-inventory.yaml', 'secrets:\n  - { name: database, rotated: 2025-12-01 }\n');
    const commit = repository.commit('change');
    writeFileSync(join(outputs, 'staging.xml'), `<testsuites><testsuite name="staging migrations"><testcase classname="${MIGRATION}" name="up"/></testsuite></testsuites>`);
    await core.dispatch('evidence.writeManifest', { directory: outputs, commit, run: 'ci/7' }, { shell: 'test' });
    const line = await judged();
    for (const id of ['migrations-tested', 'environment-variables', 'secrets-rotated'] as const) expect(line(id)).toMatchObject({ status: 'passed' });
    // The declaring file is new as well, and is configuration itself.
    expect(line('configuration-documented')).toMatchObject({ status: 'passed' });
    // A quarter later the same commit has a secret that is due.
    expect((await judged('2026-04-01T12:00:00Z'))('secrets-rotated').status).toBe('failed');
  });

  test('a changed file that is too large to be read is told', async () => {
    firstRelease();
    repository.write('src/bundle.js', `// ${'x'.repeat(1_100_000)}\nprocess.env.HIDDEN`).commit('a bundle');
    expect((await judged())('environment-variables')).toMatchObject({ status: 'broken', summary: expect.stringContaining('src/bundle.js') as string });
  });

  test('without a release before it the whole tree counts', async () => {
    repository.write('src/a.js', 'process.env.OLD_ONE').write(MIGRATION, 'y').commit('first');
    const line = await judged();
    expect(line('environment-variables').status).toBe('missing');
    expect(line('migrations-tested').status).toBe('missing');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesDeclared, namesRead } from '../../src/core/checks/environment-names.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { judge } from './facts.ts';
import { changed } from './range-facts.ts';

const DECLARED = 'deploy/production.env.example';

describe('environment-variables', () => {
  test.each<[name: string, now: Record<string, string>, before: Record<string, string>, status: Status, says: RegExp]>([
    ['declared', { 'src/a.js': 'process.env.TARIFF_URL', [DECLARED]: '# names\nTARIFF_URL=\n' }, {}, 'passed', /1 variable newly read \(TARIFF_URL\)/],
    ['not declared', { 'src/a.js': 'process.env.TARIFF_URL', [DECLARED]: 'OTHER=\n' }, {}, 'failed', /1 variable of 1 newly read is not declared for production: TARIFF_URL/],
    ['no file that declares', { 'src/a.js': 'process.env.TARIFF_URL' }, {}, 'missing', /TARIFF_URL/],
    ['read before', { 'src/a.js': '// anew\nprocess.env.TARIFF_URL' }, { 'src/a.js': 'process.env.TARIFF_URL' }, 'not-applicable', /not read before/],
    ['moved from one changed file to another', { 'src/b.js': 'process.env.TARIFF_URL' }, { 'src/a.js': 'process.env.TARIFF_URL' }, 'not-applicable', /not read before/],
    ['in a test only', { 'test/a.test.js': 'process.env.TARIFF_URL', 'tests/test_a.py': 'os.environ["X_Y"]' }, {}, 'not-applicable', /./],
    ['that every machine has', { 'src/a.js': 'process.env.NODE_ENV + process.env.HOME' }, {}, 'not-applicable', /./],
    ['by a name put together at run time', { 'src/a.js': 'process.env[prefix + name]' }, {}, 'not-applicable', /1 place reads the environment without a name/],
    ['handed on by compose', { 'docker-compose.yml': 'services:\n  web:\n    environment:\n      - TARIFF_URL\n', [DECLARED]: 'TARIFF_URL' }, {}, 'passed', /TARIFF_URL/],
  ])('%s', (_, now, before, status, says) => {
    const result = judge('environment-variables', changed(now, before));
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
  });

  test('a changed file that could not be read is told, and nothing passes over it', () => {
    const given = changed({ 'src/a.js': 'process.env.A_B', 'src/huge.js': 'process.env.C_D', [DECLARED]: 'A_B=' });
    expect(judge('environment-variables', { ...given, documents: given.documents?.filter(({ path }) => !path.includes('huge')) ?? [] })).toMatchObject({ status: 'broken', summary: expect.stringContaining('src/huge.js') as string });
  });

  test('no value of a declaring file is ever said', () => {
    const result = judge('environment-variables', changed({ 'src/a.js': 'process.env.TARIFF_URL; process.env.NEW_ONE', [DECLARED]: 'TARIFF_URL=postgres://user:hunter2@db/x\n' }));
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('names that are read', () => {
  test.each([
    ['a.ts', "process.env.A_1 ?? process.env['B_2'] ?? process.env?.C_3 ?? Deno.env.get('D_4') ?? import.meta.env.VITE_E ?? process.env\n  .F_6", ['A_1', 'B_2', 'C_3', 'D_4', 'F_6', 'VITE_E']],
    ['a.mjs', "const { A_B, C_D: other = 'x', ...rest } = process.env;", ['A_B', 'C_D']],
    ['a.py', "os.environ['A_B']; os.environ.get(\"C_D\"); os.getenv('E_F', 'x'); env.str('G_H'); os.environ['SET_HERE'] = '1'", ['A_B', 'C_D', 'E_F', 'G_H']],
    ['a.rb', "ENV['A_B']; ENV.fetch('C_D'); ENV['SET'] = 'x'", ['A_B', 'C_D']],
    ['a.go', 'os.Getenv("A_B"); os.LookupEnv("C_D")', ['A_B', 'C_D']],
    ['a.java', 'System.getenv("A_B")', ['A_B']],
    ['a.cs', 'Environment.GetEnvironmentVariable("A_B")', ['A_B']],
    ['a.rs', 'std::env::var("A_B"); env!("C_D")', ['A_B', 'C_D']],
    ['a.php', "getenv('A_B'); $_ENV['C_D']", ['A_B', 'C_D']],
    ['deploy/compose.yaml', 'image: ${A_B:-x}:$C_D\n  cmd: $$NOT_ME ${E_F:?needed}\n    environment:\n      - G_H\n      - I_J=1\n    other: x\n', ['A_B', 'C_D', 'E_F', 'G_H']],
    ['Dockerfile', 'FROM x\nENV A_B=1\nENV C_D 2\nARG NOT_ME\n', ['A_B', 'C_D']],
    ['a.txt', 'process.env.A_B', []],
  ])('%s', (path, text, names) => {
    expect([...namesRead(path, text).names].sort()).toEqual(names);
  });

  test.each([
    ['a.js', 'const env = process.env; env.A', 1], ['a.js', 'const { A } = process.env', 0], ['a.js', 'spawn(x, { env: { ...process.env, A: 1 } })', 1], ['a.js', 'process.env\n  .A_B', 0],
    ['a.js', 'process.env[name] + process.env[`X`]', 1], ['a.py', 'os.environ[name]; os.getenv(name); dict(os.environ); os.environ["A"]', 3], ['a.go', 'os.Getenv(name)', 1], ['a.rb', 'ENV[name]', 1],
  ])('%s: %s reads the environment without a name %i times', (path, text, times) => {
    expect(namesRead(path, text).unknown).toBe(times);
  });

  test('declarations are names, commented ones none', () => {
    expect([...namesDeclared('# A_B=1\nexport C_D=2\nE_F\n G_H: x\nnot a name\n')].sort()).toEqual(['C_D', 'E_F', 'G_H']);
  });

  test('no text makes it stop or take long', () => {
    fc.assert(fc.property(fc.constantFrom('a.js', 'a.py', 'compose.yml', 'Dockerfile', 'a.rb'), fc.string({ maxLength: 2000 }), (path, text) => {
      namesRead(path, text);
    }));
    const started = performance.now();
    for (const path of ['a.js', 'a.py', 'compose.yml', 'Dockerfile']) namesRead(path, `${'{'.repeat(50_000)}${'process.env['.repeat(20_000)}${' '.repeat(200_000)}${'a,'.repeat(100_000)}} = process.env`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

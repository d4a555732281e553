import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hostileCases } from './hostile-cases.ts';

const CHILD = fileURLToPath(new URL('./hostile-child.ts', import.meta.url));
const MAX_SECONDS = 5;
const MAX_MEGABYTES = 512;

const EXPECTED: Readonly<Record<string, object>> = {
  'entities that multiply': { kind: 'junit', problem: 'entity-declared' },
  'JSON nested 30 million deep': { problem: 'too-deep' },
  'XML nested without end': { kind: 'junit', problem: 'too-deep' },
  'SARIF of empty results': { kind: 'sarif', problem: 'too-large' },
  'SARIF just below its bounds': { kind: 'sarif', problem: null },
  'JUnit of empty cases': { kind: 'junit', problem: 'too-large' },
  'an SBOM of components without end': { kind: 'cyclonedx', problem: null },
  'lcov of one record': { kind: 'lcov', problem: null },
  'coverage of one great file': { kind: 'coverage-istanbul-final', problem: null, counts: { lines: { covered: 260_000, total: 260_000 } } },
  'NUL without end': { problem: 'malformed' },
};

test.each([...hostileCases.keys()])('%s is answered in bounds', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-hostile-'));
  try {
    const inside = join(folder, 'outputs');
    mkdirSync(inside);
    const child = (...parts: readonly string[]): string => execFileSync(process.execPath, ['--no-warnings', CHILD, name, ...parts], { encoding: 'utf8', timeout: 60_000 });
    child('write', join(inside, 'report'));
    const answer = JSON.parse(child(inside)) as { seconds: number; megabytes: number };
    expect(answer).toMatchObject(EXPECTED[name] ?? {});
    expect(answer.seconds).toBeLessThan(MAX_SECONDS);
    expect(answer.megabytes).toBeLessThan(MAX_MEGABYTES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generateSbom } from '../../src/core/sbom/generate-sbom.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CYCLONEDX_NPM = join(ROOT, 'node_modules', '@cyclonedx', 'cyclonedx-npm', 'bin', 'cyclonedx-npm-cli.js');

interface Listed {
  readonly purl?: string;
  readonly components?: readonly Listed[];
}

function purlsOf({ purl, components = [] }: Listed): string[] {
  return [...(purl === undefined ? [] : [purl]), ...components.flatMap(purlsOf)];
}

test('this project’s own lock file gives the package URLs that cyclonedx-npm gives', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-sbom-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(folder, name), readFileSync(join(ROOT, name)));
    const theirs = execFileSync(process.execPath, [CYCLONEDX_NPM, '--package-lock-only', '--spec-version', '1.6', '--output-file', '-'], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' }, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024,
    });
    const ours = generateSbom({ subject: { name: 'p', version: '1' }, commit: '0'.repeat(40), time: '2026-01-02T03:04:05Z', sources: [{ path: 'package-lock.json', text: readFileSync(join(ROOT, 'package-lock.json'), 'utf8') }] });
    const set = (json: string): string[] => [...new Set(((JSON.parse(json) as Listed).components ?? []).flatMap(purlsOf))].sort();
    expect(set(ours.json)).toEqual(set(theirs));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

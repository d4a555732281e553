import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for one test, removed when the test says so. */
export function temporaryFolder(name = 'test'): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada Example', GIT_AUTHOR_EMAIL: 'ada@example.com', GIT_COMMITTER_NAME: 'Ada Example', GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z', GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
};

/** A real git repository made for one test. */
export class TestRepository {
  readonly path: string;

  constructor(path: string, ...options: readonly string[]) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main', ...options);
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.path, env: { ...process.env, ...ENVIRONMENT }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  write(path: string, content: string | Uint8Array): this {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), content);
    return this;
  }

  /** Commits everything and returns the commit's id. */
  commit(message: string, ...options: readonly string[]): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--no-verify', '-m', message, ...options);
    return this.git('rev-parse', 'HEAD');
  }
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

/**
 * Transcripts of the command line, each run in a folder of its own. A line that begins with `$ ` is typed; what follows
 * is all that it prints, errors too, with `…` for what differs from run to run; `[exit N]` stands where it is not 0.
 */
const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(import.meta.dirname, 'transcripts');

interface Step {
  readonly line: number;
  readonly command: string;
  readonly expected: string;
}

function parse(text: string): Step[] {
  const steps: { line: number; command: string; expected: string[] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('# ')) continue;
    if (line.startsWith('$ ')) steps.push({ line: index + 1, command: line.slice(2), expected: [] });
    else if (line.startsWith('> ')) steps.at(-1)?.expected.push(line.slice(2));
    else if (line === '>') steps.at(-1)?.expected.push('');
    else if (line.startsWith('[exit ')) steps.at(-1)?.expected.push(line);
  }
  return steps.map(({ expected, ...step }) => ({ ...step, expected: expected.join('\n') }));
}

const pattern = (expected: string): RegExp => new RegExp(`^${expected.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('[^]*?')}$`);

let folder: ReturnType<typeof temporaryFolder>;
let gpg: GpgHome;
beforeEach(() => {
  folder = temporaryFolder('transcript');
  gpg = new GpgHome();
});
afterEach(() => {
  gpg.remove();
  folder.remove();
});

describe('transcripts', () => {
  test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.txt')))('%s', { timeout: 240_000 }, (name) => {
    mkdirSync(join(folder.path, 'work'));
    const environment = {
      PATH: `${join(ROOT, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder.path, GNUPGHOME: gpg.path, COUNTERSIGN_HOME: join(folder.path, 'home'), LC_ALL: 'C.UTF-8', COUNTERSIGN_KEYRING: 'off',
      GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com', GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com',
      GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z', GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
    };
    for (const { line, command, expected } of parse(readFileSync(join(FOLDER, name), 'utf8'))) {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: join(folder.path, 'work'), env: environment, encoding: 'utf8' });
      const printed = `${stdout}${stderr}`.trimEnd() + (status === 0 ? '' : `${stdout + stderr === '' ? '' : '\n'}[exit ${status ?? 'by signal'}]`);
      expect(printed, `${name}:${line}: $ ${command}`).toMatch(pattern(expected.trimEnd()));
    }
  });
});

import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/model/errors.ts';
import { checkOut, type CheckedOut } from '../../src/main/adapters/confined/checkout.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

let folder: ReturnType<typeof temporaryFolder>;
let repository: TestRepository;
let tree: string;
beforeEach(() => {
  folder = temporaryFolder('checkout');
  repository = new TestRepository(join(folder.path, 'repository'));
  tree = join(folder.path, 'tree');
  mkdirSync(tree);
});
afterEach(() => folder.remove());

const checkedOut = (commit: string, signal = new AbortController().signal): Promise<CheckedOut> => checkOut(repository.path, commit, tree, { signal, progress: () => undefined });
const refusal = async (commit: string): Promise<AppError> => {
  const cause: unknown = await checkedOut(commit).catch((thrown: unknown) => thrown);
  if (cause instanceof AppError) return cause;
  throw new Error('It was checked out', { cause });
};
/** Makes a tree object with entries as they are given, whatever git thinks of them. */
const plant = (...entries: readonly (readonly [mode: string, name: string, id: string])[]): string => {
  const bytes = Buffer.concat(entries.map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])));
  writeFileSync(join(folder.path, 'object'), bytes);
  return repository.git('hash-object', '-t', 'tree', '-w', '--literally', join(folder.path, 'object'));
};
const commitOf = (id: string): string => repository.git('commit-tree', id, '-m', 'planted');

describe('a clean checkout', () => {
  test('is the files of the commit, with their modes, and nothing of the work tree', async () => {
    repository.write('a.txt', 'of the commit').write('bin/run', '#!/bin/sh\n').write('deep/er/b.bin', Uint8Array.of(0, 1, 255));
    chmodSync(join(repository.path, 'bin/run'), 0o755);
    const commit = repository.commit('files');
    repository.write('a.txt', 'of the work tree').write('new.txt', 'not committed');
    expect(await checkedOut(commit)).toMatchObject({ files: 3, leftOut: [] });
    expect(readFileSync(join(tree, 'a.txt'), 'utf8')).toBe('of the commit');
    expect([...readFileSync(join(tree, 'deep/er/b.bin'))]).toEqual([0, 1, 255]);
    expect(lstatSync(join(tree, 'bin/run')).mode & 0o100).toBe(0o100);
    expect(lstatSync(join(tree, 'a.txt')).mode & 0o100).toBe(0);
    expect(readdirSync(tree).sort()).toEqual(['a.txt', 'bin', 'deep']);
  });

  test('runs no filter and heeds no attribute', async () => {
    const touched = join(folder.path, 'touched');
    repository.write('.gitattributes', '*.txt filter=evil text eol=crlf ident\nhidden.txt export-ignore\n').write('a.txt', 'one\n$Id$\n').write('hidden.txt', 'seen\n');
    const commit = repository.commit('attributes');
    repository.git('config', 'filter.evil.smudge', `touch ${touched}; cat`);
    repository.git('config', 'filter.evil.process', `touch ${touched}`);
    repository.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${touched}\n`);
    await checkedOut(commit);
    expect(readFileSync(join(tree, 'a.txt'), 'utf8')).toBe('one\n$Id$\n');
    expect(readFileSync(join(tree, 'hidden.txt'), 'utf8')).toBe('seen\n');
    expect(existsSync(touched)).toBe(false);
  });

  test('leaves out links that lead away, and the files of submodules, and says so', async () => {
    const blob = (text: string): string => {
      writeFileSync(join(folder.path, 'object'), text);
      return repository.git('hash-object', '-w', join(folder.path, 'object'));
    };
    const commit = commitOf(plant(
      ['120000', 'away', blob('/etc/passwd')], ['100644', 'file', blob('x')], ['120000', 'here', blob('./file')], ['120000', 'loop', blob('here/..')], ['160000', 'sub', '1'.repeat(40)], ['120000', 'up', blob('a/../../secret')],
    ));
    const { leftOut } = await checkedOut(commit);
    expect(readdirSync(tree).sort()).toEqual(['file', 'here', 'sub']);
    expect(readlinkSync(join(tree, 'here'))).toBe('./file');
    expect(leftOut).toEqual(['sub: a submodule, whose files are not in this repository', 'away: a symbolic link that leaves the repository', 'loop: a symbolic link that leaves the repository', 'up: a symbolic link that leaves the repository']);
  });

  test('keeps names that are not UTF-8', async () => {
    const name = Buffer.from([0x61, 0xff, 0x62]);
    const id = repository.write('x', 'x').commit('x') && repository.git('rev-parse', 'HEAD:x');
    writeFileSync(join(folder.path, 'object'), Buffer.concat([Buffer.from('100644 '), name, Buffer.from([0]), Buffer.from(id, 'hex')]));
    await checkedOut(commitOf(repository.git('hash-object', '-t', 'tree', '-w', '--literally', join(folder.path, 'object'))));
    expect(readdirSync(tree, { encoding: 'buffer' })).toEqual([name]);
  });
});

describe('a commit that is built to harm', () => {
  const file = (): string => {
    repository.write('x', 'content').commit('x');
    return repository.git('rev-parse', 'HEAD:x');
  };

  test.each(['.git', '.GIT', '..', '.'])('a file named %s', async (name) => {
    const { code } = await refusal(commitOf(plant(['100644', name, file()])));
    expect(code).toBe('malformed');
    expect(readdirSync(folder.path).sort()).toEqual(['object', 'repository', 'tree']);
  });

  test('a file named with a slash', async () => {
    expect((await refusal(commitOf(plant(['100644', 'a/../../b', file()])))).code).toBe('malformed');
  });

  test('a link and a folder of one name, to write through', async () => {
    const id = file();
    writeFileSync(join(folder.path, 'object'), '.');
    const up = repository.git('hash-object', '-w', join(folder.path, 'object'));
    const inner = plant(['100644', 'written', id]);
    expect((await refusal(commitOf(plant(['120000', 'a', up], ['40000', 'a', inner])))).message).toMatch(/twice/);
    expect(existsSync(join(tree, 'written'))).toBe(false);
  });

  test('a file of one name twice', async () => {
    const id = file();
    expect((await refusal(commitOf(plant(['100644', 'a', id], ['100644', 'a', id])))).message).toMatch(/twice/);
  });

  test('an odd mode', async () => {
    expect((await refusal(commitOf(plant(['104755', 'a', file()])))).message).toMatch(/mode 104755/);
  });

  test('a store whose object is not what its id says', async () => {
    const commit = repository.write('test.js', 'the real test').commit('test');
    const id = repository.git('rev-parse', 'HEAD:test.js');
    const stored = join(repository.path, '.git/objects', id.slice(0, 2), id.slice(2));
    const forged = Buffer.from('another test!');
    mkdirSync(join(folder.path, 'away'));
    renameSync(stored, join(folder.path, 'away/object'));
    writeFileSync(stored, deflateSync(Buffer.concat([Buffer.from(`blob ${forged.length}\0`), forged])));
    expect(await refusal(commit)).toMatchObject({ code: 'malformed', message: expect.stringContaining('is not what its id says') as string });
  });

  test('an object that is not there', async () => {
    const commit = repository.write('a', 'a').commit('a');
    const id = repository.git('rev-parse', 'HEAD:a');
    rmSync(join(repository.path, '.git/objects', id.slice(0, 2), id.slice(2)));
    expect(await refusal(commit)).toMatchObject({ code: 'git-failed' });
  });

  test('is given up when it is cancelled', async () => {
    const commit = repository.write('a', 'a').commit('a');
    const controller = new AbortController();
    controller.abort();
    await expect(checkedOut(commit, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

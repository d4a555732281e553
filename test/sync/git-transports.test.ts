import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../src/core/model/errors.ts';
import { gitAddress } from '../../src/main/adapters/shared/git-address.ts';
import { openShared } from '../../src/main/adapters/shared/open-shared.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from '../archive/archives.ts';
import { bareRepository, HttpsServer, SshServer } from '../support/git-remotes.ts';

const drifts = (from: number, count: number) => Array.from({ length: count }, (_, at) => drift(from + at));
const failure = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);

/** An archive with some entries, that handed them over. */
async function published(url: string, count: number): Promise<Archive> {
  const archive = await openTestArchive();
  await archive.appendRecords(drifts(0, count));
  expect(await archive.sync(url, quietWork)).toMatchObject({ pushed: [{ origin: archive.origin, entries: count }], problems: [] });
  return archive;
}

describe('an address of a git remote', () => {
  it.each([
    ['git+ssh://git@example.com/archive.git', { remote: 'ssh://git@example.com/archive.git', transport: 'ssh' }],
    ['ssh://example.com:2222/srv/archive.git', { remote: 'ssh://example.com:2222/srv/archive.git', transport: 'ssh' }],
    ['git@example.com:team/archive.git', { remote: 'git@example.com:team/archive.git', transport: 'ssh' }],
    ['git+https://example.com/archive.git', { remote: 'https://example.com/archive.git', transport: 'https' }],
    ['git+file:///srv/archive.git', { remote: 'file:///srv/archive.git', transport: 'file' }],
    ['git+file:///srv/with%20space.git', { remote: 'file:///srv/with%20space.git', transport: 'file' }],
  ])('%s is read', (url, read) => {
    expect(gitAddress(url)).toMatchObject({ url, ...read });
  });

  it.each(['/srv/archive', 'C:\\archive', 'file:///srv/archive', 'postgres://a@b/c', 'https://example.com/a.git', './a:b'])('%s is none', (url) => {
    expect(gitAddress(url)).toBeNull();
  });

  it.each([
    'git+ssh://-oProxyCommand=touch%20x/a', 'git+ssh://a@-x/b', '-a@host:path', 'a@-host:path', 'a@host:-path', 'git+ssh://host/a\u0007b', 'git+ssh://host/a b', 'git+ssh://host', 'git+https://host/a?b', 'git+https://host/a#b',
    'git+https://ada:secret@host/a', 'git+file://elsewhere/a', 'git+file:', 'git+ssh://a%20b@host/c', 'git+ssh://$(touch x)/a', 'git+ssh://',
  ])('%s is refused', (url) => {
    let refusal: unknown = null;
    try {
      gitAddress(url);
    } catch (cause) {
      refusal = cause;
    }
    expect(refusal).toMatchObject({ code: 'bad-input' });
    expect((refusal as AppError).message).not.toContain('secret');
  });

  it.each(['git+ext::sh -c touch%20x', 'ext::sh', 'git+git://host/a', 'git+http://host/a', 'git://host/a'])('%s is nothing that is synced with', async (url) => {
    await expect(openShared(url, { ...quietWork, home: temporaryFolder() })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('over ssh', { timeout: 60_000 }, () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await SshServer.start();
  });
  afterAll(() => server.stop());
  afterEach(() => {
    delete process.env['COUNTERSIGN_SSH_CONFIG'];
  });

  it('logs are exchanged', async () => {
    const remote = bareRepository(temporaryFolder());
    process.env['COUNTERSIGN_SSH_CONFIG'] = server.configuration();
    const ours = await published(server.url(remote.path), 300);
    expect(await (await openTestArchive()).sync(server.url(remote.path), quietWork)).toMatchObject({ pulled: [{ origin: ours.origin, entries: 300 }], problems: [] });
  });

  it.each([
    ['whose key is another than the known one', { host: 'stranger' }, /host key/i, /fingerprint/],
    ['that is not known yet', { host: null }, /host key/i, /fingerprint/],
    ['that does not know this console', { key: 'stranger' }, /permission denied/i, /its keys/],
  ] as const)('a host %s is refused', async (_, options, message, hint) => {
    const remote = bareRepository(temporaryFolder());
    process.env['COUNTERSIGN_SSH_CONFIG'] = server.configuration(options);
    expect(await failure((await openTestArchive()).sync(server.url(remote.path), quietWork))).toMatchObject({ code: 'environment', message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });
});

describe('over https', { timeout: 60_000 }, () => {
  let server: HttpsServer;
  const before = { HOME: process.env['HOME'], GIT_SSL_CAINFO: process.env['GIT_SSL_CAINFO'] };
  afterEach(() => {
    server.stop();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('logs are exchanged, where the authority is known and ~/.netrc has the password', async () => {
    const root = temporaryFolder();
    server = await HttpsServer.start(root);
    const home = temporaryFolder();
    bareRepository(root);
    const url = server.url('genesis.git');
    const ours = await openTestArchive();
    await ours.appendRecords(drifts(0, 300));
    expect(await failure(ours.sync(url, quietWork))).toMatchObject({ code: 'environment', message: expect.stringMatching(/certificate/i), hint: expect.stringContaining('GIT_SSL_CAINFO') });
    process.env['GIT_SSL_CAINFO'] = server.authority;
    process.env['HOME'] = home;
    expect(await failure(ours.sync(url, quietWork))).toMatchObject({ code: 'environment', hint: expect.stringContaining('.netrc') });
    writeFileSync(join(home, '.netrc'), 'machine localhost login ada password lovelace\n', { mode: 0o600 });
    expect(await ours.sync(url, quietWork)).toMatchObject({ pushed: [{ entries: 300 }], problems: [] });
    expect(await (await openTestArchive()).sync(url, quietWork)).toMatchObject({ pulled: [{ origin: ours.origin, entries: 300 }], problems: [] });
  });
});

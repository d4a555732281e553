import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { temporaryFolder } from '../support/repository.ts';

const folder = temporaryFolder('take-in');
const watched = temporaryFolder('watched');
let core: Core;
let client: Client;
beforeAll(() => {
  core = compose({ shell: 'test', home: folder.path });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});
afterAll(async () => {
  await core.close();
  folder.remove();
  watched.remove();
});

const DEPLOYMENT = { deployment_id: 'deploy-1', release_version: 'v1.0.0', deployment_date: '2026-01-12T00:00:00Z', deployment_environment: 'production', deployment_method: 'direct', deployment_status: 'success', deployed_by: 'ci', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true };
const write = (name: string, text: string): void => writeFileSync(join(watched.path, name), text);

test('files of a watched folder are recorded once, as imported; what is none is said, and links are not followed', async () => {
  const outside = join(folder.path, 'outside.json');
  writeFileSync(outside, JSON.stringify({ ...DEPLOYMENT, deployment_id: 'outside' }));
  symlinkSync(outside, join(watched.path, 'link.json'));
  write('a.json', JSON.stringify(DEPLOYMENT));
  write('half.json', '{"deployment_id": "dep');
  write('other.json', '{"event_type":"release"}');
  write('large.json', `{"x":"${'x'.repeat(40_000)}"}`);
  write('notes.txt', 'no record');
  const first = await client.call('deployment.takeIn', { folder: watched.path });
  expect([first.taken.map(({ file }) => file), first.refused.map(({ file }) => file), first.known]).toEqual([['a.json'], ['half.json', 'large.json', 'other.json'], 0]);
  const { entry } = await client.call('archive.show', { id: first.taken[0]?.record ?? '' });
  expect(entry.record).toMatchObject({ ...DEPLOYMENT, event_type: 'deployment', imported: true, source_file: 'a.json' });

  write('half.json', JSON.stringify({ ...DEPLOYMENT, deployment_id: 'deploy-2', imported: false }));
  const again = await client.call('deployment.takeIn', { folder: watched.path });
  expect([again.taken.map(({ file }) => file), again.known]).toEqual([['half.json'], 1]);
  expect((await client.call('archive.list', { origin: null, event_type: 'deployment', release: null, offset: 0, limit: 10 })).entries.map(({ imported }) => imported)).toEqual([true, true]);
  expect((await client.call('deployment.takeIn', { folder: watched.path })).taken).toEqual([]);
  await expect(client.call('deployment.takeIn', { folder: join(watched.path, 'nowhere') })).rejects.toMatchObject({ code: 'not-found' });
});

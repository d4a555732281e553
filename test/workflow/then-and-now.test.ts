import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Assessment } from '../../src/core/contract/contract.ts';
import type { ReleaseDraft } from '../../src/core/model/release.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

const BUILT_IN = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');

let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let client: Client;
let draft: ReleaseDraft;
let time = '2026-01-10T12:00:00Z';

beforeAll(() => {
  folder = temporaryFolder('then');
  const made = new TestRepository(join(folder.path, 'product'));
  made.write('CHANGELOG.md', '# Changelog\n\n## [1.1.0] - 2026-01-02\n\n### Added\n\n- A thing.\n').commit('first');
  made.git('tag', 'v1.0.0');
  made.write('RELEASE_NOTES.md', '## 1.1.0\n\nSeven words about what changed here today.\n').commit('second');
  draft = { version: 'v1.1.0', declared: [], repo: made.path, outputs: [], since: null, policyFile: null };
  core = compose({ shell: 'test', home: join(folder.path, 'home'), now: () => new Date(time) });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});
afterAll(async () => {
  await core.close();
  folder.remove();
});

function judge(change: Partial<ReleaseDraft> = {}, more: { at?: string; record?: boolean; against?: { run: string; policy: 'today' | 'then' } } = {}): Promise<Assessment> {
  return client.call('release.evaluate', { draft: { ...draft, ...change }, at: more.at ?? null, record: more.record ?? false, against: more.against ?? null, task: undefined });
}

test('a release is judged again under the policy that was in force then, or under today’s, and the difference is shown', async () => {
  const strict = await judge({}, { record: true });
  const run = strict.recorded ?? '';
  expect(strict.report.results.find(({ id }) => id === 'release-notes')?.status).toBe('failed');
  expect((await client.call('archive.show', { id: run })).entry.record).toMatchObject({ evaluator_version: '0.1.0', policy_digest: strict.report.policyDigest, evidence_digests: { 'changelog-updated': expect.stringMatching(/^[0-9a-f]{64}$/) as string } });

  time = '2026-06-01T12:00:00Z';
  const lenient = join(folder.path, 'lenient.yaml');
  writeFileSync(lenient, readFileSync(BUILT_IN, 'utf8').replace(/(release_notes_minimum_words:\n\s+value: )\d+/, '$13'));
  const today = await judge({ policyFile: lenient }, { against: { run, policy: 'today' } });
  expect(today.difference).toMatchObject({ run, runAt: '2026-01-10T12:00:00Z', samePolicy: false, sameEvaluator: true });
  expect(today.difference?.lines).toContainEqual({ id: 'release-notes', was: 'failed', is: 'passed', otherEvidence: false });

  const then = await judge({ policyFile: lenient }, { record: true, against: { run, policy: 'then' } });
  expect(then.difference).toMatchObject({ samePolicy: true, lines: [] });
  expect(then.recorded).toBeNull();
  // The same inputs at the same time under the same policy give the same bytes.
  expect(then.report).toEqual(strict.report);
});

test('equal inputs and an equal time give equal bytes', async () => {
  const [one, other] = [await judge({}, { at: '2026-02-01T00:00:00Z' }), await judge({}, { at: '2026-02-01T00:00:00Z' })];
  expect(JSON.stringify(other.report)).toBe(JSON.stringify(one.report));
  expect((await judge({}, { at: '2026-02-02T00:00:00Z' })).report.subjectDigest).toBe(one.report.subjectDigest);
});

test('what is no run of this release, or whose policy is not kept, is told', async () => {
  const { recorded } = await judge({ version: 'v1.2.0' }, { record: true });
  await expect(judge({}, { against: { run: recorded ?? '', policy: 'today' } })).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('for v1.2.0') as string });
  await expect(judge({}, { against: { run: '999', policy: 'today' } })).rejects.toMatchObject({ code: 'not-found' });
  const { report } = await judge({ version: 'v1.3.0' }, { record: true });
  writeFileSync(join(core.home, 'policies', `${report.policyDigest}.yaml`), 'changed');
  await expect(judge({}, { against: { run: '0', policy: 'then' } })).rejects.toMatchObject({ code: 'not-found', hint: expect.stringContaining('--policy') as string });
});

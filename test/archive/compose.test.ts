import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Output } from '../../src/core/contract/types.ts';
import { GreenRelease } from '../support/green-release.ts';

let release: GreenRelease;
let ids: Record<'deployment' | 'rollback', string>;
beforeAll(async () => {
  release = new GreenRelease();
  await release.prepare();
  await release.client.call('approval.sign', { draft: release.draft(undefined, ['security']), key: release.keys.ines, role: 'ciso', decision: 'approve', reason: 'It mends the hole.', out: null, task: undefined });
  ids = { deployment: (await compose('deployment', DEPLOYMENT)).id, rollback: '' };
}, 120_000);
afterAll(() => release.close());

const DEPLOYMENT = {
  deployment_id: 'deploy-20260112-001', release_version: 'v1.1.0', deployment_date: '2026-01-12T02:00:00Z', deployment_environment: 'production', deployment_method: 'blue-green', deployment_status: 'success',
  deployed_by: 'alan@example.com', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true,
};
const ROLLBACK = {
  rollback_id: 'rollback-20260112-001', from_version: 'v1.1.0', to_version: 'v1.0.0', rollback_date: '2026-01-12T03:00:00Z', rollback_reason: 'Critical bug detected', rollback_method: 'blue-green', rollback_status: 'success',
  rolled_back_by: 'alan@example.com', approved_by: ['cleo'], root_cause_investigation: 'in_progress',
};
const releaseFields = (): object => ({
  event_type: 'release', release_version: 'v1.1.0', release_date: '2026-01-12T02:30:00Z', release_commit: release.commit.slice(0, 12), release_artifacts: ['product.tar.gz', 'product.tar.gz.asc', 'SHA256SUMS'],
  release_notes: 'Prices are there now.', deployed_by: 'alan@example.com', approved_by: ['ines@example.com'], deployment_environment: 'production', deployment_status: 'success', rollback_plan: 'Blue-green, back to v1.0.0',
});

async function compose(event: 'release' | 'deployment' | 'rollback', fields: object, repo: string | null = null): Promise<Output<'archive.compose'>> {
  const from = join(release.folder.path, `${event}.json`);
  writeFileSync(from, JSON.stringify(fields));
  return release.client.call('archive.compose', { event, from, repo });
}
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'recorded', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);

describe('a record that this console composes', () => {
  test('is held against what is known, joined to what it is about, and not marked as imported', async () => {
    const composed = await compose('release', releaseFields(), release.repository.path);
    expect(composed).toMatchObject({ warnings: [], refs: [{ rel: 'deployed-by', id: ids.deployment }] });
    const { entry, warnings, notBefore } = await release.client.call('archive.show', { id: composed.id });
    expect([warnings, notBefore]).toEqual([[], null]);
    expect(entry.record).toMatchObject({ event_type: 'release', release_artifacts_sha256: { 'product.tar.gz': expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    expect(Object.keys(entry.record['release_artifacts_sha256'] as object)).toEqual(['SHA256SUMS', 'product.tar.gz', 'product.tar.gz.asc']);
    expect(entry.record).not.toHaveProperty('imported');

    const back = await compose('rollback', ROLLBACK);
    expect(back.refs).toEqual([{ rel: 'rolls-back', id: ids.deployment }]);
    const shown = await release.client.call('archive.show', { id: ids.deployment });
    expect(shown.referredBy).toEqual([{ rel: 'deployed-by', id: composed.id }, { rel: 'rolls-back', id: back.id }]);
    expect(shown.entry.refs).toMatchObject([{ rel: 'deploys' }]);
  });

  test.each<[what: string, change: object, says: RegExp]>([
    ['a version that is none', { release_version: 'one' }, /^bad-input: release_version a release is named by a semantic version/],
    ['a commit that the repository does not have', { release_commit: 'abc123def456' }, /^bad-input: release_commit is abc123def456, which the repository does not have/],
    ['a commit by a name', { release_commit: 'main' }, /^bad-input: release_commit is main/],
    ['an artifact that no signature covers', { release_artifacts: ['product.tar.gz', 'other.zip'] }, /^bad-input: release_artifacts\.1 is other\.zip, which no recorded signature of this version covers/],
    ['an approver whom nobody knows', { approved_by: ['ines@example.com', 'eve@example.com'] }, /^bad-input: approved_by\.1 is eve@example\.com, whom the roster in force does not name/],
    ['an approver who did not approve', { approved_by: ['cleo@example.com'] }, /^bad-input: approved_by\.0 says that cleo@example\.com approved it, and no proven approval/],
    ['a deployer whom nobody knows', { deployed_by: 'devops@example.org' }, /^bad-input: deployed_by is devops@example\.org/],
    ['a day that does not exist', { release_date: '2026-02-30T00:00:00Z' }, /^bad-input: release_date this date or time does not exist/],
    ['a day that is yet to come', { release_date: '2026-01-13T00:00:00Z' }, /^bad-input: release_date is 2026-01-13T00:00:00Z, which is yet to come/],
    ['a field that is wanting', { rollback_plan: undefined }, /^bad-input: rollback_plan /],
    ['a field that is none', { released_by: 'alan' }, /^bad-input: released_by is no field of this record/],
    ['another type', { event_type: 'rollback' }, /^bad-input: event_type /],
  ])('is refused with %s, and the field is named', async (_, change, says) => {
    expect(await failure(compose('release', { ...releaseFields(), ...change }, release.repository.path))).toMatch(says);
  });

  test('of a release needs the repository that its commit is of', async () => {
    expect(await failure(compose('release', releaseFields()))).toMatch(/^bad-input: release_commit cannot be looked up: no repository was named/);
  });

  test.each<[event: 'deployment' | 'rollback', change: object, says: RegExp]>([
    ['deployment', { smoke_tests_passed: 'yes' }, /^bad-input: smoke_tests_passed /],
    ['deployment', { release_version: 'latest' }, /^bad-input: release_version /],
    ['rollback', { from_version: '1' }, /^bad-input: from_version /],
    ['rollback', { approved_by: ['nobody'] }, /^bad-input: approved_by\.0 is nobody/],
  ])('of a %s is as strict', async (event, change, says) => {
    expect(await failure(compose(event, { ...(event === 'deployment' ? DEPLOYMENT : ROLLBACK), ...change }))).toMatch(says);
  });

  test('takes nothing from records that were imported', async () => {
    const file = join(release.folder.path, 'lines.jsonl');
    writeFileSync(file, `${JSON.stringify({ event_type: 'signing', release_version: 'v1.1.0', release_artifacts_sha256: { 'other.zip': 'a'.repeat(64) } })}\n`);
    await release.client.call('archive.append', { from: file, task: undefined });
    expect(await failure(compose('release', { ...releaseFields(), release_artifacts: ['other.zip'] }, release.repository.path))).toMatch(/^bad-input: release_artifacts\.0/);
  });
});

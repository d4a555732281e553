import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/core/archive/csv.ts';
import { readDeployments, type ListedDeployment } from '../../src/core/archive/deployment-exports.ts';
import { reconcile, type RecordedDeployment } from '../../src/core/archive/reconcile.ts';
import type { Output, Parsed } from '../../src/core/contract/types.ts';
import type { GenesisRecord } from '../../src/core/model/archive.ts';
import { reconcileHandlers } from '../../src/core/service/reconcile-handlers.ts';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { readText } from '../../src/main/adapters/text-files.ts';
import { openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const KUBECTL = {
  apiVersion: 'v1', kind: 'List', items: [
    { metadata: { name: 'shop-5c8f', namespace: 'production', creationTimestamp: '2026-01-10T02:00:03Z', labels: { app: 'shop' } }, spec: { template: { spec: { containers: [{ name: 'shop', image: 'registry.example:5000/shop:v1.1.0' }] } } } },
    { metadata: { name: 'shop-7d1a', namespace: 'production', creationTimestamp: '2026-01-12T02:00:03Z', labels: { 'app.kubernetes.io/version': 'v1.2.0' } }, spec: { template: { spec: { containers: [{ name: 'shop', image: `registry.example:5000/shop@sha256:${'a'.repeat(64)}` }] } } } },
  ],
};
const GITHUB = [
  { id: 42, ref: 'refs/tags/v1.1.0', environment: 'production', created_at: '2026-01-10T03:00:00+01:00', task: 'deploy' },
  { id: 43, ref: 'v1.2.0', environment: 'production', created_at: '2026-01-12T02:00:00Z', state: 'error' },
];
const OCTOPUS = { Items: [{ Id: 'Deployments-1', EnvironmentId: 'Environments-1', EnvironmentName: 'Production', Created: '2026-01-10T02:00:00.000+00:00', ReleaseId: 'Releases-1', Changes: [{ Version: '1.1.0' }] }] };
const LINES = '{"release_version":"v1.1.0","deployment_date":"2026-01-10T02:00:00Z","deployment_environment":"production"}\n\n{"version":"1.2.0","deployed_at":"2026-01-12T02:00:00Z","id":7,"status":"failed"}\n';

const TABLE = 'Release,Environment,Deployed at,Status,ID\r\nv1.1.0,production,2026-01-10 03:00 +0100,success,\r\n\r\n"1.2.0, hotfix ""b""",,2026-01-12T01:00:00Z,failed,9\r\n';
const OCTOPUS_TABLE = 'DeploymentId,ProjectName,EnvironmentId,EnvironmentName,ReleaseId,ReleaseVersion,TaskState,Created,CompletedTime\nDeployments-1,Shop,Environments-1,Production,Releases-1,1.1.0,Success,2026-01-10T02:00:00.000+00:00,2026-01-10T02:04:00.000+00:00\nDeployments-2,Shop,Environments-1,Production,Releases-2,1.2.0,Failed,2026-01-12T02:00:00.000+00:00,\n';
const SPREADSHEET = '\uFEFFversion;date;time;environment\nv1.1.0;2026-01-10;02:00:00Z;production\n"v1.1.0";"2026-01-10";"03:00 +01:00";"production"\n';

describe('production’s own list', () => {
  test.each<[what: string, text: string, format: string, first: object, last: object]>([
    ['kubectl', JSON.stringify(KUBECTL), 'kubernetes', { id: 'shop-5c8f', version: 'v1.1.0', environment: 'production', at: '2026-01-10T02:00:03Z' }, { id: 'shop-7d1a', version: 'v1.2.0' }],
    ['GitHub', JSON.stringify(GITHUB, null, 2), 'github', { id: '42', version: 'v1.1.0', at: '2026-01-10T02:00:00Z', succeeded: true }, { id: '43', succeeded: false }],
    ['Octopus', JSON.stringify(OCTOPUS), 'octopus', { id: 'Deployments-1', version: '1.1.0', environment: 'Production' }, { id: 'Deployments-1' }],
    ['a script', LINES, 'json-lines', { id: 'line 1', version: 'v1.1.0', environment: 'production', succeeded: true }, { id: '7', version: '1.2.0', environment: null, succeeded: false }],
    ['a table', TABLE, 'csv', { id: 'line 2', version: 'v1.1.0', environment: 'production', at: '2026-01-10T02:00:00Z', succeeded: true }, { id: '9', version: '1.2.0, hotfix "b"', environment: null, at: '2026-01-12T01:00:00Z', succeeded: false }],
    ['Octopus, as a table', OCTOPUS_TABLE, 'csv', { id: 'Deployments-1', version: '1.1.0', environment: 'Production', at: '2026-01-10T02:00:00Z', succeeded: true }, { id: 'Deployments-2', succeeded: false }],
    ['a spreadsheet', SPREADSHEET, 'csv', { version: 'v1.1.0', environment: 'production', at: '2026-01-10T02:00:00Z' }, { at: '2026-01-10T02:00:00Z' }],
    ['a script, of one line', LINES.split('\n')[0] ?? '', 'json-lines', { version: 'v1.1.0' }, { version: 'v1.1.0' }],
  ])('of %s is read', (_, text, format, first, last) => {
    const read = readDeployments(text, 'list');
    expect(read.format).toBe(format);
    expect(read.deployments[0]).toMatchObject(first);
    expect(read.deployments.at(-1)).toMatchObject(last);
  });

  test.each([
    ['a table without a version', 'environment,date\nproduction,2026-01-10T02:00:00Z\n', /^list:1: No column names the version/],
    ['a table without a time', 'version,environment\nv1,production\n', /^list:1: No column names the time/],
    ['a time without a zone in a table', 'version,deployment_date\nv1,2026-01-10T02:00:00Z\nv2,2026-01-10 02:00:00\n', /^list:3: "2026-01-10 02:00:00" is no time with its zone/],
    ['a day that could be two', 'version,date\nv1,01/02/2026 02:00 UTC\n', /^list:2: "01\/02\/2026 02:00 UTC" is no time/],
    ['a day in a table that does not exist', 'version,date\nv1,2026-02-30T02:00:00Z\n', /^list:2: "2026-02-30/],
    ['a row that is too short', 'version,date,id\nv1,2026-01-10T02:00:00Z\n', /^list:2: It has 2 fields, and the first line has 3/],
    ['a row without a version', '\n\nversion,date\n,2026-01-10T02:00:00Z\n', /^list:4: It names no version/],
    ['a quote that is never closed', 'version,date\n"v1\n,2026-01-10T02:00:00Z\n', /^list:2: A quote is opened here/],
    ['something after a quote', 'version,date\n"v1"x,2026-01-10T02:00:00Z\n', /^list:2: Something follows/],
    ['a quote inside a field', 'version,date\nv"1,2026-01-10T02:00:00Z\n', /^list:2: A quote stands inside/],
    ['a row after one of several lines', 'version,date\n"v\n1",2026-01-10T02:00:00Z\nv2,tomorrow\n', /^list:4: "tomorrow"/],
    ['a line that is no JSON', `${LINES}deployed v1.3.0\n`, /^list:4: This is not JSON/],
    ['a deployment without a version', '{"deployed_at":"2026-01-10T02:00:00Z"}', /^list:1: release_version is missing/],
    ['a time without an offset', '{"version":"v1","deployed_at":"2026-01-10T02:00:00"}', /^list:1: deployed_at: a time with its offset/],
    ['a day that does not exist', '{"version":"v1","deployed_at":"2026-13-10T02:00:00Z"}', /^list:1: deployed_at: this date/],
    ['pods, which are no deployments', '{"kind":"PodList","items":[]}', /^list: kind/],
  ])('with %s is refused, and the place is named', (_, text, says) => {
    expect(() => readDeployments(text, 'list')).toThrow(says);
  });
});

describe('a table', () => {
  test('gives back whatever was quoted by the rules', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é'), maxLength: 8 });
    fc.assert(fc.property(fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 8 }), (rows) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
      expect([...readCsv(text, ',', 'list')].map(({ fields }) => fields)).toEqual(rows);
    }));
  });

  test('is read or refused with its line, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('v', '1', '"', ',', '\n', ';'), maxLength: 30 }), (rest) => {
      try {
        readDeployments(`version,date\n${rest}`, 'list');
      } catch (cause) {
        expect(cause).toMatchObject({ code: 'malformed', message: expect.stringMatching(/^list:\d+: /) as string });
      }
    }));
  });
});

describe('two lists', () => {
  const hour = 3_600_000;
  const at = (minutes: number): string => new Date(Date.UTC(2026, 0, 10) + minutes * 60_000).toISOString();
  const listed = fc.record({ id: fc.uuid(), version: fc.constantFrom('v1.0.0', '1.0.0', 'v2.0.0'), environment: fc.constantFrom('production', 'Production', 'staging', null), at: fc.integer({ min: 0, max: 300 }).map(at), succeeded: fc.boolean() });
  const recorded = fc.record({ id: fc.uuid(), version: fc.constantFrom('v1.0.0', 'v2.0.0', null), environment: fc.constantFrom('production', 'staging', null), at: fc.integer({ min: 0, max: 300 }).map(at), succeeded: fc.boolean() });

  test('are paired one to one, and nothing is lost', () => {
    fc.assert(fc.property(fc.array(listed, { maxLength: 12 }), fc.array(recorded, { maxLength: 12 }), (ones: ListedDeployment[], others: RecordedDeployment[]) => {
      const { matched, unrecorded, undeployed } = reconcile(ones, others, hour);
      expect(matched.length + unrecorded.length).toBe(ones.length);
      expect(matched.length + undeployed.length).toBe(others.length);
      expect(new Set(matched.map(({ record }) => record)).size).toBe(matched.length);
      for (const { listed: one, record } of matched) {
        const other = others.find(({ id }) => id === record);
        expect(Math.abs(Date.parse(one.at) - Date.parse(other?.at ?? ''))).toBeLessThanOrEqual(hour);
        expect(one.version.replace(/^v/, '')).toBe(other?.version?.replace(/^v/, ''));
      }
      // What is left on both sides fits nothing on the other.
      expect(reconcile(unrecorded, undeployed, hour).matched).toEqual([]);
    }));
  });

  test('that are the same have no difference', () => {
    fc.assert(fc.property(fc.array(recorded.filter(({ version }) => version !== null), { maxLength: 12 }), (others) => {
      const ones = others.map((other) => ({ ...other, version: other.version ?? '' }));
      expect(reconcile(ones, others, 0)).toMatchObject({ unrecorded: [], undeployed: [] });
    }));
  });
});

describe('the archive held against production', () => {
  const deployed = (version: string, day: string, more: object = {}): GenesisRecord => ({ event_type: 'deployment', release_version: version, deployment_date: `${day}T02:00:00Z`, deployment_environment: 'production', deployment_status: 'success', ...more });
  const rolledBack = { event_type: 'rollback', from_version: 'v1.2.0', to_version: 'v1.1.0', rollback_date: '2026-01-13T02:00:00Z', rollback_status: 'success' };

  async function held(archive: Archive, lines: readonly object[], more: Partial<Parsed<'archive.reconcile'>> = {}): Promise<Output<'archive.reconcile'>> {
    const file = join(temporaryFolder(), 'production.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const handlers = reconcileHandlers({ archive: () => Promise.resolve(archive), readText, consoles: () => Promise.resolve({ witnesses: 1, consoles: [{ origin: archive.origin, vkey: archive.vkey, owner: 'ada' }, { origin: 'example.com/night-desk', vkey: 'x', owner: 'ines' }] }) });
    return handlers['archive.reconcile']({ file, from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z', environment: null, toleranceMinutes: 60, ...more }, { caller: { shell: 'test' }, ...quietWork });
  }
  const line = (version: string, time: string): object => ({ version, deployed_at: time, environment: 'production' });

  test('names what was deployed without a record, and what was recorded and not deployed', async () => {
    const archive = await openTestArchive();
    await archive.appendRecords([deployed('v1.1.0', '2026-01-10'), deployed('v1.2.0', '2026-01-12'), deployed('v1.3.0', '2026-01-20'), rolledBack, deployed('v0.9.0', '2025-12-01'), deployed('v1.4.0', '2026-01-21', { deployment_status: 'failed' })]);
    const list = [line('v1.1.0', '2026-01-10T02:10:00Z'), line('v1.2.0', '2026-01-12T01:50:00Z'), line('v1.1.0', '2026-01-13T02:00:00Z'), line('v1.2.1', '2026-01-14T23:00:00Z'), line('v0.8.0', '2025-11-01T00:00:00Z')];
    const found = await held(archive, list);
    expect(found).toMatchObject({ complete: false, listed: 4, unrecorded: [{ version: 'v1.2.1' }], undeployed: [{ version: 'v1.3.0' }] });
    expect(found.matched.map(({ record }) => record)).toEqual([`${archive.origin}#0`, `${archive.origin}#1`, `${archive.origin}#3`]);
    expect(found.heads).toMatchObject([{ origin: archive.origin, size: 6 }]);
    expect(found.silent).toEqual([{ origin: 'example.com/night-desk', owner: 'ines', newest: null }]);
  });

  test('is complete where both say the same, however far the clocks may be apart', async () => {
    const archive = await openTestArchive();
    await archive.appendRecords([deployed('v1.1.0', '2026-01-10')]);
    expect(await held(archive, [line('1.1.0', '2026-01-10T05:00:00Z')])).toMatchObject({ complete: false });
    expect(await held(archive, [line('1.1.0', '2026-01-10T05:00:00Z')], { toleranceMinutes: 180 })).toMatchObject({ complete: true, unrecorded: [], undeployed: [] });
  });

  test('names the logs of which it has not all', async () => {
    const [ours, theirs] = [await openTestArchive(), await openTestArchive()];
    const shared = temporaryFolder();
    await theirs.appendRecords([deployed('v1.1.0', '2026-01-10')]);
    for (const archive of [theirs, ours]) await archive.sync(shared, quietWork);
    expect((await held(ours, [line('v1.1.0', '2026-01-10T02:00:00Z')], { until: '2026-02-10T00:00:00Z' })).gaps).toMatchObject([{ origin: theirs.origin, message: expect.stringContaining('is not compared') as string }]);
  });

  test('an empty list shows nothing, and is refused', async () => {
    await expect(held(await openTestArchive(), [])).rejects.toMatchObject({ code: 'malformed' });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { EntryRef } from '../../src/core/model/archive.ts';
import { authorityOf } from '../../src/core/workflow/deployment-authority.ts';
import { CRITERIA, emergenciesOf } from '../../src/core/workflow/emergency.ts';
import { GreenRelease } from '../support/green-release.ts';
import { Logs, rules, type Written } from './acts.ts';

const RULES = { declarers: ['cto', 'ciso', 'on-call'], hours: { critical: 24, high: 72, unknown: 24 }, atRiskPercent: 75 };
const V = 'v1.1.0';

describe('the clock', () => {
  const clock = (severity: string, now: string, detected: { readonly detected_at?: string } = { detected_at: '2026-03-28T23:30:00Z' }): unknown => {
    const logs = new Logs();
    logs.write({ event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: null, severity, declared_by: 'cleo', declared_at: '2026-03-29T00:10:00Z', reason: 'x', criterion: 'system-outage', ...detected }, { by: ['cleo'] });
    const [one] = emergenciesOf(logs.acts(), [], RULES, now);
    return one === undefined ? null : [one.sla.due, one.sla.state];
  };
  // In the night of the 29th of March 2026 the clocks of Europe go forward; a deadline is a length of time and does not.
  test.each([
    ['critical', '2026-03-29T17:29:59Z', '2026-03-29T23:30:00Z', 'running'],
    ['critical', '2026-03-29T17:30:00Z', '2026-03-29T23:30:00Z', 'at-risk'],
    ['critical', '2026-03-29T23:30:00Z', '2026-03-29T23:30:00Z', 'at-risk'],
    ['critical', '2026-03-29T23:30:01Z', '2026-03-29T23:30:00Z', 'breached'],
    ['unknown', '2026-03-29T12:00:00Z', '2026-03-29T23:30:00Z', 'running'],
    ['high', '2026-03-30T12:00:00Z', '2026-03-31T23:30:00Z', 'running'],
  ])('%s at %s is due at %s, and %s', (severity, now, due, state) => {
    expect(clock(severity, now)).toEqual([due, state]);
  });

  test('counts from the declaration where no detection is told', () => {
    expect(clock('critical', '2026-03-29T01:00:00Z', {})).toEqual(['2026-03-30T00:10:00Z', 'running']);
  });

  test('never begins anew: a decision moves its end alone, and only one by somebody who may', () => {
    const logs = new Logs();
    const declared = logs.write({ event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: null, severity: 'unknown', declared_by: 'cleo', declared_at: logs.time, reason: 'x', detected_at: '2026-01-12T10:00:00Z' }, { by: ['cleo'] });
    const decide = (by: string, severity: string, at: string): unknown => logs.write({ event_type: 'emergency_patch', emergency_id: 'e', act: 'severity', release_version: null, severity, declared_by: by, declared_at: at, reason: 'x' }, { by: [by], refs: [declared.ref('of-emergency')], time: at });
    const now = (): unknown => {
      const [one] = emergenciesOf(logs.acts(), [], RULES, '2026-01-12T16:00:00Z');
      return [one?.severity, one?.sla.from, one?.sla.due];
    };
    decide('rita', 'high', '2026-01-12T13:00:00Z');
    expect(now()).toEqual(['unknown', '2026-01-12T10:00:00Z', '2026-01-13T10:00:00Z']);
    decide('ines', 'high', '2026-01-12T14:00:00Z');
    expect(now()).toEqual(['high', '2026-01-12T10:00:00Z', '2026-01-15T10:00:00Z']);
    decide('cleo', 'critical', '2026-01-12T15:00:00Z');
    expect(now()).toEqual(['critical', '2026-01-12T10:00:00Z', '2026-01-13T10:00:00Z']);
  });

  test('one that nobody who may signed is told, and opens nothing; one that was imported is not told here', () => {
    const logs = new Logs();
    const record = { event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: V, severity: 'critical', declared_by: 'rita', declared_at: logs.time, reason: 'x' };
    logs.write(record, { by: ['rita'] });
    logs.write({ ...record, emergency_id: 'f', declared_by: 'cleo', imported: true }, { by: ['cleo'] });
    expect(emergenciesOf(logs.acts(), [], RULES, logs.time).map(({ record: { emergency_id: id }, by }) => [id, by])).toEqual([['e', null]]);
  });
});

describe('what is deployed outside the window', () => {
  const windowOf = (write: (logs: Logs) => readonly EntryRef[]): boolean | undefined => {
    const logs = new Logs();
    const start = logs.write({ event_type: 'deployment_stage', release_version: V, deployment_id: 'd', environment: 'production', method: 'direct', act: 'start', at: logs.time, decided_by: 'dora', percent: 100 }, { by: ['dora'], refs: write(logs) });
    const acts = logs.acts();
    const act = acts.find(({ id }) => id === start.id);
    return act === undefined ? undefined : authorityOf(act, acts, rules).find(({ id }) => id === 'window')?.good;
  };
  const emergency = (logs: Logs, act: 'declare' | 'release', by: string, version: string | null, refs: readonly EntryRef[] = []): Written =>
    logs.write({ event_type: 'emergency_patch', emergency_id: 'e', act, release_version: version, severity: 'critical', declared_by: by, declared_at: logs.time, reason: 'x' }, { by: [by], refs });

  test.each<[what: string, write: (logs: Logs) => readonly EntryRef[], good: boolean]>([
    ['a version that the declaration names', (logs) => [emergency(logs, 'declare', 'cleo', V).ref('declared-by')], true],
    ['another version than the declaration names', (logs) => [emergency(logs, 'declare', 'cleo', 'v9.9.9').ref('declared-by')], false],
    ['a version that was named later', (logs) => [emergency(logs, 'release', 'ines', V, [emergency(logs, 'declare', 'cleo', null).ref('of-emergency')]).ref('declared-by')], true],
    ['a version that somebody names of no emergency', (logs) => [emergency(logs, 'release', 'cleo', V).ref('declared-by')], false],
    ['a version of an emergency that nobody who may declared', (logs) => [emergency(logs, 'release', 'cleo', V, [emergency(logs, 'declare', 'rita', null).ref('of-emergency')]).ref('declared-by')], false],
    ['a version that nobody who may named', (logs) => [emergency(logs, 'release', 'rita', V, [emergency(logs, 'declare', 'cleo', null).ref('of-emergency')]).ref('declared-by')], false],
  ])('%s', (_, write, good) => {
    expect(windowOf(write)).toBe(good);
  });
});

test('the criteria are those of the policy', () => {
  const text = readFileSync(join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.md'), 'utf8');
  expect([...text.slice(text.indexOf('### 10.1'), text.indexOf('### 10.2')).matchAll(/^- ✅ (.+)$/gm)].map(([, words]) => words)).toEqual(CRITERIA.map(({ words }) => words));
});

describe('an emergency in the night', () => {
  let release: GreenRelease;
  let keys: Record<'rita' | 'dora' | 'otto', string>;
  beforeAll(async () => {
    release = new GreenRelease();
    keys = { rita: release.gpg.key('rita <rita@example.com>'), dora: release.gpg.key('dora <dora@example.com>'), otto: release.gpg.key('otto <otto@example.com>') };
    release.people.push({ id: 'rita', key: keys.rita, roles: ['release-manager'] }, { id: 'dora', key: keys.dora, roles: ['devops'] }, { id: 'otto', key: keys.otto, roles: ['on-call'] });
    await release.prepare();
    writeFileSync(join(release.folder.path, 'passed.xml'), '<testsuites><testsuite name="smoke" tests="1"><testcase name="a"/></testsuite></testsuites>');
  }, 120_000);
  afterAll(() => release.close());

  const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
  const declare = (more: Partial<Input<'emergency.declare'>> = {}): Promise<Output<'emergency.declare'>> =>
    release.client.call('emergency.declare', { key: keys.otto, criterion: 'critical-vulnerability', reason: 'Anybody can read every order.', detectedAt: '2026-01-12T11:30:00Z', detectedSaidBy: 'Sentinel', severity: null, vector: null, release: null, ...more });

  test('is declared with three answers, by whoever may', async () => {
    expect(await failure(declare({ key: keys.dora }))).toMatch(/^not-permitted: dora is not cto or ciso or on-call/);
    expect(await failure(declare({ detectedAt: '2026-01-12T12:00:01Z' }))).toMatch(/^bad-input: It was detected at .* yet to come/);
    expect(await failure(declare({ vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X' }))).toMatch(/^bad-input: The CVSS vector is wrong at character 43/);
    expect(await failure(declare({ vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N' }))).toMatch(/scores 3\.1, and below 7\.0/);
    expect(await release.client.call('emergency.status', { emergency: null })).toMatchObject({ emergencies: [] });
    expect(await declare()).toMatchObject({
      id: 'emergency-20260112-001', by: 'otto', severity: 'unknown', release: null, criterion: { id: 'critical-vulnerability', clause: '§10.1' }, detectedSaidBy: 'Sentinel',
      sla: { from: '2026-01-12T11:30:00Z', hours: 24, due: '2026-01-13T11:30:00Z', state: 'running', secondsLeft: 23.5 * 3600, met: null },
    });
  });

  test('its severity is decided by a vector, on record', async () => {
    release.time = '2026-01-12T14:00:00Z';
    const decided = await release.client.call('emergency.severity', { emergency: 'emergency-20260112-001', key: release.keys.ines, severity: null, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', reason: 'Nothing can be changed.' });
    expect(decided).toMatchObject({ severity: 'high', sla: { due: '2026-01-15T11:30:00Z' }, decisions: [{ by: 'ines', severity: 'high', vector: expect.stringMatching(/^CVSS:3\.1/) as string }] });
    expect(await failure(release.client.call('emergency.severity', { emergency: 'emergency-20260112-001', key: release.keys.ines, severity: 'high', vector: null, reason: 'Again.' }))).toMatch(/is high already/);
    expect(await failure(release.client.call('emergency.severity', { emergency: 'emergency-1', key: release.keys.ines, severity: 'high', vector: null, reason: 'Again.' }))).toMatch(/^not-found/);
  });

  test('the version that mends it is deployed outside the window, and meets its deadline', async () => {
    await release.client.call('release.plan', { release: V, key: keys.rita, from: null, repo: release.repository.path, since: null, calendar: null, method: 'direct', rollbackPlan: 'Back.', previous: null, securityImpact: null });
    const doer = { key: keys.dora, as: null };
    const smoke = [join(release.folder.path, 'passed.xml')];
    const start = (environment: string): Promise<Output<'deployment.start'>> => release.client.call('deployment.start', { draft: release.draft(), environment, method: null, doer, target: join(release.outputs, 'release'), configuration: null, unauthorised: null, task: undefined });
    const finish = (deployment: string): Promise<Output<'deployment.finish'>> => release.client.call('deployment.finish', { deployment, doer, smoke, regression: smoke, task: undefined });
    await finish((await start('staging')).deployment.record);
    expect(await failure(start('production'))).toMatch(/The plan has no calendar of maintenance windows/);
    expect(await failure(release.client.call('emergency.release', { emergency: 'emergency-20260112-001', key: keys.dora, release: V, reason: 'It mends it.' }))).toMatch(/^not-permitted/);
    expect(await release.client.call('emergency.release', { emergency: 'emergency-20260112-001', key: keys.otto, release: V, reason: 'It mends it.' })).toMatchObject({ release: V, sla: { met: null } });
    release.time = '2026-01-12T15:00:00Z';
    const { deployment } = await start('production');
    expect(deployment).toMatchObject({ authority: 'authorised', lines: expect.arrayContaining([expect.objectContaining({ id: 'window', words: expect.stringMatching(/^An emergency was declared/) as string })]) as unknown });
    await finish(deployment.record);
    release.time = '2026-01-20T00:00:00Z';
    const { emergencies } = await release.client.call('emergency.status', { emergency: null });
    expect(emergencies).toMatchObject([{ release: V, sla: { state: 'met', met: '2026-01-12T15:00:00Z', secondsLeft: 0 } }]);
    expect(await release.client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsOf, metricsTable, type Metrics } from '../../src/core/workflow/metrics.ts';
import { Logs, rules, type Written } from './acts.ts';

const STRETCH = { from: '2026-01-01T00:00:00Z', to: '2026-01-29T00:00:00Z' };

/** Three deployments that were followed here, one of them failed and one rolled back, and what other programs told. */
function records(): Written[] {
  const logs = new Logs();
  const deploy = (version: string, day: string, { environment = 'production', median = '2026-01-01T00:00:00Z' as string | null, end = 'finish' as 'finish' | 'failed' | null, origin = 'a.example' } = {}): Written => {
    const base = { event_type: 'deployment_stage', release_version: version, deployment_id: `deploy-${day}`, environment, method: 'direct', decided_by: 'dora' };
    const start = logs.write({ ...base, act: 'start', at: `${day}T10:00:00Z`, percent: 100, median_change_at: median }, { origin });
    const ended = end === null ? null : logs.write({ ...base, act: end, at: `${day}T12:00:00Z`, percent: 100 }, { origin, refs: [start.ref('continues')] });
    if (ended !== null) logs.write({ event_type: 'deployment', deployment_id: `deploy-${day}`, release_version: version, deployment_date: `${day}T12:00:00Z`, deployment_environment: environment, deployment_method: 'direct', deployment_status: 'success', deployed_by: 'dora', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true }, { origin, refs: [ended.ref('documents')] });
    return start;
  };
  deploy('v1.0.0', '2026-01-02');
  const second = deploy('v1.1.0', '2026-01-04', { origin: 'b.example' });
  deploy('v1.2.0', '2026-01-06', { end: 'failed' });
  deploy('v1.3.0', '2026-01-08', { end: null });
  deploy('v1.4.0', '2026-01-10', { environment: 'staging' });
  deploy('v0.9.0', '2025-12-10');
  const rollback = { event_type: 'rollback_stage', release_version: 'v1.1.0', rollback_id: 'rollback-1', environment: 'production', decided_by: 'dora', reason: 'x' };
  const detected = logs.write({ ...rollback, act: 'detect', at: '2026-01-04T13:00:00Z' }, { refs: [second.ref('rolls-back-stage')] });
  logs.write({ ...rollback, act: 'finish', at: '2026-01-04T14:30:00Z' }, { refs: [detected.ref('continues')] });
  const told = { event_type: 'deployment', imported: true, deployment_id: 'other-1', release_version: 'v3.0.0', deployment_date: '2026-01-12T00:00:00Z', deployment_environment: 'production', deployment_method: 'direct', deployment_status: 'success', deployed_by: 'ci', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true };
  logs.write(told);
  logs.write(told, { origin: 'b.example' });
  return logs.entries;
}

const metrics = (entries: readonly Written[]): Metrics => metricsOf(new Logs().acts(entries), rules, STRETCH);

describe('the four figures', () => {
  test('are what their definitions say', () => {
    expect(metrics(records())).toMatchObject({
      days: 28, deployments: 4, imported: 1, deploymentFrequency: { perWeek: 1 }, leadTime: { medianHours: 60, counted: 2 }, changeFailureRate: { share: 0.5, failed: 2 }, timeToRestore: { medianHours: 1.5, counted: 1 },
      shipped: [{ release: 'v1.0.0', leadHours: 36, failed: false }, { release: 'v1.1.0', leadHours: 84, failed: true }, { release: 'v1.2.0', leadHours: null, failed: true }, { release: 'v3.0.0', leadHours: null, failed: false, imported: true }],
    });
  });

  test('are a table for spreadsheets, a line for each deployment and each rollback', () => {
    const lines = metricsTable(metrics(records())).split('\r\n');
    expect([lines.length, lines[0], lines[2], lines[4], lines[5]]).toEqual([
      7, '"what","record","release","at","failed","imported","lead_hours","restored_hours"', '"deployment","b.example#0","v1.1.0","2026-01-04T12:00:00Z","true","false","84",""',
      '"deployment","a.example#15","v3.0.0","2026-01-12T00:00:00Z","false","true","",""', '"rollback","a.example#13","v1.1.0","2026-01-04T14:30:00Z","","","","1.5"',
    ]);
  });

  test('count the versions that mended an emergency, and whose criterion was denied', () => {
    const emergencies = [{ declaredAt: '2026-01-03T00:00:00Z', release: 'v1.1.0', denied: true }, { declaredAt: '2026-01-05T00:00:00Z', release: null, denied: false }, { declaredAt: '2025-12-01T00:00:00Z', release: 'v1.0.0', denied: true }];
    expect(metricsOf(new Logs().acts(records()), rules, STRETCH, emergencies).emergencies).toEqual({ declared: 2, denied: 1, releases: { of: 2, all: 4, percent: 50 } });
    expect(metrics([]).emergencies).toEqual({ declared: 0, denied: 0, releases: { of: 0, all: 0, percent: null } });
  });

  test('say that they do not know, where nothing is recorded', () => {
    expect(metrics([])).toMatchObject({ deployments: 0, deploymentFrequency: { perWeek: 0 }, leadTime: { medianHours: null }, changeFailureRate: { share: null, failed: 0 }, timeToRestore: { medianHours: null } });
  });

  test('are the same in whatever order, and however often, the records come', () => {
    const entries = records();
    const expected = metrics(entries);
    fc.assert(fc.property(fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }), (shuffled) => {
      expect(metrics(shuffled)).toEqual(expected);
    }), { numRuns: 100 });
  });

  test('of a rollback that another program told of count against its version', () => {
    const logs = new Logs();
    logs.write({ event_type: 'deployment', imported: true, deployment_id: 'other-1', release_version: 'v3.0.0', deployment_date: '2026-01-12T00:00:00Z', deployment_environment: 'production', deployment_method: 'direct', deployment_status: 'success', deployed_by: 'ci', smoke_tests_passed: true, regression_tests_passed: true, monitoring_enabled: true, rollback_available: true });
    logs.write({ event_type: 'rollback', imported: true, rollback_id: 'r', from_version: 'v3.0.0', to_version: 'v2.0.0', rollback_date: '2026-01-12T05:00:00Z', rollback_reason: 'x', rollback_method: 'direct', rollback_status: 'success', rolled_back_by: 'ci', approved_by: [], root_cause_investigation: 'done' });
    expect(metrics(logs.entries)).toMatchObject({ changeFailureRate: { share: 1 }, timeToRestore: { medianHours: null, counted: 0 }, restored: [{ from: 'v3.0.0', hours: null }] });
  });
});

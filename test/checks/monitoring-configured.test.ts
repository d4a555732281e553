import { describe, expect, test } from 'vitest';
import { judge } from './facts.ts';
import { changed } from './range-facts.ts';

describe('monitoring-configured', () => {
  test('asks a person, and shows what the commit holds of monitoring and what changed', () => {
    const result = judge('monitoring-configured', changed({ 'deploy/monitoring/alerts.yaml': 'new', 'deploy/monitoring/dashboards.json': 'same' }, { 'deploy/monitoring/dashboards.json': 'same' }));
    expect(result).toMatchObject({ status: 'needs-person', authority: 'unproved', summary: expect.stringContaining('holds 2 monitoring files, 1 changed since v1.0.0') as string });
    expect(result.evidence.map(({ path }) => path)).toEqual(['repository:deploy/monitoring/alerts.yaml', 'repository:deploy/monitoring/dashboards.json']);
  });

  test('says when the commit holds nothing of it', () => {
    expect(judge('monitoring-configured').summary).toMatch(/holds no monitoring file/);
  });
});

import { expect, test } from 'vitest';
import { releaseView } from '../../src/core/workflow/release-view.ts';
import { policy } from '../checks/facts.ts';
import { Logs, rules } from './acts.ts';

const V = 'v1.1.0';
const AT = '2026-01-12T12:00:00Z';

test('what was written at one second stays in the order of its log, also from the tenth entry on', () => {
  const logs = new Logs();
  logs.time = AT;
  const run = (verdict: string): void => void logs.write({
    event_type: 'checklist_run', release_version: V, release_commit: 'c'.repeat(40), run_at: AT, gate: 'closed', authority: 'proved', policy_digest: '1'.repeat(64), subject_digest: '2'.repeat(64), report_digest: '3'.repeat(64), verdicts: { 'cto-approval': verdict },
  });
  const said = (): string[] => releaseView(logs.acts(), V, rules, policy, AT).steps.flatMap(({ blocks }) => blocks.filter(({ what }) => what.startsWith('cto-approval')).map(({ what }) => what));
  for (let seq = 0; seq < 10; seq += 1) run('needs-person');
  expect(said()).toEqual(['cto-approval needs-person']);
  run('passed');
  expect(said()).toEqual([]);
  expect(logs.acts().map(({ entry }) => entry.seq)).toEqual(Array.from({ length: 11 }, (_, seq) => seq));
});

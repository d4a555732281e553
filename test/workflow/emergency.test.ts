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

  test('a clock that was set back is on record before anything is decided by it, and once', async () => {
    const again = (): Promise<string> => failure(release.client.call('emergency.severity', { emergency: ID, key: release.keys.ines, severity: 'high', vector: null, reason: 'Again.' }));
    const jumps = async (): Promise<string[]> => (await detail()).notes.filter((note) => note.includes('set back'));
    expect(await jumps()).toEqual([]);
    release.time = '2026-01-12T13:30:00Z';
    expect([await again(), await again()]).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/is high already/) as string));
    expect(await jumps()).toHaveLength(1);
    release.time = '2026-01-12T14:00:00Z';
  });

  const ID = 'emergency-20260112-001';
  const doer = (): Input<'deployment.start'>['doer'] => ({ key: keys.dora, as: null });
  const act = (key: string, done: Input<'emergency.act'>['done'], reason = 'It is so.', emergency = ID): Promise<Output<'emergency.detail'>> => release.client.call('emergency.act', { emergency, key, reason, done, task: undefined });
  const detail = (): Promise<Output<'emergency.detail'>> => release.client.call('emergency.detail', { emergency: ID });
  const step = (name: Extract<Input<'emergency.act'>['done'], { kind: 'step' }>['step'], more: Partial<Extract<Input<'emergency.act'>['done'], { kind: 'step' }>> = {}): Input<'emergency.act'>['done'] => ({ kind: 'step', step: name, commit: null, repo: release.repository.path, files: [], ...more });
  const items = ({ steps }: Output<'emergency.detail'>, number: number): string[] => (steps[number - 1]?.items ?? []).map(({ id, state }) => `${id} ${state}`);
  const current = ({ steps }: Output<'emergency.detail'>): number[] => steps.filter(({ state }) => state === 'current').map(({ number }) => number);

  test('says first whom nobody told, and whether it is rolled back instead', async () => {
    const before = await detail();
    expect([current(before), items(before, 1)]).toEqual([[1], ['declared done', 'cto-told open', 'ciso-told open', 'roll-back open', 'affected open']]);
    expect(await failure(act(keys.dora, { kind: 'notify', notified: [{ who: 'Cleo', as: 'cto', at: '2026-01-12T12:10:00Z', by: 'telephone' }] }))).toMatch(/^not-permitted: dora is not cto or ciso or on-call/);
    expect(await failure(act(keys.otto, { kind: 'notify', notified: [{ who: 'Cleo', as: 'cto', at: '2026-01-13T12:10:00Z', by: 'telephone' }] }))).toMatch(/^bad-input: .*yet to come/);
    expect(await failure(act(keys.otto, step('review')))).toMatch(/^not-permitted: otto is not security-architect/);
    await act(keys.otto, { kind: 'notify', notified: [{ who: 'Cleo', as: 'cto', at: '2026-01-12T12:10:00Z', by: 'telephone' }, { who: 'Ines', as: 'ciso', at: '2026-01-12T12:12:00Z', by: 'telephone' }] });
    const after = await act(keys.otto, { kind: 'roll-back-instead', answer: 'patch', proof: [{ id: 'changes', status: 'bad', words: 'A migration was run.' }] }, 'The migration cannot be undone.');
    expect([current(after), after.rollBack?.answer, after.notified.map(({ as }) => as)]).toEqual([[2], 'patch', ['cto', 'ciso']]);
  });

  test('is handed over to whoever is named, and to nobody else', async () => {
    const { handOverDraft: draft } = await detail();
    expect(draft).toMatchObject({ known: expect.stringMatching(/Step 2, Patch development/) as string, running: expect.stringMatching(/The patch is deployed: until 2026-01-15T11:30:00Z/) as string });
    const { handOvers: [one], owed } = await act(keys.otto, { kind: 'hand-over', handOver: { to: 'ines', ...draft } });
    expect(owed.find(({ people }) => people.includes('ines'))?.words).toMatch(/^ines accepts what otto handed over/);
    expect(await failure(act(release.keys.cleo, { kind: 'accept-hand-over', record: one?.record ?? '' }))).toMatch(/somebody else/);
    expect((await act(release.keys.ines, { kind: 'accept-hand-over', record: one?.record ?? '' })).handOvers).toMatchObject([{ from: 'otto', accepted: { by: 'ines' } }]);
  });

  test('is told as one with another that was declared for the same, and in no circle', async () => {
    const second = await declare({ criterion: 'active-exploitation', detectedAt: '2026-01-12T11:00:00Z', key: release.keys.ines });
    expect(await failure(act(keys.otto, { kind: 'merge', into: ID }))).toMatch(/^not-permitted: .* are told as one already/);
    expect(await failure(act(keys.dora, { kind: 'merge', into: ID }, 'It is the same.', second.id))).toMatch(/^not-permitted: dora is not/);
    const both = await act(keys.otto, { kind: 'merge', into: ID }, 'It is the same.', second.id);
    expect(both).toMatchObject({ merged: [second.record], emergency: { id: ID, severity: 'unknown', detectedAt: '2026-01-12T11:00:00Z', sla: { due: '2026-01-13T11:00:00Z' } } });
    expect(await failure(act(keys.otto, { kind: 'merge', into: second.id }))).toMatch(/^not-permitted: .* are told as one already/);
    // What is said in the other from now on is said in this one.
    expect((await act(keys.otto, { kind: 'affected', versions: ['v1.0.0'] }, 'By its configuration.', second.id)).emergency.id).toBe(ID);
    expect((await release.client.call('emergency.status', { emergency: null })).emergencies.map(({ id, mergedInto }) => [id, mergedInto])).toEqual([[ID, null], [second.id, both.emergency.record]]);
  });

  test('its patch is reviewed and tested by people who did not write it, and what does not belong to it is flagged', async () => {
    expect(await failure(act(release.keys.grace, step('review')))).toMatch(/^not-permitted: No version that mends it is named yet/);
    expect(await failure(release.client.call('emergency.release', { emergency: ID, key: keys.dora, release: V, reason: 'It mends it.' }))).toMatch(/^not-permitted/);
    expect(await release.client.call('emergency.release', { emergency: ID, key: keys.otto, release: V, reason: 'It mends it.' })).toMatchObject({ release: V, sla: { met: null } });
    const flagged = await act(release.keys.grace, step('review'), 'It does what it says.');
    expect(items(flagged, 2)).toEqual(['version done', 'review done', 'development-test open', 'unrelated bad']);
    expect(items(await act(release.keys.grace, step('review'), `It does what it says; ${release.commit.slice(0, 10)} does not name it and is all of it.`), 2)).toContain('unrelated done');
    await act(release.keys.quinn, step('development-test'));
    release.time = '2026-01-12T14:10:00Z';
    await act(release.keys.quinn, step('qa-test-begun'));
    release.time = '2026-01-12T15:20:00Z';
    const tested = await act(release.keys.quinn, step('qa-test', { files: [join(release.folder.path, 'passed.xml')] }));
    expect(tested.clocks.find(({ id }) => id === 'expedited-test')).toMatchObject({ from: '2026-01-12T14:10:00Z', due: '2026-01-12T16:10:00Z', met: '2026-01-12T15:20:00Z', state: 'met', source: '§10.2' });
    expect(items(tested, 3)).toEqual(['qa-test done', 'sast-scans open', 'dast-scans open', 'regression-tests open']);
  });

  test('the version that mends it is deployed outside the window once both have approved, and meets its deadline', async () => {
    const smoke = [join(release.folder.path, 'passed.xml')];
    const start = (): Promise<Output<'deployment.start'>> => release.client.call('deployment.start', { draft: release.draft(), environment: 'production', method: 'direct', doer: doer(), target: join(release.outputs, 'release'), configuration: null, unauthorised: null, task: undefined });
    expect(await failure(start())).toMatch(/No approval of exactly this release by cto, nor by ciso/);
    const approve = (key: string, role: string): Promise<unknown> => release.client.call('approval.sign', { draft: release.draft(), key, role, decision: 'approve', reason: '', shown: null, out: null, task: undefined });
    await approve(release.keys.cleo, 'cto');
    await approve(release.keys.ines, 'ciso');
    expect([items(await detail(), 3), items(await detail(), 4)]).toEqual([['qa-test done', 'sast-scans done', 'dast-scans done', 'regression-tests done'], ['cto-approval done', 'ciso-approval done']]);
    release.time = '2026-01-12T16:00:00Z';
    const { deployment } = await start();
    expect(deployment).toMatchObject({ authority: 'authorised', lines: expect.arrayContaining([expect.objectContaining({ id: 'window', words: expect.stringMatching(/^An emergency was declared/) as string })]) as unknown });
    await release.client.call('deployment.finish', { deployment: deployment.record, doer: doer(), smoke, regression: smoke, task: undefined });
    const after = await detail();
    expect(after.emergency.sla).toMatchObject({ state: 'met', met: '2026-01-12T16:00:00Z', secondsLeft: 0 });
    expect([current(after), items(after, 5), items(after, 6)]).toEqual([[6], ['deployed done', 'smoke done'], ['production-verified open', 'watch open', 'documented open']]);
    // What the emergency left out is owed until a full run has it.
    expect(after.skipped.length).toBeGreaterThan(5);
    expect(after.owed.map(({ id }) => id)).toEqual(expect.arrayContaining(['watch', 'post-mortem', 'line-unit-tests']));
    expect(await failure(act(keys.otto, { kind: 'close' }))).toMatch(/^not-permitted: .* owes \d+ things/);
  });

  test('is watched, learnt from and closed when nothing is owed any more', async () => {
    await act(release.keys.quinn, step('production-verified'));
    release.time = '2026-01-12T18:00:00Z';
    await release.client.call('release.evaluate', { draft: release.draft(), at: null, record: true, task: undefined });
    expect((await detail()).skipped.filter(({ state }) => state === 'owed')).toEqual([]);
    release.time = '2026-01-13T16:00:01Z';
    const deployed = (await release.client.call('release.show', { release: V, policyFile: null })).deployments.find(({ environment }) => environment === 'production');
    await release.client.call('deployment.close', { deployment: deployed?.record ?? '', key: release.keys.quinn, status: 'ok', words: 'Quiet.', repo: release.repository.path });
    const { markdown } = await release.client.call('emergency.draftPostMortem', { emergency: ID, out: null });
    expect(markdown).toMatch(/## Timeline\n\n- 2026-01-12T11:00:00Z Detected, as Sentinel said\. .*\n- 2026-01-12T11:30:00Z Detected/);
    const record = (text: string, key: string): Promise<Output<'emergency.detail'>> => release.client.call('emergency.recordPostMortem', { emergency: ID, key, markdown: text, file: null });
    expect(await failure(record(markdown, keys.otto))).toMatch(/^malformed: the post-mortem, line \d+: it says who held it/);
    const written = markdown.replace('- Held by: ', '- Held by: otto, quinn').replace('## Root cause\n', '## Root cause\n\nThe export asked for no session.\n').replace('## Lessons\n', '## Lessons\n\nAsk for one everywhere.\n').replace('## Actions\n', '## Actions\n\n- [ ] Test every export without a session — quinn — until 2026-01-20\n');
    expect(await failure(record(written, release.keys.cleo))).toMatch(/cleo is not among those who held it/);
    expect(await failure(record(written.replace('— quinn —', '— nobody —'), keys.otto))).toMatch(/^bad-input: nobody is nobody of the roster/);
    const learnt = await record(written, keys.otto);
    expect(learnt).toMatchObject({ postMortem: { by: 'otto', rootCause: 'The export asked for no session.', actions: [{ number: 1, who: 'quinn', until: '2026-01-20T23:59:59Z', state: 'open' }] } });
    expect(learnt.owed.map(({ id }) => id)).toEqual(['action-1']);
    expect(await failure(act(keys.dora, { kind: 'action-closed', action: 1 }))).toMatch(/^not-permitted/);
    expect((await act(release.keys.quinn, { kind: 'action-closed', action: 1 }, 'They are tested.')).postMortem?.actions).toMatchObject([{ state: 'closed', closedBy: 'quinn', words: 'They are tested.' }]);
    const closed = await act(keys.otto, { kind: 'close' });
    expect([closed.owed, current(closed), closed.emergency.closed?.by, closed.steps.map(({ state }) => state)]).toEqual([[], [], 'otto', Array.from({ length: 7 }, () => 'done')]);
    expect(await failure(act(keys.otto, { kind: 'affected', versions: ['v0.9.0'] }))).toMatch(/was closed by otto/);
    expect(await release.client.call('archive.verify', { from: null, vkeys: [], task: undefined })).toMatchObject({ verdict: 'good' });
  });
});

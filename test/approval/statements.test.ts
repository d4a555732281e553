import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { StatementDraft } from '../../src/core/contract/statement-calls.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import type { CheckId, CheckResult } from '../../src/core/model/verdict.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

type Name = 'ada' | 'grace' | 'alan' | 'eve';

const POLICY = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let keys: Record<Name, string>;
let core: Core;
let client: Client;
let repo: TestRepository;

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);

beforeAll(async () => {
  gpg = new GpgHome('2026-01-01T00:00:00Z');
  folder = temporaryFolder('statements');
  keys = { ada: gpg.key('Ada <ada@example.com>'), grace: gpg.key('Grace <grace@example.com>'), alan: gpg.key('Alan <alan@example.com>'), eve: gpg.key('Eve <eve@example.com>') };
  repo = new TestRepository(at('product'));
  repo.write('a', '1').commit('first');
  repo.git('tag', 'v1.0.0');
  repo.write('b', '1').commit('second');
  mkdirSync(at('outputs'));
  writeFileSync(at('outputs', 'junit.xml'), '<testsuites><testsuite name="test/integration" tests="1"><testcase name="a"/></testsuite></testsuites>');
  core = compose({ shell: 'test', home: at('home'), now: () => new Date('2026-01-10T12:00:00Z') });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
});
afterAll(async () => {
  await core.close();
  gpg.remove();
  folder.remove();
});

const person = (id: Name, roles: string[], use: Roster['people'][number]['keys'][number]['use']): Roster['people'][number] => ({
  id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones: [], voice_codes: [],
  keys: [{ fingerprint: keys[id], cert: readFileSync(gpg.export(keys[id]), 'utf8'), use, on: 'file' }],
});

async function adopt(): Promise<void> {
  const roster: Roster = {
    v: 1, roster: 'example', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [sha256(readFileSync(POLICY))], thresholds: { admin: 1 }, consoles: [],
    people: [person('ada', ['qa'], ['approve', 'admin']), person('grace', ['qa', 'security-architect', 'ciso'], ['approve']), person('alan', ['release-manager'], ['release'])],
  };
  const text = JSON.stringify(roster);
  writeFileSync(at('roster.json'), text);
  gpg.gpg(['--yes', '--armor', '--detach-sign', '--local-user', keys.ada, '--output', at('roster.json.asc'), at('roster.json')]);
  await client.call('roster.adopt', { file: at('roster.json'), digest: sha256(text) });
}

const line = (check: CheckId, more: Partial<Extract<StatementDraft, { kind: 'line' }>> = {}): StatementDraft => ({
  kind: 'line', repo: repo.path, release: 'v1.1.0', policyFile: null, check, statement: 'I looked at it.', files: [], details: {}, ...more,
});
const sign = (key: Name, statement: StatementDraft): Promise<{ record: string; signed: string; fingerprint: string; person: string }> => client.call('statement.sign', { key: keys[key], statement, task: undefined });
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'signed', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);

async function judged(id: CheckId, version = 'v1.1.0', declared: ('major')[] = []): Promise<CheckResult> {
  const { report } = await client.call('release.evaluate', { draft: { version, declared, repo: repo.path, outputs: [at('outputs')], since: 'v1.0.0', policyFile: null }, at: null, record: false, task: undefined });
  return report.results.find((result) => result.id === id) as CheckResult;
}

describe('without a roster', () => {
  test('nobody’s word is asked for, because it would not count', async () => {
    expect(await failure(sign('grace', line('qa-changelog')))).toMatch(/^not-permitted: No roster is in force/);
    expect(await judged('qa-changelog')).toMatchObject({ status: 'needs-person', authority: 'unproved' });
  });
});

describe('with a roster', () => {
  beforeAll(adopt);

  test('a line passes by the signed word of somebody with the role, which gpg alone can check', async () => {
    const { record, signed, fingerprint } = await sign('grace', line('qa-changelog'));
    expect(await judged('qa-changelog')).toMatchObject({ status: 'passed', authority: 'proved', summary: expect.stringMatching(/^Attested by grace .*I looked at it\./) as string });
    const { entry, person: proven } = await client.call('archive.show', { id: record });
    expect(proven).toBe('proven');
    expect(signed).toBe(JSON.stringify(JSON.parse(signed)));
    expect(JSON.parse(signed)).toMatchObject({ context: 'countersign/attestation/v1', record: { attested_by: 'grace', check: 'qa-changelog' } });
    writeFileSync(at('signed'), signed);
    writeFileSync(at('signed.asc'), entry.signatures[0]?.asc ?? '');
    expect(execFileSync('gpg', ['--status-fd', '1', '--verify', at('signed.asc'), at('signed')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toContain(`VALIDSIG ${fingerprint}`);
  });

  test('it is for that version and commit only', async () => {
    expect(await judged('qa-changelog', 'v1.1.1')).toMatchObject({ status: 'needs-person' });
    repo.write('c', '1').commit('third');
    expect(await judged('qa-changelog')).toMatchObject({ status: 'needs-person', summary: expect.stringContaining('of another commit') as string });
    repo.git('reset', '--quiet', '--hard', 'HEAD~1');
    expect(await judged('qa-changelog')).toMatchObject({ status: 'passed' });
  });

  test('who wrote a commit of the range does not test it', async () => {
    await sign('ada', line('qa-release-notes'));
    expect(await judged('qa-release-notes')).toMatchObject({ status: 'needs-person', summary: expect.stringContaining('is the author of') as string });
  });

  test.each<[string, Name, () => StatementDraft, RegExp]>([
    ['a line that a machine judges', 'grace', () => line('unit-tests'), /judged by a machine/],
    ['an approval', 'grace', () => line('cto-approval'), /signed over the whole release/],
    ['without the role', 'grace', () => line('compliance-notified'), /is not compliance/],
    ['with a key for releases', 'alan', () => line('deployment-scheduled'), /nobody's key for approvals/],
    ['with a stranger’s key', 'eve', () => line('qa-changelog'), /nobody's key for approvals/],
    ['suppressions by who is no security architect', 'ada', () => ({ kind: 'suppression', repo: repo.path, release: 'v1.1.0', statement: 'fine', files: [at('roster.json')] }), /no security-architect/],
    ['a risk that one asked for oneself', 'grace', () => risk({ askedBy: 'grace' }), /asked for this risk/],
    ['a risk that nobody known asked for', 'grace', () => risk({ askedBy: 'mallory' }), /knows nobody called "mallory"/],
    ['a risk that ended already', 'grace', () => risk({ until: '2026-01-01T00:00:00Z' }), /would have ended/],
  ])('%s is refused before anything is signed', async (_name, key, draft, says) => {
    const before = (await client.call('archive.list', { origin: null, event_type: null, release: null, offset: 0, limit: 1 })).total;
    expect(await failure(sign(key, draft()))).toMatch(says);
    expect((await client.call('archive.list', { origin: null, event_type: null, release: null, offset: 0, limit: 1 })).total).toBe(before);
  });

  test.each<[string, Name, () => StatementDraft, RegExp]>([
    ['a test by who wrote a commit of the range that is judged', 'ada', () => line('qa-changelog', { since: null }), /ada is the author of [0-9a-f]{12}, which is in this release/],
    ['a risk by who has no role for that in the policy that is judged by', 'ada', () => risk({ askedBy: 'grace', policyFile: null }), /ada is not ciso or security-architect/],
  ])('%s is refused before anything is signed, where it is said what it is held against', async (_name, key, draft, says) => {
    expect(await failure(sign(key, draft()))).toMatch(says);
  });

  test('who may is said beforehand, and of everybody else why not', async () => {
    const asked = { repo: repo.path, release: 'v1.1.0', since: 'v1.0.0', policyFile: null };
    const who = async (about: 'line' | 'binding' | 'suppression' | 'risk', check: CheckId | null = null): Promise<unknown> => {
      const { roles, people } = await client.call('statement.who', { about, check, ...asked });
      return [roles, Object.fromEntries(people.map(({ id, why }) => [id, why]))];
    };
    expect(await who('line', 'qa-changelog')).toEqual([['qa'], { ada: expect.stringMatching(/^ada is the author of/) as string, grace: null }]);
    expect(await who('line', 'compliance-notified')).toEqual([['compliance'], { ada: 'ada is not compliance in the roster in force.', grace: 'grace is not compliance in the roster in force.' }]);
    expect(await who('binding')).toEqual([[], { ada: null, grace: null }]);
    expect(await who('suppression')).toEqual([['security-architect'], { ada: 'ada is no security-architect in the roster in force.', grace: null }]);
    expect(await who('risk')).toEqual([['ciso', 'security-architect'], { ada: 'ada is not ciso or security-architect in the roster in force.', grace: null }]);
    expect(await failure(who('line', 'unit-tests'))).toMatch(/judged by a machine/);
  });

  test('a penetration test needs its report, who tested, when, and the retest', async () => {
    const details = { firm: 'Testers Ltd', tested_on: '2025-11-01', retested_on: '2025-12-01' };
    const files = [at('roster.json')];
    await sign('grace', line('penetration-test', { release: 'v2.0.0', details }));
    expect(await judged('penetration-test', 'v2.0.0', ['major'])).toMatchObject({ status: 'failed', summary: expect.stringContaining('no report') as string });
    await sign('grace', line('penetration-test', { release: 'v3.0.0', files, details: { ...details, tested_on: '2024-12-01' } }));
    expect(await judged('penetration-test', 'v3.0.0', ['major'])).toMatchObject({ status: 'failed', summary: expect.stringContaining('more than 365 days') as string });
    await sign('grace', line('penetration-test', { release: 'v3.0.0', files, details }));
    expect(await judged('penetration-test', 'v3.0.0', ['major'])).toMatchObject({ status: 'passed', summary: expect.stringContaining('Testers Ltd') as string, evidence: [{ path: 'roster.json', sha256: sha256(readFileSync(at('roster.json'))) }] });
  });

  test('a report that names no commit belongs to the one of which somebody signed that it is', async () => {
    expect(await judged('integration-tests')).toMatchObject({ status: 'needs-person' });
    await sign('grace', { kind: 'binding', repo: repo.path, release: 'v1.1.0', statement: 'I ran it myself.', files: [at('outputs', 'junit.xml')] });
    expect(await judged('integration-tests')).toMatchObject({ status: 'passed' });
    writeFileSync(at('outputs', 'junit.xml'), readFileSync(at('outputs', 'junit.xml'), 'utf8').replace('"a"', '"b"'));
    expect(await judged('integration-tests')).toMatchObject({ status: 'needs-person' });
  });

  test('what is imported with a signature over other words, or none, proves nobody', async () => {
    const { record } = await sign('grace', line('qa-api-documentation'));
    const { entry } = await client.call('archive.show', { id: record });
    const stolen = { ...entry.record, imported: true, check: 'qa-no-critical-issues' };
    writeFileSync(at('lines.jsonl'), [{ record: stolen, signatures: entry.signatures }, stolen].map((value) => JSON.stringify(value)).join('\n'));
    const { appended } = await client.call('archive.append', { from: at('lines.jsonl'), task: undefined });
    expect(await judged('qa-no-critical-issues')).toMatchObject({ status: 'needs-person' });
    for (const { id } of appended) expect((await client.call('archive.show', { id })).person).toBe('not-proven');
  });
});

function risk(more: Partial<Extract<StatementDraft, { kind: 'risk' }>> = {}): StatementDraft {
  return { kind: 'risk', release: 'v1.1.0', vulnerabilities: ['CVE-2025-1'], packages: [], askedBy: 'ada', reason: 'No fix yet.', compensatingControl: 'It is switched off.', until: '2026-06-01T00:00:00Z', ...more };
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { Approval } from '../../src/core/checks/check.ts';
import type { CheckResult } from '../../src/core/model/verdict.ts';
import { judge, SUBJECT, bare } from '../checks/facts.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { quietWork } from '../archive/archives.ts';
import { GreenRelease } from '../support/green-release.ts';

let release: GreenRelease;
let other: Archive;
beforeAll(async () => {
  release = new GreenRelease();
  other = await openArchive({ home: join(release.folder.path, 'other'), now: () => new Date('2026-01-12T11:00:00Z'), boot: 'other' });
  release.consoles.push({ origin: other.origin, vkey: other.vkey, owner: 'quinn' });
  await release.prepare();
}, 120_000);
afterAll(() => {
  other.close();
  return release.close();
});

const decide = (name: keyof GreenRelease['keys'], more: Partial<Input<'approval.sign'>> = {}): Promise<Output<'approval.sign'>> =>
  release.client.call('approval.sign', { draft: release.draft(undefined, ['security']), key: release.keys[name], role: 'ciso', decision: 'approve', reason: 'It mends the hole.', out: null, task: undefined, ...more });
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'signed', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const ciso = async (): Promise<{ gate: string; subjectDigest: string; line: CheckResult }> => {
  const { report } = await release.judge(undefined, ['security']);
  return { gate: report.gate, subjectDigest: report.subjectDigest, line: report.results.find(({ id }) => id === 'ciso-approval') as CheckResult };
};

describe('a security release', () => {
  test.each<[what: string, who: Parameters<typeof decide>[0], more: Parameters<typeof decide>[1], says: RegExp]>([
    ['by somebody without the role', 'quinn', {}, /^not-permitted: quinn is not ciso/],
    ['in a role of another line', 'cleo', { role: 'cfo' }, /^not-permitted: cleo is not cfo/],
    ['by a key for releases', 'alan', {}, /^not-permitted: .* is nobody's key for approvals/],
    ['by an author of it', 'ada', {}, /^not-permitted: ada is an author of /],
    ['of what is not green', 'ines', { draft: { version: 'v1.1.0', declared: ['security'], repo: '', outputs: [], since: null, policyFile: null } }, /^not-permitted: (?:\d+ lines are not green yet|There is no artifact)/],
    ['that rejects and does not say why', 'ines', { decision: 'reject', reason: '' }, /^bad-input: A rejection says why/],
  ])('takes no decision %s', async (_, who, more, says) => {
    const draft = more?.draft === undefined ? undefined : { ...more.draft, repo: release.repository.path, outputs: [join(release.outputs, 'release')] };
    expect(await failure(decide(who, { ...more, ...(draft === undefined ? {} : { draft }) }))).toMatch(says);
    expect((await ciso()).line.status).toBe('needs-person');
  });

  test('waits for the CISO alone, opens by their signature, and gpg alone can check it', async () => {
    const before = await ciso();
    expect(before).toMatchObject({ gate: 'closed', line: { status: 'needs-person', remedy: expect.stringMatching(/countersign approve .*--role ciso/) as string } });
    const out = join(release.folder.path, 'approval.json');
    const approved = await decide('ines', { out });
    expect(approved).toMatchObject({ person: 'ines', subjectDigest: before.subjectDigest });
    expect(await ciso()).toMatchObject({ gate: 'open', subjectDigest: before.subjectDigest, line: { status: 'passed', authority: 'proved', summary: expect.stringMatching(/^Approved by ines, ciso, at .*It mends the hole/) as string } });
    release.gpg.gpg(['--verify', `${out}.asc`, out]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ predicateType: 'countersign/approval/v1', subject: [{ name: 'outputs/release/product.tar.gz' }], predicate: { decision: 'approve', approver: 'ines', subjectDigest: before.subjectDigest } });
    const { entry, person } = await release.client.call('archive.show', { id: approved.record });
    expect([person, entry.record.event_type, entry.signatures.length]).toEqual(['proven', 'approval', 1]);
  });

  test('an approval dies, visibly, when what it is about changes, and lives again with it', async () => {
    const report = join(release.outputs, 'reports', 'eslint.json');
    const kept = readFileSync(report);
    writeFileSync(report, `${kept.toString()}\n`);
    await release.bind(release.outputs, release.commit);
    expect(await ciso()).toMatchObject({ gate: 'closed', line: { status: 'needs-person', summary: expect.stringMatching(/ines approved it in .* as [0-9a-f]{12}; it has changed since/) as string } });
    writeFileSync(report, kept);
    await release.bind(release.outputs, release.commit);
    expect(await ciso()).toMatchObject({ gate: 'open' });
  });

  test('a record that somebody writes without the signature counts for nothing', async () => {
    const { subjectDigest } = await ciso();
    const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }], predicateType: 'countersign/approval/v1', predicate: { decision: 'reject', release: 'v1.1.0', types: [], subjectDigest, planDigest: null, rosterDigest: 'a'.repeat(64), reason: 'no', approver: 'ines', role: 'ciso' } };
    const file = join(release.folder.path, 'forged.jsonl');
    writeFileSync(file, `${JSON.stringify({ event_type: 'rejection', release_version: 'v1.1.0', release_commit: release.commit, approver: 'ines', approver_role: 'ciso', decided_at: '2026-01-12T12:00:00Z', statement, statement_signature: 'x' })}\n`);
    await release.client.call('archive.append', { from: file, task: undefined });
    expect(await ciso()).toMatchObject({ gate: 'open' });
  });

  test('names the newest entry of another console, before which it cannot have been signed', async () => {
    await other.appendRecords([{ event_type: 'drift' }]);
    const shared = join(release.folder.path, 'shared');
    await other.sync(shared, quietWork);
    await release.client.call('sync.run', { url: shared, task: undefined });
    const { record } = await decide('ines');
    const { entry, person, notBefore } = await release.client.call('archive.show', { id: record });
    expect([person, notBefore?.id]).toEqual(['proven', `${other.origin}#0`]);
    expect(entry.refs).toMatchObject([{ rel: 'seen', origin: other.origin, seq: 0 }]);
  });

  test('a rejection stops it, whoever approved', async () => {
    await decide('cleo', { decision: 'reject', reason: 'The hole is still there.' });
    expect(await ciso()).toMatchObject({ gate: 'closed', line: { status: 'failed', summary: expect.stringMatching(/^cleo rejected it at .*The hole is still there/) as string } });
  });
});

describe('who must differ from whom', () => {
  const signer = (id: string, ...roles: string[]): Approval['signer'] => ({ id, name: id, emails: [`${id}@example.com`], roles: new Set(roles) });
  const approval = (id: string, role: string, more: Partial<Approval> = {}): Approval => ({ signer: signer(id, 'cto', 'ciso'), record: `o#${id}-${role}`, at: '2026-01-12T12:00:00Z', decision: 'approve', role, subjectDigest: SUBJECT, reason: '', ...more });
  const both = { types: new Set(['major', 'security'] as const) };
  const commit = { id: 'a'.repeat(40), parents: [], author: { name: 'x', email: 'x@example.com' }, committer: { name: 'x', email: 'x@example.com' }, coAuthors: ['Cleo <CLEO@example.com>'], time: '2026-01-01T00:00:00Z', subject: 's', reviews: [], securityMarks: [] };

  test.each<[what: string, approvals: Approval[], cto: string, ciso: string]>([
    ['two people', [approval('cleo', 'cto'), approval('ines', 'ciso')], 'passed', 'passed'],
    ['one person twice', [approval('cleo', 'cto'), approval('cleo', 'ciso')], 'needs-person', 'needs-person'],
    ['one person twice and another', [approval('cleo', 'cto'), approval('cleo', 'ciso'), approval('ines', 'ciso')], 'passed', 'passed'],
    ['of another subject', [approval('cleo', 'cto', { subjectDigest: '6'.repeat(64) })], 'needs-person', 'needs-person'],
    ['a role that they no longer have', [approval('cleo', 'cto', { signer: signer('cleo', 'qa') })], 'needs-person', 'needs-person'],
  ])('%s', (_, approvals, cto, cisoStatus) => {
    expect([judge('cto-approval', { ...both, approvals }).status, judge('ciso-approval', { ...both, approvals }).status]).toEqual([cto, cisoStatus]);
  });

  test('a co-author approves nothing of their own, by whatever case their address is written', () => {
    expect(judge('cto-approval', { ...both, approvals: [approval('cleo', 'cto')], range: { ...bare.range, commits: [commit], total: 1 } })).toMatchObject({ status: 'needs-person', summary: expect.stringMatching(/is an author of aaaaaaaaaaaa/) as string });
  });
});

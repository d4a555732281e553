import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input, Output } from '../../src/core/contract/types.ts';
import { WithdrawnList } from '../../src/core/model/withdrawn.ts';
import type { ReleaseType } from '../../src/core/model/primitives.ts';
import { judge, SUBJECT, policy, bare } from '../checks/facts.ts';
import { judgeChecklist } from '../../src/core/checks/judge-checklist.ts';
import type { Approval } from '../../src/core/checks/check.ts';
import { GreenRelease } from '../support/green-release.ts';

let release: GreenRelease;
beforeAll(async () => {
  release = new GreenRelease();
  await release.prepare();
}, 120_000);
afterAll(() => release.close());

const said = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const artifact = (): string => join(release.outputs, 'release', 'product.tar.gz');
const approve = (more: Partial<Input<'approval.sign'>> = {}): Promise<Output<'approval.sign'>> =>
  release.client.call('approval.sign', { draft: release.draft(undefined, ['security']), key: release.keys.ines, role: 'ciso', decision: 'approve', reason: 'It mends the hole.', securityImpact: 'It closes a way in.', out: null, task: undefined, ...more });
const withdraw = (more: Partial<Input<'release.withdraw'>> = {}): Promise<Output<'release.withdraw'>> =>
  release.client.call('release.withdraw', { release: 'v1.1.0', reason: 'It loses data.', role: 'cto', key: release.keys.cleo, policyFile: null, out: null, task: undefined, ...more });
const verify = (keyring: string | null = null): Promise<Output<'signing.verify'>> => release.client.call('signing.verify', { artifact: artifact(), signature: null, keyring, signers: [], task: undefined });
const folder = (keyring: string | null = null): Promise<Output<'release.verifyFolder'>> => release.client.call('release.verifyFolder', { folder: join(release.outputs, 'release'), keyring, signers: [], vkeys: [], release: null, report: null, task: undefined });
const types = async (declared: readonly ReleaseType[] = []): Promise<Output<'release.evaluate'>['report']['types']> => (await release.judge(undefined, declared)).report.types;

describe('fewer types than are derived', () => {
  const sign = (key: string, askedBy: string, leave: ReleaseType[] = ['minor']): Promise<unknown> =>
    release.client.call('statement.sign', { key, statement: { kind: 'types', repo: release.repository.path, release: 'v1.1.0', policyFile: null, types: leave, askedBy, statement: 'It only mends.' }, task: undefined });

  test('need a second person, of a role for that; what is declared stays', async () => {
    expect(await types(['patch'])).toEqual({ declared: ['patch'], derived: ['minor'], effective: ['minor', 'patch'] });
    expect(await said(sign(release.keys.quinn, 'alan'))).toMatch(/^not-permitted: quinn is not cto or ciso or security-architect/);
    expect(await said(sign(release.keys.cleo, 'cleo'))).toMatch(/^not-permitted: cleo is who asked for fewer types .* different people/);
    expect(await said(sign(release.keys.cleo, 'mallory'))).toMatch(/^not-permitted: The roster in force knows nobody called "mallory"/);
    expect(await types(['patch'])).toMatchObject({ effective: ['minor', 'patch'] });
    await sign(release.keys.cleo, 'alan');
    expect(await types(['patch'])).toEqual({ declared: ['patch'], derived: ['minor'], effective: ['patch'] });
    expect(await types(['minor'])).toMatchObject({ effective: ['minor'] });
  });
});

describe('a release that is taken back', () => {
  test('was approved, with what it does to security in the record, and verified', async () => {
    const { record } = await approve();
    const { entry } = await release.client.call('archive.show', { id: record });
    expect(entry.record).toMatchObject({ security_impact: 'It closes a way in.' });
    expect((await release.judge(undefined, ['security'])).report.gate).toBe('open');
    expect(await verify()).toMatchObject({ verdict: 'good' });
  });

  test.each<[what: string, more: () => Partial<Input<'release.withdraw'>>, says: RegExp]>([
    ['a role that the policy does not let', () => ({ role: 'qa', key: release.keys.quinn }), /^not-permitted: A release is withdrawn by cto or ciso or release-manager, not by qa/],
    ['a role that they do not have', () => ({ key: release.keys.ines }), /^not-permitted: ines is not cto/],
    ['a release key', () => ({ key: release.keys.alan, role: 'release-manager' }), /^not-permitted: The key .* is nobody's key for approvals/],
    ['a version of which nothing is known', () => ({ release: 'v9.9.9' }), /^not-found: The archive knows no release v9.9.9/],
  ])('is not by %s', async (_, more, says) => {
    expect(await said(withdraw(more()))).toMatch(says);
    expect(await verify()).toMatchObject({ verdict: 'good' });
  });

  test('has a signed record, closes the gate, and stands in a signed list that gpg alone can check; its own signatures stay good', async () => {
    const out = join(release.outputs, 'release');
    const withdrawn = await withdraw({ out });
    expect(withdrawn).toMatchObject({ person: 'cleo', list: { releases: 1 }, artifacts: [{ sha256: createHash('sha256').update(readFileSync(artifact())).digest('hex') }] });
    const list = join(out, 'withdrawn.json');
    release.gpg.gpg(['--verify', `${list}.asc`, list]);
    expect(WithdrawnList.parse(JSON.parse(readFileSync(list, 'utf8'))).releases).toMatchObject([{ release: 'v1.1.0', withdrawn_by: 'cleo', role: 'cto', reason: 'It loses data.', record: withdrawn.record }]);
    expect(await verify()).toMatchObject({ verdict: 'withdrawn', when_made: 'good', today: 'good', problems: [{ code: 'withdrawn', message: expect.stringMatching(/^cleo \(cto\) withdrew v1\.1\.0 at .*: It loses data\. By withdrawn\.json; the list is signed by cleo/) as string }] });
    expect(await folder()).toMatchObject({ verdict: 'withdrawn', problems: [{ code: 'withdrawn', path: 'product.tar.gz' }] });
    const { entry, person } = await release.client.call('archive.show', { id: withdrawn.record });
    expect([entry.record.event_type, person]).toEqual(['withdrawal', 'proven']);
    // The manifest of the reports is of the folder as it was before the list came.
    for (const file of ['withdrawn.json', 'withdrawn.json.asc']) {
      cpSync(join(out, file), join(release.folder.path, file));
      rmSync(join(out, file));
    }
    const { report } = await release.judge(undefined, ['security']);
    expect([report.gate, report.results.find(({ id }) => id === 'deployment-scheduled')]).toMatchObject(['closed', { status: 'failed', summary: expect.stringMatching(/^cleo withdrew it at .*It loses data/) as string }]);
  });

  test('is known here by the archive alone, and elsewhere by the list, whoever signed that', async () => {
    expect(await verify()).toMatchObject({ verdict: 'withdrawn', problems: [{ message: expect.stringMatching(/By the archive here/) as string }] });
    const keyring = release.gpg.export(release.keys.alan);
    cpSync(join(release.folder.path, 'withdrawn.json'), join(release.outputs, 'release', 'withdrawn.json'));
    expect(await folder(keyring)).toMatchObject({ verdict: 'withdrawn', problems: [{ message: expect.stringMatching(/no good signature over the list by a known key was found/) as string }] });
    // A list of other releases says nothing of this one, and no other file of that name does.
    writeFileSync(join(release.outputs, 'release', 'withdrawn.json'), JSON.stringify({ ...(JSON.parse(readFileSync(join(release.folder.path, 'withdrawn.json'), 'utf8')) as object), releases: [] }));
    expect(await folder(keyring)).toMatchObject({ verdict: 'good' });
    writeFileSync(join(release.outputs, 'release', 'withdrawn.json'), '{"list":"countersign/withdrawn/v1"}');
    expect(await folder(keyring)).toMatchObject({ verdict: 'withdrawn', problems: [{ message: expect.stringMatching(/cannot be read as one/) as string }] });
    rmSync(join(release.outputs, 'release', 'withdrawn.json'));
  });

  test('everything that was signed about it is listed with what it comes to', async () => {
    const { acts } = await release.client.call('release.acts', { release: 'v1.1.0' });
    expect(new Set(acts.map(({ event_type }) => event_type))).toEqual(new Set(['attestation', 'approval', 'withdrawal']));
    expect(acts.every(({ standing, interval, rosterVersion }) => standing === 'counts' && Date.parse(interval?.to ?? '') === Date.parse('2026-01-12T12:00:00Z') && rosterVersion === 1)).toBe(true);
  });
});

describe('how many approve, and what any rejection stops', () => {
  const signer = (id: string, ...roles: string[]): Approval['signer'] => ({ id, name: id, emails: [`${id}@example.com`], roles: new Set(roles) });
  const approval = (id: string, role: string, more: Partial<Approval> = {}): Approval => ({ signer: signer(id, 'ciso', 'qa'), record: `o#${id}-${role}`, at: '2026-01-12T12:00:00Z', decision: 'approve', role, subjectDigest: SUBJECT, reason: 'why', ...more });
  const two = { ...policy, parameters: { ...policy.parameters, approvers_minimum: { ...policy.parameters.approvers_minimum, value: 2 } } };
  const withTwo = (approvals: Approval[]): { status: string; summary: string } | undefined =>
    judgeChecklist({ ...bare, types: new Set(['security']), approvals }, two, () => SUBJECT).find(({ result }) => result.id === 'ciso-approval')?.result;

  test('as many different people as the policy asks for', () => {
    expect(withTwo([approval('ines', 'ciso')])).toMatchObject({ status: 'needs-person', summary: expect.stringMatching(/ines approved it, and the policy asks for 2 people/) as string });
    expect(withTwo([approval('ines', 'ciso'), approval('ines', 'ciso')])).toMatchObject({ status: 'needs-person' });
    expect(withTwo([approval('ines', 'ciso'), approval('cleo', 'ciso')])).toMatchObject({ status: 'passed', summary: expect.stringMatching(/ines, ciso.*and by cleo, ciso/) as string });
  });

  test('a rejection stops a release of which the role is not asked, where its deployment is scheduled', () => {
    const given = (one: Approval): string => `${judge('ciso-approval', { approvals: [one] }).status} ${judge('deployment-scheduled', { approvals: [one] }).status}`;
    expect(given(approval('ines', 'ciso', { decision: 'reject' }))).toBe('failed needs-person');
    expect(given(approval('quinn', 'qa', { decision: 'reject' }))).toBe('not-applicable failed');
    expect(given(approval('quinn', 'qa', { decision: 'reject', subjectDigest: '6'.repeat(64) }))).toBe('not-applicable needs-person');
    expect(given(approval('quinn', 'devops', { decision: 'reject' }))).toBe('not-applicable needs-person');
  });
});

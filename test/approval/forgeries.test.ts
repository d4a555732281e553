import { createHash } from 'node:crypto';
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedBytes } from '../../src/core/approval/personal-signature.ts';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import type { RecordParts } from '../../src/core/archive/entry.ts';
import type { Output } from '../../src/core/contract/types.ts';
import type { ApprovalStatement } from '../../src/core/model/approval.ts';
import type { ReleaseType } from '../../src/core/model/primitives.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { openArchive, type Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { quietWork } from '../archive/archives.ts';
import { GreenRelease } from '../support/green-release.ts';

/*
 * The adversary has a console of her own, which the roster names as that of Ines, an approver; she has whatever keys a case gives her,
 * sets her clock as she likes, and writes what she likes into her own log, which is then exchanged over a shared folder. Each
 * forgery is refused with its reason, and the honest act beside it opens the gate.
 */

let release: GreenRelease;
let rogue: Archive;
let rogueNow = new Date('2026-01-12T11:00:00Z');
let keys: Record<string, string>;
let current: Roster;
const digests = new Map<number, string>();
let varied = 0;

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const shared = (): string => join(release.folder.path, 'shared');
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: { code: unknown; message: unknown }) => `${String(cause.code)}: ${String(cause.message)}`);
const sign = (key: string, text: string): string => release.gpg.gpg(['--armor', '--detach-sign', '--local-user', key], text);

beforeAll(async () => {
  release = new GreenRelease();
  rogue = await openArchive({ home: join(release.folder.path, 'rogue'), now: () => rogueNow, boot: 'rogue' });
  const { origin, vkey } = await release.client.call('console.status', {});
  release.consoles.push({ origin: rogue.origin, vkey: rogue.vkey, owner: 'ines' }, { origin, vkey, owner: 'grace' });
  await release.prepare();
  keys = { ...release.keys, nora: release.gpg.key('nora <nora@example.com>'), cleo2: release.gpg.key('cleo again <cleo@example.com>') };
  current = release.roster;
  digests.set(1, (await release.client.call('roster.read', {})).held?.digest ?? '');
}, 120_000);
afterAll(() => {
  rogue.close();
  return release.close();
});

interface Judged { readonly gate: string; readonly authority: string; readonly subject: string; readonly status: string; readonly summary: string }

async function judged(line = 'ciso-approval', types: readonly ReleaseType[] = ['security']): Promise<Judged> {
  const { report } = await release.judge(undefined, types);
  const found = report.results.find(({ id }) => id === line);
  return { gate: report.gate, authority: report.authority, subject: report.subjectDigest, status: found?.status ?? '', summary: found?.summary ?? '' };
}

/** Another release candidate: what was approved before is of no use for it. */
async function another(): Promise<string> {
  varied += 1;
  const file = join(release.outputs, 'reports', 'eslint.json');
  writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd()}${'\n'.repeat(varied)}`);
  await release.bind(release.outputs, release.commit);
  const before = await judged();
  expect(before).toMatchObject({ gate: 'closed', status: 'needs-person' });
  return before.subject;
}

interface Said { readonly by: string; readonly key: string; readonly role: string; readonly subject: string; readonly roster: number; readonly release?: string; readonly reason?: string }

/** An approval as its approver would sign it. */
function approval({ by, key, role, subject, roster, release: version = 'v1.1.0', reason = 'It mends the hole.' }: Said): RecordParts & { readonly record: { readonly statement: ApprovalStatement } } {
  const statement: ApprovalStatement = {
    _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'outputs/release/product.tar.gz', digest: { sha256: 'a'.repeat(64) } }], predicateType: 'countersign/approval/v1',
    predicate: { decision: 'approve', release: version, types: ['security'], subjectDigest: subject, planDigest: null, rosterDigest: digests.get(roster) ?? '', reason, approver: by, role },
  };
  const record = { event_type: 'approval', release_version: version, release_commit: release.commit, approver: by, approver_role: role, decided_at: '2026-01-12T11:00:00Z', statement, statement_signature: sign(key, canonicalJson(statement)) };
  const parts = { record, refs: [], attachments: [] };
  return { ...parts, signatures: [{ fingerprint: key, asc: sign(key, signedBytes(parts)) }] };
}

/** Returns where each stands then. */
async function slipIn(...entries: readonly RecordParts[]): Promise<string[]> {
  const appended = await rogue.append(entries);
  await exchange();
  return appended.map(({ id }) => id);
}

async function exchange(): Promise<void> {
  await rogue.sync(shared(), quietWork);
  await release.client.call('sync.run', { url: shared(), task: undefined });
}

/** What a line says of one entry; empty where it says nothing of it. */
const saidOf = (summary: string, id: string): string => summary.split(/(?<=[.?]) (?=[a-z]+ approved it in |The [a-z]+ of )/).find((sentence) => sentence.includes(`in ${id},`) || sentence.includes(`in ${id} `)) ?? '';

const approve = (who: string, role = 'ciso'): Promise<Output<'approval.sign'>> =>
  release.client.call('approval.sign', { draft: release.draft(undefined, ['security']), key: keys[who] ?? '', role, decision: 'approve', reason: 'It mends the hole.', out: null, task: undefined });

/** The honest act beside a forgery: through the door, by somebody who may, under the roster in force. */
async function honest(who: string): Promise<void> {
  await approve(who);
  expect(await judged()).toMatchObject({ gate: 'open', status: 'passed', summary: expect.stringMatching(new RegExp(`^Approved by ${who}, ciso`)) as string });
}

/** The other console takes a version, as its log then tells. */
async function otherConsoleTakes(version: number): Promise<void> {
  const { entries } = await release.client.call('archive.list', { origin: null, event_type: 'roster_change', release: null, offset: 0, limit: 50 });
  const taken = await Promise.all(entries.map(async ({ id }) => (await release.client.call('archive.show', { id })).entry));
  const record = taken.find((one) => one.record['version'] === version)?.record ?? {};
  await rogue.append([{ record: { ...record, event_type: 'roster_change' }, refs: [], attachments: [] }]);
}

/** Writes, signs and takes the next version. */
async function adopt(change: Partial<Roster>, signedAt: string, taken: string): Promise<string> {
  const file = writeRoster({ ...current, ...change, version: current.version + 1 }, signedAt, '');
  release.time = taken;
  const held = await release.client.call('roster.adopt', { file, digest: null, task: undefined });
  current = { ...current, ...change, version: held.version };
  delete current.resolves;
  digests.set(held.version, held.digest);
  return file;
}

function writeRoster(roster: Roster, signedAt: string, name: string): string {
  const file = join(release.folder.path, `roster-${roster.version}${name}.json`);
  writeFileSync(file, JSON.stringify(roster));
  release.gpg.gpg(['--faked-system-time', `${signedAt.replaceAll(/[-:Z]/g, '')}!`, '--armor', '--detach-sign', '--local-user', keys['grace'] ?? '', '--output', `${file}.asc`, file]);
  return file;
}

describe('under one roster', () => {
  const key = (who: string): string => keys[who] ?? '';
  const FORGERIES: readonly (readonly [what: string, forged: (subject: string) => RecordParts[], says: RegExp])[] = [
    ['of other digests', () => [approval({ by: 'ines', key: key('ines'), role: 'ciso', subject: '6'.repeat(64), roster: 1 })], /ines approved it in .* as 666666666666; it has changed since/],
    ['by a person without the role', (subject) => [approval({ by: 'quinn', key: key('quinn'), role: 'ciso', subject, roster: 1 })], /quinn approved it in .*, and was not ciso by the roster that it names/],
    ['with a release key, in its own holder’s name', (subject) => [approval({ by: 'alan', key: key('alan'), role: 'ciso', subject, roster: 1 })], /not-permitted\): it is signed with alan's key for release, which is none for approvals/],
    ['with a release key, in an approver’s name', (subject) => [approval({ by: 'ines', key: key('alan'), role: 'ciso', subject, roster: 1 })], /The approval of ines in .* does not count \(not-permitted\): it is signed with alan's key for release/],
    ['with another approver’s key', (subject) => [approval({ by: 'ines', key: key('quinn'), role: 'ciso', subject, roster: 1 })], /not-permitted\): it is signed by quinn\. ines is said to have done it/],
    ['with a stranger’s key', (subject) => [approval({ by: 'ines', key: key('nora'), role: 'ciso', subject, roster: 1 })], /forged\): no signature over exactly this is good by a key of version 1/],
    ['by the approver’s own console, without a signature', (subject) => [{ ...approval({ by: 'ines', key: key('ines'), role: 'ciso', subject, roster: 1 }), signatures: [] }], /unsigned\): nobody signed it/],
    ['by the author of the change', (subject) => [approval({ by: 'ada', key: key('ada'), role: 'ciso', subject, roster: 1 })], /ada approved it in .*, and is an author of [0-9a-f]{12}, which is in it/],
    ['under a roster that was never held', (subject) => [approval({ by: 'ines', key: key('ines'), role: 'ciso', subject, roster: 99 })], /undetermined\): it names the roster .*never held here/],
    ['with an edited statement', (subject) => {
      const real = approval({ by: 'ines', key: key('ines'), role: 'ciso', subject: '7'.repeat(64), roster: 1 });
      const statement = { ...real.record.statement, predicate: { ...real.record.statement.predicate, subjectDigest: subject } };
      return [{ ...real, record: { ...real.record, statement } }];
    }, /forged\): no signature over exactly this/],
    ['with a statement that only the record was signed around', (subject) => {
      const real = approval({ by: 'ines', key: key('ines'), role: 'ciso', subject: '8'.repeat(64), roster: 1 });
      const statement = { ...real.record.statement, predicate: { ...real.record.statement.predicate, subjectDigest: subject } };
      const parts = { record: { ...real.record, statement }, refs: [], attachments: [] };
      return [{ ...parts, signatures: [{ fingerprint: key('ines'), asc: sign(key('ines'), signedBytes(parts)) }] }];
    }, /forged\): no signature over exactly this/],
    ['replayed from another release, as it is', () => [approval({ by: 'ines', key: key('ines'), role: 'ciso', subject: '9'.repeat(64), roster: 1, release: 'v1.0.9' })], /^$/],
    ['replayed from another release, under this one’s name', (subject) => {
      const real = approval({ by: 'ines', key: key('ines'), role: 'ciso', subject, roster: 1, release: 'v1.0.9' });
      const statement = { ...real.record.statement, predicate: { ...real.record.statement.predicate, release: 'v1.1.0' } };
      return [{ ...real, record: { ...real.record, release_version: 'v1.1.0', statement } }];
    }, /forged\): no signature over exactly this/],
    ['signed for another kind of act', (subject) => {
      const real = approval({ by: 'ines', key: key('ines'), role: 'ciso', subject, roster: 1 });
      const asc = sign(key('ines'), signedBytes({ record: { ...real.record, event_type: 'rejection' }, refs: [], attachments: [] }));
      return [{ ...real, signatures: [{ fingerprint: key('ines'), asc }] }];
    }, /forged\): no signature over exactly this/],
  ];
  const places = new Map<string, string>();
  let after: Judged;
  beforeAll(async () => {
    digests.set(99, 'e'.repeat(64));
    const subject = await another();
    const ids = await slipIn(...FORGERIES.flatMap(([, forged]) => forged(subject)));
    for (const [index, [what]] of FORGERIES.entries()) places.set(what, ids[index] ?? '');
    after = await judged();
    expect(after.subject).toBe(subject);
  }, 60_000);

  test.each(FORGERIES)('an approval %s opens nothing, and says why', (what, _, says) => {
    expect(after).toMatchObject({ gate: 'closed', status: 'needs-person' });
    expect(saidOf(after.summary, places.get(what) ?? '')).toMatch(says);
  });

  test('the honest one opens the gate among them all, through the door', async () => {
    await honest('ines');
  });

  test('the same words in the same console count, so that none of these is refused for where it came from', async () => {
    const subject = await another();
    await slipIn(approval({ by: 'ines', key: key('ines'), role: 'ciso', subject, roster: 1 }));
    expect(await judged()).toMatchObject({ gate: 'open', status: 'passed' });
    const { acts } = await release.client.call('release.acts', { release: 'v1.1.0' });
    expect(new Set(acts.map(({ standing }) => standing))).toEqual(new Set(['counts', 'forged', 'unsigned', 'not-permitted', 'undetermined']));
    expect(acts.filter(({ event_type }) => event_type === 'approval').length).toBeGreaterThanOrEqual(FORGERIES.length);
  });
});

describe('from one roster to the next', () => {
  beforeAll(async () => {
    const people = current.people.map((person) => (person.id === 'ines' ? { ...person, status: 'left' as const } : person.id === 'cleo' ? { ...person, keys: [...person.keys, keyOf('cleo2')] } : person));
    const nora: Roster['people'][number] = { id: 'nora', name: 'nora', emails: ['nora@example.com'], roles: ['ciso'], status: 'active', deputies: [], phones: [], voice_codes: [], keys: [keyOf('nora')] };
    await adopt({ people: [...people, nora] }, '2026-01-12T12:30:00Z', '2026-01-12T13:00:00Z');
  });
  const keyOf = (who: string): Roster['people'][number]['keys'][number] => ({ fingerprint: keys[who] ?? '', cert: readFileSync(release.gpg.export(keys[who] ?? ''), 'utf8'), use: ['approve'], on: 'file' });

  test('what was attested in time goes on counting', async () => {
    expect(await judged('qa-changelog')).toMatchObject({ status: 'passed', authority: 'proved' });
  });

  const FORGERIES: readonly (readonly [what: string, at: string, forged: (subject: string) => RecordParts, says: RegExp])[] = [
    ['by a key that was added later', '2026-01-12T11:00:00Z', (subject) => approval({ by: 'nora', key: keys['nora'] ?? '', role: 'ciso', subject, roster: 1 }), /not-permitted\): its key is in version 2 of the roster, and not in version 1, which it names/],
    ['backdated by somebody who left', '2026-01-12T11:00:00Z', (subject) => approval({ by: 'ines', key: keys['ines'] ?? '', role: 'ciso', subject, roster: 1 }), /undetermined\): nobody else is known to have seen it before 2026-01-12T13:05:00Z, and version 1 .* version 2 took its place at 2026-01-12T13:00:00Z/],
    ['late, by somebody who left', '2026-01-12T14:00:00Z', (subject) => approval({ by: 'ines', key: keys['ines'] ?? '', role: 'ciso', subject, roster: 1 }), /late\): it was done after the life of version 1/],
    ['by somebody who left, under the roster that says so', '2026-01-12T14:00:00Z', (subject) => approval({ by: 'ines', key: keys['ines'] ?? '', role: 'ciso', subject, roster: 2 }), /not-permitted\): ines had left in version 2/],
  ];

  test('approvals of those who came later, or left, open nothing; that of the newcomer does', async () => {
    release.time = '2026-01-12T13:05:00Z';
    const subject = await another();
    const places: string[] = [];
    for (const [, at, forged] of FORGERIES) {
      rogueNow = new Date(at);
      places.push(...(await rogue.append([forged(subject)])).map(({ id }) => id));
    }
    await exchange();
    const after = await judged();
    expect(after).toMatchObject({ gate: 'closed', status: 'needs-person' });
    for (const [index, [what, , , says]] of FORGERIES.entries()) expect(saidOf(after.summary, places[index] ?? ''), what).toMatch(says);
    await honest('nora');
  });

  test('one person with two keys is one person; a second one makes two', async () => {
    const both = ['major', 'security'] as const;
    const { subject } = await judged('cto-approval', both);
    const as = (by: string, key: string, role: string): RecordParts => approval({ by, key: keys[key] ?? '', role, subject, roster: 2 });
    await otherConsoleTakes(2);
    await slipIn(as('cleo', 'cleo', 'cto'), as('cleo', 'cleo2', 'ciso'));
    for (const line of ['cto-approval', 'ciso-approval']) expect(await judged(line, both)).toMatchObject({ status: 'needs-person', summary: expect.stringMatching(/cleo approved it in .* they have to be different people/) as string });
    await slipIn(as('nora', 'nora', 'ciso'));
    for (const line of ['cto-approval', 'ciso-approval']) expect(await judged(line, both)).toMatchObject({ status: 'passed' });
  });

  test('an approval that was seen after its roster expired opens nothing, and neither does anything meanwhile', async () => {
    await adopt({ expires: '2026-01-12T14:00:00Z' }, '2026-01-12T13:20:00Z', '2026-01-12T13:30:00Z');
    await another();
    await honest('cleo');
    release.time = '2026-01-12T14:30:00Z';
    expect(await judged()).toMatchObject({ gate: 'closed', authority: 'unproved' });
    expect(await refusal(approve('cleo'))).toMatch(/^not-permitted: No roster is in force/);
    rogueNow = new Date('2026-01-12T13:50:00Z');
    const expired = 3;
    await slipIn(approval({ by: 'nora', key: keys['nora'] ?? '', role: 'ciso', subject: '1'.repeat(64), roster: expired }));
    await adopt({ expires: '2999-01-01T00:00:00Z' }, '2026-01-12T14:45:00Z', '2026-01-12T15:00:00Z');
    const subject = await another();
    const [place = ''] = await slipIn(approval({ by: 'nora', key: keys['nora'] ?? '', role: 'ciso', subject, roster: expired }));
    const after = await judged();
    expect(after).toMatchObject({ gate: 'closed', status: 'needs-person' });
    expect(saidOf(after.summary, place)).toMatch(/undetermined\): nobody else is known to have seen it before .*: it expired at 2026-01-12T14:00:00Z/);
    await honest('nora');
  });

  test('nothing counts under a roster that was put back; with the one that was taken it does', async () => {
    const [held, aside] = [join(release.core.home, 'roster'), join(release.folder.path, 'aside')];
    const subject = await another();
    renameSync(held, aside);
    cpSync(join(release.core.home, 'roster-before', '2'), held, { recursive: true });
    await slipIn(approval({ by: 'nora', key: keys['nora'] ?? '', role: 'ciso', subject, roster: 2 }));
    expect(await judged()).toMatchObject({ gate: 'closed', authority: 'unproved' });
    expect((await release.client.call('roster.read', {})).held?.problem).toMatch(/an older roster was put back/);
    expect(await refusal(approve('nora'))).toMatch(/^not-permitted: No roster is in force/);
    rmSync(held, { recursive: true });
    renameSync(aside, held);
    await honest('nora');
  });

  test('nothing counts under one of two valid rosters, until a version names both', async () => {
    const rival = writeRoster({ ...current, version: current.version + 1, expires: '2998-01-01T00:00:00Z' }, '2026-01-12T15:10:00Z', '-rival');
    await adopt({}, '2026-01-12T15:10:00Z', '2026-01-12T15:20:00Z');
    const fork = current.version;
    await another();
    await honest('nora');
    expect(await refusal(release.client.call('roster.adopt', { file: rival, digest: null, task: undefined }))).toMatch(/^fork-detected/);
    expect(await judged()).toMatchObject({ gate: 'closed', authority: 'unproved' });
    // The reason is told wherever it is asked for.
    expect((await release.judge(undefined, ['security'])).standing.claims.find(({ what }) => what === 'Whose word counts')?.words).toMatch(/There are 2 valid rosters of version 5 .* frozen/);
    expect((await release.client.call('console.status', {})).roster?.problem).toMatch(/frozen/);
    expect(await refusal(approve('nora'))).toMatch(/^not-permitted: No roster is in force .*: There are 2 valid rosters of version 5 .*frozen until a version names both/);
    await adopt({ resolves: [digests.get(fork) ?? '', sha256(readFileSync(rival))] }, '2026-01-12T15:30:00Z', '2026-01-12T15:40:00Z');
    const subject = await another();
    rogueNow = new Date('2026-01-12T15:25:00Z');
    const [place = ''] = await slipIn(approval({ by: 'nora', key: keys['nora'] ?? '', role: 'ciso', subject, roster: fork }));
    const after = await judged();
    expect(after).toMatchObject({ gate: 'closed', status: 'needs-person' });
    expect(saidOf(after.summary, place)).toMatch(/undetermined\): it names version 5 of the roster, of which there are two/);
    await honest('nora');
  });
});

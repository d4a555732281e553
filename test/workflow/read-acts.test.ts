import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JudgedEntry } from '../../src/core/approval/acts.ts';
import type { Arrived } from '../../src/core/service/archive-port.ts';
import { actReader, RELEASE_EVENTS } from '../../src/core/service/read-acts.ts';
import type { RosterInForce } from '../../src/core/model/roster.ts';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GreenRelease } from '../support/green-release.ts';

const AT = '2026-01-12T12:00:00Z';
const ROSTER = { roster: { people: [] }, digest: 'a'.repeat(64), signedAt: null } as unknown as RosterInForce;

/** An archive without its trees, and a judge that counts how often it is asked. */
class Rehearsed {
  readonly entries: Arrived[] = [];
  readonly asked: string[] = [];
  archiveGround = 'one log';
  rosterGround = 'version 1';
  forked: string[] = [];
  roles = ['devops'];
  /** Until when an entry was made, as far as anybody knows. */
  to = '2026-01-12T11:00:00Z';

  add(release: string, more: { readonly signed?: boolean; readonly type?: string; readonly origin?: string; readonly refs?: Arrived['entry']['refs'] } = {}): Arrived {
    const origin = more.origin ?? 'a.example';
    const seq = this.entries.filter(({ entry }) => entry.origin === origin).length;
    const entry: Arrived['entry'] = {
      v: 1, origin, seq, time: AT, boot: 'boot', record: { event_type: more.type ?? 'monitoring', release_version: release }, refs: more.refs ?? [], attachments: [], signatures: more.signed === false ? [] : [{ fingerprint: 'F'.repeat(40), asc: 'x' }],
    };
    const one = { arrival: this.entries.length + 1, id: `${origin}#${seq}`, release, entry, leaf: createHash('sha256').update(JSON.stringify(entry)).digest('hex') };
    this.entries.push(one);
    return one;
  }

  readonly read = actReader({
    held: async () => this.#archive,
    ground: async () => this.rosterGround,
    judge: async (id) => {
      this.asked.push(id);
      const { entry } = this.entries.find((one) => one.id === id) ?? { entry: null };
      return { id, entry, act: { standing: 'counts', why: '', person: { id: 'dora', name: 'Dora', emails: [] }, roles: new Set(this.roles), life: null, interval: { from: this.to, to: this.to } } } as unknown as JudgedEntry;
    },
  });

  readonly #archive = {
    origin: 'a.example', ground: async () => this.archiveGround,
    logs: async () => [...new Set(this.entries.map(({ entry }) => entry.origin))].map((origin) => ({ origin, own: origin === 'a.example', size: this.entries.filter(({ entry }) => entry.origin === origin).length, state: this.forked.includes(origin) ? ('quarantined' as const) : ('good' as const) }) as Output<'archive.logs'>['logs'][number]),
    arrived: async ({ after, types, release }: { after: number; types: readonly string[] | null; release: string | null }) => this.entries.filter((one) => one.arrival > after && (types === null || types.includes(one.entry.record.event_type)) && (release === null || one.release === release)),
  };

  async all(at = AT, release: string | null = null): Promise<Awaited<ReturnType<typeof this.read>>> {
    this.asked.length = 0;
    return this.read({ release, types: RELEASE_EVENTS }, ROSTER, at);
  }
}

let rehearsed: Rehearsed;
beforeEach(() => {
  rehearsed = new Rehearsed();
  rehearsed.add('v1.0.0');
  rehearsed.add('v1.1.0');
  rehearsed.add('v1.1.0', { signed: false });
});

describe('what was read of the archive', () => {
  test('is judged once, and is the very same list as long as nothing is new', async () => {
    const first = await rehearsed.all();
    expect([first.length, rehearsed.asked]).toEqual([3, ['a.example#0', 'a.example#1']]);
    expect(await rehearsed.all()).toBe(first);
    expect(rehearsed.asked).toEqual([]);
    const one = await rehearsed.all(AT, 'v1.1.0');
    expect([one.map(({ id }) => id), rehearsed.asked]).toEqual([['a.example#1', 'a.example#2'], []]);
    expect(one[0]).toBe(first[1]);
  });

  test('a new record is read and judged alone', async () => {
    const first = await rehearsed.all();
    rehearsed.add('v1.2.0');
    const next = await rehearsed.all();
    expect([next.length, rehearsed.asked, next[0] === first[0]]).toEqual([4, ['a.example#3'], true]);
  });

  test.each<[what: string, change: () => void]>([
    ['a roster, an adoption or a revoked key', () => (rehearsed.rosterGround = 'version 2')],
    ['another log that was pulled, or a cosignature', () => (rehearsed.archiveGround = 'two logs')],
  ])('%s has everything judged anew', async (_what, change) => {
    const first = await rehearsed.all();
    change();
    rehearsed.roles = ['qa'];
    const next = await rehearsed.all();
    expect(rehearsed.asked).toEqual(['a.example#0', 'a.example#1']);
    expect([next === first, [...(next[0]?.by[0]?.roles ?? [])]]).toEqual([false, ['qa']]);
  });

  test('a log whose history was rewritten takes its acts aside', async () => {
    rehearsed.add('v1.1.0', { origin: 'b.example' });
    expect((await rehearsed.all()).find(({ id }) => id === 'b.example#0')).toMatchObject({ aside: null, by: [{ id: 'dora' }] });
    rehearsed.forked = ['b.example'];
    expect((await rehearsed.all()).find(({ id }) => id === 'b.example#0')).toMatchObject({ aside: 'forked', by: [] });
  });

  test('what only the time of reading dates is judged each time, and so is what points where this log has nothing yet', async () => {
    rehearsed.to = AT;
    await rehearsed.all();
    await rehearsed.all();
    expect(rehearsed.asked).toEqual(['a.example#0', 'a.example#1']);
    rehearsed.to = '2026-01-12T11:00:00Z';
    await rehearsed.all();
    rehearsed.add('v1.1.0', { origin: 'b.example', refs: [{ rel: 'continues', origin: 'a.example', seq: 7, leaf: 'f'.repeat(64) }] });
    await rehearsed.all();
    await rehearsed.all();
    expect(rehearsed.asked).toEqual(['b.example#0']);
  });

  test('without a roster in force nobody is proved, whatever was found before', async () => {
    await rehearsed.all();
    expect((await rehearsed.read({ release: null, types: RELEASE_EVENTS }, null, AT)).flatMap(({ by }) => by)).toEqual([]);
    expect((await rehearsed.all())[0]?.by).toMatchObject([{ id: 'dora' }]);
  });
});

describe('a console that has read a release before', () => {
  let release: GreenRelease;
  let rita: string;
  let core: Core;
  let other: Client;
  beforeAll(async () => {
    release = new GreenRelease();
    rita = release.gpg.key('rita <rita@example.com>');
    release.people.push({ id: 'rita', key: rita, roles: ['release-manager'] });
    core = compose({ shell: 'test', home: join(release.folder.path, 'other'), now: () => new Date(release.time) });
    other = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
    const { origin, vkey } = await other.call('console.status', {});
    release.consoles.push({ origin, vkey, owner: 'rita' });
    await release.prepare();
  }, 60_000);
  afterAll(async () => {
    await core.close();
    await release.close();
  });

  const show = (): Promise<Output<'release.show'>> => release.client.call('release.show', { release: 'v1.1.0', policyFile: null });
  const plan = (client = release.client, rollbackPlan = 'Back.'): Promise<Output<'release.plan'>> => client.call('release.plan', { release: 'v1.1.0', key: rita, from: null, repo: release.repository.path, since: null, calendar: null, method: 'direct', rollbackPlan, previous: null, securityImpact: null });

  test('sees a record that is new, one that a pulled log brings, and that a key was revoked', async () => {
    expect((await show()).plan).toBeNull();
    const first = await plan();
    release.time = '2026-01-12T12:05:00Z';
    expect((await show()).plan?.record).toBe(first.record);
    expect((await show()).plan?.record).toBe(first.record);

    // Another console plans without knowing of it.
    await other.call('roster.adopt', { file: join(release.folder.path, 'roster.json'), digest: createHash('sha256').update(readFileSync(join(release.folder.path, 'roster.json'))).digest('hex') });
    const second = await plan(other, 'Another way back.');
    const url = join(release.folder.path, 'shared');
    await other.call('sync.run', { url, task: undefined });
    expect((await show()).disputed).toEqual([]);
    await release.client.call('sync.run', { url, task: undefined });
    release.time = '2026-01-12T12:10:00Z';
    expect([...(await show()).disputed].sort()).toEqual([first.record, second.record].sort());

    const third = await plan(release.client, 'The first way back.');
    release.time = '2026-01-12T12:15:00Z';
    expect((await show()).plan?.record).toBe(third.record);
    const out = join(release.folder.path, 'revocation.json');
    await release.client.call('keys.proposeRevocation', { key: rita, cause: 'compromised', since: '2026-01-10T00:00:00Z', words: 'the laptop was taken from the train', out });
    release.gpg.gpg(['--armor', '--local-user', release.keys.grace, '--output', `${out}.grace.asc`, '--detach-sign', out]);
    await release.client.call('keys.recordRevocation', { file: out });
    release.time = '2026-01-12T12:20:00Z';
    expect(await show()).toMatchObject({ plan: null, disputed: [] });
  });

  test('sees that another version of the roster is in force', async () => {
    release.time = '2026-01-12T13:00:00Z';
    const rollbacks = await release.client.call('deployment.board', { release: 'v1.1.0' });
    expect(rollbacks.people.map(({ id }) => id)).toContain('rita');
    const file = join(release.folder.path, 'roster-2.json');
    const next = { ...release.roster, version: 2 };
    writeFileSync(file, JSON.stringify({ ...next, people: next.people.filter(({ id }) => id !== 'rita') }));
    release.gpg.gpg(['--armor', '--detach-sign', '--local-user', release.keys.grace, '--output', `${file}.asc`, file]);
    await release.client.call('roster.adopt', { file, digest: null });
    release.time = '2026-01-12T13:05:00Z';
    expect((await release.client.call('deployment.board', { release: 'v1.1.0' })).people.map(({ id }) => id)).not.toContain('rita');
    expect((await show()).plan).toBeNull();
  });
});

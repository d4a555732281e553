import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { signedBytes } from '../src/core/approval/personal-signature.ts';
import type { RecordParts } from '../src/core/archive/entry.ts';
import type { EntryRef, GenesisRecord } from '../src/core/model/archive.ts';
import { openArchive, type Archive } from '../src/main/adapters/sqlite/open-archive.ts';
import { GreenRelease } from '../test/support/green-release.ts';

/**
 * How long Home, a release and the metrics take over an archive of so many entries, fifty a release, an eighth of them
 * signed by people: the first time, again, and after one more entry.
 */
const ENTRIES = Number(process.argv[2] ?? 20_000);
const DAY = 86_400_000;
const END = Date.parse('2026-01-12T12:00:00Z');

const green = new GreenRelease();
try {
  const { privateKey, publicKey } = await generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'dora', email: 'dora@example.com' }], date: new Date('2024-01-01T00:00:00Z') });
  const secret = await readPrivateKey({ armoredKey: privateKey });
  green.gpg.gpg(['--import'], publicKey);
  const fingerprint = secret.getFingerprint().toUpperCase();
  green.people.push({ id: 'dora', key: fingerprint, roles: ['devops', 'release-manager'] });
  await green.prepare();
  const roster = createHash('sha256').update(JSON.stringify(green.roster)).digest('hex');
  const home = join(green.folder.path, 'home');
  const archive = await openArchive({ home, now: () => new Date(END), boot: 'bench' });
  const signed = async (record: GenesisRecord, refs: readonly EntryRef[] = []): Promise<RecordParts> => {
    const parts = { record: { ...record, roster_digest: roster }, refs: [...refs], attachments: [] };
    const asc = await sign({ message: await createMessage({ text: signedBytes(parts) }), signingKeys: secret, detached: true, date: new Date(END) });
    return { ...parts, signatures: [{ fingerprint, asc }] };
  };
  await fill(archive, signed, Math.ceil(ENTRIES / 50));
  const { client } = green;
  // What is written in the very second in which it is read is judged anew.
  green.time = '2026-01-12T13:00:00Z';
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const since = performance.now();
    await work();
    console.log(`${name.padEnd(44)} ${(performance.now() - since).toFixed(0).padStart(7)} ms`);
  };
  const all = async (when: string): Promise<void> => {
    await timed(`home.read, ${when}`, () => client.call('home.read', {}));
    await timed(`home.owed, ${when}`, () => client.call('home.owed', {}));
    await timed(`release.show of one release, ${when}`, () => client.call('release.show', { release: 'v1.7.0', policyFile: null }));
    await timed(`metrics.read, ${when}`, () => client.call('metrics.read', { from: null, to: null }));
    await timed(`rollback.list, ${when}`, () => client.call('rollback.list', { open: true }));
  };
  await all('the first time');
  await all('again');
  await archive.append([{ record: { event_type: 'monitoring', release_version: 'v1.7.0', environment: 'production', act: 'observe', at: '2026-01-12T11:00:00Z', status: 'ok', observed: 'x' } }]);
  await all('after one more entry');
  archive.close();
} finally {
  await green.close();
}

/** Releases one as the other, written step by step of all, because what comes later points at what came before. */
async function fill(archive: Archive, signed: (record: GenesisRecord, refs?: readonly EntryRef[]) => Promise<RecordParts>, releases: number): Promise<void> {
  const at = (number: number, hours: number): string => `${new Date(END - 400 * DAY + number * DAY * 0.9 + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
  const all = Array.from({ length: releases * 2 }, (_, index) => ({ number: Math.floor(index / 2), release_version: `v1.${Math.floor(index / 2)}.0`, environment: index % 2 === 0 ? 'staging' : 'production' }));
  const step = async (parts: (one: (typeof all)[number], index: number) => Promise<RecordParts>): Promise<EntryRef[]> => {
    const appended = await archive.append(await Promise.all(all.map(parts)));
    return appended.map(({ id, leaf }) => ({ rel: 'continues', origin: id.slice(0, id.lastIndexOf('#')), seq: Number(id.slice(id.lastIndexOf('#') + 1)), leaf }));
  };
  const to = (refs: readonly EntryRef[], index: number, rel: string): EntryRef[] => refs.slice(index, index + 1).map((ref) => ({ ...ref, rel }));
  for (let run = 0; run < 6; run += 1) {
    await step(async ({ number, release_version }) => ({ record: { event_type: 'checklist_run', release_version, release_commit: 'c'.repeat(40), run_at: at(number, run), gate: 'closed', authority: 'proved', policy_digest: '1'.repeat(64), subject_digest: '2'.repeat(64), report_digest: '3'.repeat(64), verdicts: { 'unit-tests': 'passed', 'cto-approval': 'needs-person' } } }));
  }
  const stage = ({ number, release_version, environment }: (typeof all)[number]): GenesisRecord => ({ event_type: 'deployment_stage', release_version, deployment_id: `deploy-${number}-${environment}`, environment, method: 'direct', decided_by: 'dora', percent: 100 });
  const starts = await step((one) => signed({ ...stage(one), act: 'start', at: at(one.number, 13), release_commit: 'c'.repeat(40), release_artifacts_sha256: { 'product.tar.gz': 'a'.repeat(64) } }));
  const ends = await step((one, index) => signed({ ...stage(one), act: 'finish', at: at(one.number, 14) }, to(starts, index, 'continues')));
  const watches = await step(async ({ number, release_version, environment }, index) => ({ record: { event_type: 'monitoring', release_version, environment, act: 'start', at: at(number, 14), status: 'watching', hours: 24 }, refs: to(ends, index, 'watches') }));
  for (let seen = 0; seen < 15; seen += 1) await step(async ({ number, release_version, environment }, index) => ({ record: { event_type: 'monitoring', release_version, environment, act: 'observe', at: at(number, 15 + seen), status: 'ok', observed: 'errors 0.1 %' }, refs: to(watches, index, 'continues') }));
  await step(({ number, release_version, environment }, index) => signed({ event_type: 'monitoring', release_version, environment, act: 'close', at: at(number, 40), status: 'ok', decided_by: 'dora' }, to(watches, index, 'closes')));
}

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
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
  for (let release = 0; release * 50 < ENTRIES; release += 1) await fill(archive, signed, release);
  writeFileSync(join(green.folder.path, 'filled'), '');
  const { client } = green;
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const since = performance.now();
    await work();
    console.log(`${name.padEnd(44)} ${(performance.now() - since).toFixed(0).padStart(7)} ms`);
  };
  const all = async (when: string): Promise<void> => {
    await timed(`home.read, ${when}`, () => client.call('home.read', {}));
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

async function fill(archive: Archive, signed: (record: GenesisRecord, refs?: readonly EntryRef[]) => Promise<RecordParts>, number: number): Promise<void> {
  const release_version = `v1.${number}.0`;
  const at = (hours: number): string => `${new Date(END - 400 * DAY + number * DAY * 0.9 + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
  const append = async (parts: RecordParts): Promise<EntryRef> => {
    const [one] = await archive.append([parts]);
    if (one === undefined) throw new Error('nothing was appended');
    return { rel: 'continues', origin: one.id.slice(0, one.id.lastIndexOf('#')), seq: Number(one.id.slice(one.id.lastIndexOf('#') + 1)), leaf: one.leaf };
  };
  for (let run = 0; run < 12; run += 1) await append({ record: { event_type: 'checklist_run', release_version, release_commit: 'c'.repeat(40), run_at: at(run), gate: 'closed', authority: 'proved', policy_digest: '1'.repeat(64), subject_digest: '2'.repeat(64), report_digest: '3'.repeat(64), verdicts: { 'unit-tests': 'passed', 'cto-approval': 'needs-person' } } });
  for (const environment of ['staging', 'production']) {
    const stage = { event_type: 'deployment_stage', release_version, deployment_id: `deploy-${number}-${environment}`, environment, method: 'direct', decided_by: 'dora', percent: 100 };
    const start = await append(await signed({ ...stage, act: 'start', at: at(13), release_commit: 'c'.repeat(40), release_artifacts_sha256: { 'product.tar.gz': 'a'.repeat(64) } }));
    const finish = await append(await signed({ ...stage, act: 'finish', at: at(14) }, [start]));
    const watch = await append({ record: { event_type: 'monitoring', release_version, environment, act: 'start', at: at(14), status: 'watching', hours: 24 }, refs: [{ ...finish, rel: 'watches' }] });
    for (let seen = 0; seen < 15; seen += 1) await append({ record: { event_type: 'monitoring', release_version, environment, act: 'observe', at: at(15 + seen), status: 'ok', observed: 'errors 0.1 %' }, refs: [watch] });
    await append(await signed({ event_type: 'monitoring', release_version, environment, act: 'close', at: at(40), status: 'ok', decided_by: 'dora' }, [{ ...watch, rel: 'closes' }]));
  }
}

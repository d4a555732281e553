import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealEntry, prepareRecord } from '../src/core/archive/entry.ts';
import { GrowingTree, leafHash } from '../src/core/archive/tree.ts';
import type { GenesisRecord } from '../src/core/model/archive.ts';
import { openDatabase } from '../src/main/adapters/sqlite/database.ts';
import { openArchive } from '../src/main/adapters/sqlite/open-archive.ts';

/**
 * What the log costs over the database alone: appending against inserting the same rows, verifying against reading
 * the same rows and computing the same hashes. Each pair is run in turn, and the medians of its runs are
 * compared.
 */
const ENTRIES = Number(process.argv[2] ?? 100_000);
const RUNS = Number(process.argv[3] ?? 5);
const BOOT = 'benchmark';
const work = { signal: new AbortController().signal, progress: () => undefined };

const records = Array.from({ length: ENTRIES }, (_, at) => realisticRecord(at));
const appending: number[] = [];
const inserting: number[] = [];
const verifying: number[] = [];
const scanning: number[] = [];

for (let run = 0; run < RUNS; run += 1) {
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const archive = await openArchive({ home, now: () => new Date(), boot: BOOT, origin: 'bench.example/console' });
    // In turn first and second, so that neither always finds the disk busy with the other's pages.
    if (run % 2 === 0) inserting.push(insertRows(home));
    appending.push(await seconds(() => archive.appendRecords(records)));
    if (run % 2 === 1) inserting.push(insertRows(home));
    if (run % 2 === 0) scanning.push(await seconds(async () => scanRows(join(home, 'genesis.db'))));
    verifying.push(await seconds(async () => {
      const { verdict, problems } = await archive.verify(work);
      if (verdict !== 'good') throw new Error(JSON.stringify(problems[0]));
    }));
    if (run % 2 === 1) scanning.push(await seconds(async () => scanRows(join(home, 'genesis.db'))));
    archive.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

report('append, one checkpoint', appending, 'bare insert of the same rows', inserting, 2);
report('verify the archive', verifying, 'scan and hash the same rows', scanning, 1.5);

function report(name: string, ours: readonly number[], peer: string, theirs: readonly number[], aim: number): void {
  const [mine, other] = [median(ours), median(theirs)];
  process.stdout.write(
    `${ENTRIES} entries: ${name} ${mine.toFixed(2)} s (${Math.round(ENTRIES / mine)}/s); ${peer} ${other.toFixed(2)} s; ` +
      `ratio ${(mine / other).toFixed(2)} (aim ≤ ${aim})\n`,
  );
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

/** The rows that the archive wrote, written by SQLite alone: same schema, pragmas and one transaction. */
function insertRows(home: string): number {
  const rows = records.map((record, seq) => {
    const prepared = prepareRecord({ record }, []);
    const time = '2026-01-31T12:00:00.000Z';
    return { prepared, time, ...sealEntry({ origin: 'bench.example/console', seq, time, boot: BOOT }, prepared) };
  });
  const db = openDatabase(join(home, 'bare.db'));
  db.prepare("INSERT INTO log (origin, vkey, size, edge, checkpoint) VALUES ('bench.example/console', '', 0, x'', x'')").run();
  const insert = db.prepare('INSERT INTO entry (log, seq, leaf, event_type, release, imported, time, bytes) VALUES (1, ?, ?, ?, ?, ?, ?, ?)');
  const start = performance.now();
  db.transaction(() => {
    for (const [seq, { prepared: { columns }, leaf, bytes, time }] of rows.entries()) insert.run(seq, leaf, columns.event_type, columns.release, 0, time, bytes);
  }).immediate();
  const took = (performance.now() - start) / 1000;
  db.close();
  return took;
}

function scanRows(file: string): void {
  const db = openDatabase(file);
  const tree = new GrowingTree();
  const rows = db.prepare<[], [Buffer]>('SELECT bytes FROM entry WHERE log = 1 ORDER BY seq').raw();
  for (const [bytes] of rows.iterate()) tree.append(leafHash(bytes));
  tree.root();
  db.close();
}

/** Records as a team writes them: a checklist run, a signing, a deployment, a release. */
function realisticRecord(at: number): GenesisRecord {
  const version = `v${1 + (at >> 10)}.${(at >> 4) & 63}.${at & 15}`;
  const digest = (salt: number): string => (at * 2654435761 + salt * 40503).toString(16).padStart(16, '0').repeat(4).slice(0, 64);
  const commit = digest(1).slice(0, 40);
  const time = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();
  switch (at % 4) {
    case 0:
      return {
        event_type: 'checklist_run', release_version: version, release_commit: commit, run_at: time, gate: 'closed', authority: 'unproved',
        policy_digest: digest(2), subject_digest: digest(3), report_digest: digest(4),
        verdicts: Object.fromEntries(['code-reviewed', 'no-self-approval', 'unit-tests', 'integration-tests', 'sast-scans', 'dependency-scans', 'sbom-generated', 'release-notes', 'cto-approval', 'rollback-plan', 'artifacts-signed'].map((id, n) => [id, n % 3 === 0 ? 'missing' : 'passed'])),
      };
    case 1:
      return {
        event_type: 'signing', release_version: version, release_commit: commit, signed_at: time, key_fingerprint: digest(5).slice(0, 40).toUpperCase(),
        release_artifacts: ['app.tar.gz', 'app.tar.gz.asc'], release_artifacts_sha256: { 'app.tar.gz': digest(6) }, checksums_sha256: { 'app.tar.gz.sha256': digest(8) }, signatures_sha256: { 'app.tar.gz.asc': digest(7) },
      };
    case 2:
      return {
        event_type: 'deployment', deployment_id: `deploy-${at}`, release_version: version, deployment_date: time, deployment_environment: 'production',
        deployment_method: 'blue-green', deployment_status: 'success', deployed_by: 'Release Manager', smoke_tests_passed: true,
        regression_tests_passed: true, monitoring_enabled: true, rollback_available: true,
      };
    default:
      return {
        event_type: 'release', release_version: version, release_date: time, release_commit: commit, release_artifacts: ['app.tar.gz', 'app.tar.gz.asc', 'app.tar.gz.sha256'],
        release_notes: `https://example.com/releases/${version}`, deployed_by: 'Release Manager', approved_by: ['CTO', 'CISO'],
        deployment_environment: 'production', deployment_status: 'success', rollback_plan: `https://example.com/rollback/${version}`,
      };
  }
}

import type { GenesisRecord } from '../../src/core/model/archive.ts';

export const BOOT = 'benchmark';
export const ORIGIN = 'bench.example/console';

const BATCH = 1_000;

/** Records as a team writes them, made a batch at a time; the time that their making takes is not the archive's. */
export class RecordMaker {
  readonly #count: number;
  #seconds = 0;

  constructor(count: number) {
    this.#count = count;
  }

  get seconds(): number {
    return this.#seconds;
  }

  *each(): Generator<GenesisRecord> {
    for (let start = 0; start < this.#count; start += BATCH) {
      const before = performance.now();
      const batch = Array.from({ length: Math.min(BATCH, this.#count - start) }, (_, at) => realisticRecord(start + at));
      this.#seconds += (performance.now() - before) / 1000;
      yield* batch;
    }
  }
}

/** A checklist run, a signing, a deployment, a release. */
export function realisticRecord(at: number): GenesisRecord {
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

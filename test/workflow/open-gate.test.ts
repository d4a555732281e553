import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GreenRelease } from '../support/green-release.ts';

let release: GreenRelease;
beforeAll(async () => {
  release = new GreenRelease();
  await release.prepare();
}, 120_000);
afterAll(() => release.close());

test('a minor release with everything that the policy asks of it opens the gate', async () => {
  const { report } = await release.judge();
  const blocking = report.results.filter(({ status }) => status !== 'passed' && status !== 'not-applicable').map(({ id, status, summary }) => `${id} ${status}: ${summary}`);
  expect(blocking).toEqual([]);
  expect(report).toMatchObject({ gate: 'open', authority: 'proved', types: { effective: ['minor'] } });
  // What does not apply says why, and everything that passed is either recomputed or somebody's proved word.
  for (const { status, authority, summary } of report.results) {
    expect(summary).toMatch(/\w/);
    if (status === 'passed') expect(['machine', 'proved']).toContain(authority);
  }
});

test('equal inputs give equal bytes, whatever was judged before', async () => {
  const one = JSON.stringify((await release.judge()).report);
  await release.judge([release.outputs]);
  expect(JSON.stringify((await release.judge()).report)).toBe(one);
});

/** Files of the outputs that the lines of an open gate rest on, with the lines; copies and manifests aside. */
function linesByFile(results: readonly { readonly id: string; readonly evidence: readonly { readonly path: string }[] }[]): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { id, evidence } of results) {
    for (const { path } of evidence) {
      if (path.startsWith('outputs/')) lines.set(path.slice('outputs/'.length), [...(lines.get(path.slice('outputs/'.length)) ?? []), id]);
    }
  }
  return lines;
}

/** Lines that nothing but a person or a signature decides: they name artifacts, which need no binding to a commit. */
const OF_ARTIFACTS = new Set(['artifacts-signed', 'artifacts-checksummed']);

describe('nothing else opens it', () => {
  let lines: Map<string, string[]>;
  beforeAll(async () => {
    lines = linesByFile((await release.judge()).report.results);
    expect(lines.size).toBeGreaterThan(10);
  });

  const stillPassed = async (ids: Iterable<string>): Promise<string[]> => {
    const { report } = await release.judge();
    expect(report.gate).toBe('closed');
    const passed = new Set(report.results.filter(({ status }) => status === 'passed').map(({ id }) => id));
    return [...new Set(ids)].filter((id) => passed.has(id as never));
  };
  const all = (): string[] => [...lines.values()].flat();

  test('evidence of another commit', async () => {
    await release.bind(release.outputs, release.before);
    expect(await stillPassed(all().filter((id) => !OF_ARTIFACTS.has(id)))).toEqual([]);
    await release.bind(release.outputs, release.commit);
  });

  test('evidence that names no commit', async () => {
    const manifest = join(release.outputs, 'evidence-manifest.json');
    const kept = readFileSync(manifest);
    rmSync(manifest);
    // An SBOM of ours names its commit itself.
    expect(await stillPassed(all().filter((id) => !OF_ARTIFACTS.has(id) && id !== 'sbom-generated'))).toEqual([]);
    writeFileSync(manifest, kept);
  });

  test('evidence that was changed after it was bound', async () => {
    for (const [path, ids] of lines) {
      if (!path.endsWith('.json') && !path.endsWith('.xml')) continue;
      const file = join(release.outputs, path);
      const kept = readFileSync(file);
      writeFileSync(file, `${kept.toString()} `);
      expect(await stillPassed(ids), path).toEqual([]);
      writeFileSync(file, kept);
    }
  });

  test('evidence that is cut short, emptied or taken away, bound as it is', async () => {
    for (const [path, ids] of lines) {
      // What lies beside an artifact is there twice (.sha256 and SHA256SUMS), and artifacts have tests of their own.
      if (!/^(?:reports|forge)\/|^sbom\.json$/.test(path)) continue;
      const file = join(release.outputs, path);
      const kept = readFileSync(file);
      for (const [how, content] of [['cut short', kept.subarray(0, Math.floor(kept.length / 2))], ['emptied', Buffer.alloc(0)], ['taken away', null]] as const) {
        if (content === null) rmSync(file);
        else writeFileSync(file, content);
        await release.bind(release.outputs, release.commit);
        // The other lines about reviews do not need to know of discussions.
        expect(await stillPassed(path === 'forge/threads.json' ? ['feedback-addressed'] : ids), `${path} ${how}`).toEqual([]);
      }
      writeFileSync(file, kept);
    }
    await release.bind(release.outputs, release.commit);
    expect((await release.judge()).report.gate).toBe('open');
  }, 300_000);

  test.each<[string, string, string, string]>([
    ['tests that did not run', 'reports/zero.xml', '<testsuites><testsuite name="test/unit/x" tests="1"><testcase name="a"><failure message="no"/></testcase></testsuite></testsuites>', 'unit-tests'],
    ['a report that contradicts its own counts', 'reports/more.xml', '<testsuites><testsuite name="test/unit/x" tests="9"><testcase name="a"/></testsuite></testsuites>', 'unit-tests'],
    ['coverage that is lower in another file', 'reports/lower/coverage-summary.json', '{"total":{"lines":{"total":10,"covered":1,"skipped":0,"pct":10},"statements":{"total":10,"covered":1,"skipped":0,"pct":10},"functions":{"total":1,"covered":1,"skipped":0,"pct":100},"branches":{"total":0,"covered":0,"skipped":0,"pct":100}}}', 'unit-tests'],
    ['a scan that found something', 'reports/bad-eslint.json', '[{"filePath":"src/index.js","errorCount":1,"warningCount":0,"messages":[{"severity":2,"ruleId":"no-eval","message":"no"}]}]', 'sast-scans'],
    ['a suppressed finding that nobody signed', 'reports/suppressed.sarif', '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"CodeQL"}},"results":[{"ruleId":"a","level":"error","message":{"text":"x"},"suppressions":[{"kind":"inSource","status":"accepted"}]}]}]}', 'sast-scans'],
    ['a dependency scan of nothing', 'reports/trivy.json', '{"SchemaVersion":2,"ArtifactName":".","ArtifactType":"filesystem","Results":[]}', 'dependency-scans'],
    ['a dependency scan with old data', 'reports/grype.json', '{"matches":[],"source":{},"distro":{},"descriptor":{"name":"grype","version":"0.80.0","db":{"built":"2025-06-01T00:00:00Z"}}}', 'dependency-scans'],
    ['a dynamic scan that found something', 'reports/zap2.json', '{"@version":"2.16.1","site":[{"@name":"x","alerts":[{"alert":"SQL injection","riskcode":"3"}]}]}', 'dast-scans'],
    ['a slower run', 'reports/slower.json', '{"results":[{"command":"node src/index.js","mean":0.5,"stddev":0.002,"median":0.5,"times":[0.5,0.5]}]}', 'performance-tests'],
    ['an SBOM of another version', 'other-sbom.json', '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","name":"product","version":"9.9.9"}},"components":[]}', 'sbom-generated'],
    ['a request for changes that another export tells of', 'forge/more.json', '[{"number":12,"title":"Add prices","url":"https://github.com/example/product/pull/12","headRefOid":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","reviews":[{"author":{"login":"eve"},"state":"CHANGES_REQUESTED","submittedAt":"2026-01-11T09:30:00Z","commit":{"oid":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}}]}]', 'feedback-addressed'],
  ])('%s beside what is green', async (_name, path, content, id) => {
    const file = join(release.outputs, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    await release.bind(release.outputs, release.commit);
    expect(await stillPassed([id])).toEqual([]);
    rmSync(file);
    await release.bind(release.outputs, release.commit);
  });
});

import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceLimits, loadPolicy } from '../src/core/policy/load-policy.ts';
import { listEvidence } from '../src/main/adapters/evidence-folder.ts';
import { createHasher } from '../src/main/adapters/hashing.ts';

/**
 * Reading a SARIF report of 200 MB (found, hashed, every result counted) against `JSON.parse` of its text, each in a
 * process of its own, in turn; the medians are compared, and the most memory that the reading took is told.
 */
const BYTES = Number(process.argv[2] ?? 200) * 1024 * 1024;
const RUNS = Number(process.argv[3] ?? 5);
const POLICY = join(import.meta.dirname, '../resources/policies/gq-ssdlc-008.yaml');
const [, , , , mode, file] = process.argv;

if (mode === 'parse' && file !== undefined) {
  const text = readFileSync(file, 'utf8');
  report(await seconds(async () => JSON.parse(text) as unknown));
} else if (mode === 'read' && file !== undefined) {
  const hasher = createHasher();
  const limits = evidenceLimits(loadPolicy(readFileSync(POLICY, 'utf8'), POLICY));
  report(await seconds(async () => {
    const [item] = await listEvidence(join(file, '..'), { limits, hasher, signal: new AbortController().signal, progress: () => undefined });
    if (item?.file.problem !== null) throw new Error(item?.file.problem?.message);
  }));
  await hasher.close();
} else await compare();

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const written = join(folder, 'codeql.sarif');
    const results = await write(written);
    const [reading, parsing]: [number[], number[]] = [[], []];
    let megabytes = 0;
    for (let run = 0; run < RUNS; run += 1) {
      for (const one of run % 2 === 0 ? (['read', 'parse'] as const) : (['parse', 'read'] as const)) {
        const { stdout, status, stderr } = spawnSync(process.execPath, [import.meta.filename, '', '', one, written], { encoding: 'utf8' });
        if (status !== 0) throw new Error(stderr);
        const { took, rss } = JSON.parse(stdout) as { took: number; rss: number };
        (one === 'read' ? reading : parsing).push(took);
        if (one === 'read') megabytes = Math.max(megabytes, rss);
      }
    }
    const [ours, theirs] = [median(reading), median(parsing)];
    process.stdout.write(`SARIF of ${Math.round(BYTES / 1024 / 1024)} MB, ${results} results: read ${ours.toFixed(2)} s; JSON.parse ${theirs.toFixed(2)} s; ratio ${(ours / theirs).toFixed(2)} (aim ≤ 1.5); ${megabytes} MB (aim ≤ 1024)\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(took: number): void {
  process.stdout.write(JSON.stringify({ took, rss: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

/** Results as CodeQL writes them, with rules, code flows and fingerprints. */
async function write(path: string): Promise<number> {
  const out = createWriteStream(path);
  const rules = Array.from({ length: 300 }, (_, at) => ({
    id: `js/rule-${at}`, shortDescription: { text: `Rule number ${at}` }, defaultConfiguration: { level: ['error', 'warning', 'note'][at % 3] },
    properties: { 'security-severity': String((at % 100) / 10), tags: ['security'] },
  }));
  const head = JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [{ tool: { driver: { name: 'CodeQL', semanticVersion: '2.20.1', rules } }, results: [] }] });
  out.write(head.slice(0, -4));
  let size = head.length;
  let at = 0;
  for (; size < BYTES; at += 1) {
    const text = `${at === 0 ? '' : ','}${JSON.stringify(resultAt(at))}`;
    size += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end(']}]}');
  await once(out, 'finish');
  return at;
}

function resultAt(at: number): unknown {
  const place = (uri: string, line: number): unknown => ({ physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line, startColumn: 5, endColumn: 40 } } });
  const step = (uri: string, text: string): unknown => ({ location: { ...(place(uri, (at % 100) + 1) as object), message: { text } } });
  return {
    ruleId: `js/rule-${at % 300}`, ruleIndex: at % 300, message: { text: `This value depends on a [user-provided value](1) in call ${at}.` },
    locations: [place(`src/module${at % 977}/file${at % 89}.ts`, (at % 2000) + 1)],
    partialFingerprints: { primaryLocationLineHash: `${((at * 2654435761) >>> 0).toString(16)}:1` },
    codeFlows: [{ threadFlows: [{ locations: [step(`src/a${at % 31}.ts`, 'req.body'), step(`src/b${at % 31}.ts`, 'value')] }] }],
    relatedLocations: [{ id: 1, ...(place('src/x.ts', 3) as object), message: { text: 'user-provided value' } }],
  };
}

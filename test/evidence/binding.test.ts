import { describe, expect, test } from 'vitest';
import { bindEvidence } from '../../src/core/evidence/bind-evidence.ts';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import { readBytesAsEvidence } from '../../src/main/adapters/evidence-folder.ts';
import { COMMIT, LIMITS, OTHER_COMMIT } from './reading.ts';

const at = (path: string, content: string | object): EvidenceItem => readBytesAsEvidence(path, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), LIMITS);
const junit = (path: string, name = 'a'): EvidenceItem => at(path, `<testsuite><testcase name="${name}"/></testsuite>`);
const sarif = (path: string, ...commits: readonly string[]): EvidenceItem => at(path, { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [], versionControlProvenance: commits.map((revisionId) => ({ revisionId })) }] });
const manifest = (path: string, commit: string, ...files: readonly (readonly [path: string, of: EvidenceItem])[]): EvidenceItem =>
  at(path, { v: 1, commit, run: null, files: files.map(([listed, { file }]) => ({ path: listed, sha256: file.sha256 })) });

const report = junit('unit/report.xml');
const changed = junit('unit/report.xml', 'b');
const missing: EvidenceItem = { ...report, file: { ...report.file, sha256: null, size: null, problem: { code: 'not-a-file', message: 'it is a symbolic link' } } };

describe('what a manifest binds', () => {
  test.each<[what: string, items: readonly EvidenceItem[], binding: string, commit: string | null, problem: string | null]>([
    ['a listed file of the same digest', [report, manifest('evidence-manifest.json', COMMIT, ['unit/report.xml', report])], 'manifest', COMMIT, null],
    ['relative to the manifest’s own folder', [report, manifest('unit/evidence-manifest.json', COMMIT, ['report.xml', report])], 'manifest', COMMIT, null],
    ['a manifest of any name', [report, manifest('unit/ci.json', COMMIT, ['report.xml', report])], 'manifest', COMMIT, null],
    ['a path of another folder', [report, manifest('other/evidence-manifest.json', COMMIT, ['unit/report.xml', report])], 'none', null, null],
    ['a file that is not listed', [report, manifest('evidence-manifest.json', COMMIT, ['other.xml', report])], 'none', null, null],
    ['a file that was changed', [changed, manifest('evidence-manifest.json', COMMIT, ['unit/report.xml', report])], 'none', null, 'changed-since-manifest'],
    ['no manifest', [report], 'none', null, null],
    ['two manifests that agree', [report, manifest('a.json', COMMIT, ['unit/report.xml', report]), manifest('b.json', COMMIT, ['unit/report.xml', report])], 'manifest', COMMIT, null],
    ['two manifests that name two commits', [report, manifest('a.json', COMMIT, ['unit/report.xml', report]), manifest('b.json', OTHER_COMMIT, ['unit/report.xml', report])], 'none', null, 'binding-disagrees'],
    ['two manifests that list two digests', [report, manifest('a.json', COMMIT, ['unit/report.xml', report]), manifest('b.json', COMMIT, ['unit/report.xml', changed])], 'none', null, 'binding-disagrees'],
    ['a report that names the same commit', [sarif('s', COMMIT), manifest('m.json', COMMIT, ['s', sarif('s', COMMIT)])], 'in-report', COMMIT, null],
    ['a report that names another commit', [sarif('s', COMMIT), manifest('m.json', OTHER_COMMIT, ['s', sarif('s', COMMIT)])], 'none', null, 'binding-disagrees'],
    ['a report that contradicts itself', [sarif('s', COMMIT, OTHER_COMMIT), manifest('m.json', COMMIT, ['s', sarif('s', COMMIT, OTHER_COMMIT)])], 'none', null, 'binding-disagrees'],
    ['a link that a manifest lists', [missing, manifest('m.json', COMMIT, ['unit/report.xml', report])], 'none', null, 'not-a-file'],
    ['a manifest that is not valid', [report, at('m.json', { v: 1, commit: 'main', run: null, files: [{ path: 'unit/report.xml', sha256: report.file.sha256 }] })], 'none', null, null],
  ])('%s', (_, items, binding, commit, problem) => {
    const [first] = bindEvidence(items);
    expect(first?.file.binding).toBe(binding);
    expect(first?.commit).toBe(commit);
    expect(first?.file.problem?.code ?? null).toBe(problem);
  });

  test('a problem of the report stays beside its binding, and a manifest binds no manifest', () => {
    const bad = at('bad.xml', '<testsuite tests="9"/>');
    const inner = manifest('inner.json', OTHER_COMMIT);
    const items = bindEvidence([bad, inner, manifest('m.json', COMMIT, ['bad.xml', bad], ['inner.json', inner])]);
    expect(items[0]).toMatchObject({ commit: COMMIT, file: { binding: 'manifest', problem: { code: 'counts-disagree' } } });
    expect(items[1]).toMatchObject({ commit: null, file: { binding: 'none' } });
  });
});

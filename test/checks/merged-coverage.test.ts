import { describe, expect, test } from 'vitest';
import type { EvidenceItem, EvidenceKind, FileCoverage } from '../../src/core/model/evidence.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { bare, item, judge, tests } from './facts.ts';
import { read } from '../evidence/reading.ts';

const FILES = ['src/a.js', 'src/b.js', 'core/src/main/java/org/x/A.java'];
const file = (path: string, covered: number, total: number): FileCoverage => ({ path, lines: { covered, total }, branches: null });

function report(path: string, files: readonly FileCoverage[] | null, kind: EvidenceKind = 'lcov'): EvidenceItem {
  const lines = (files ?? [file('', 9, 10)]).reduce((sum, one) => ({ covered: sum.covered + one.lines.covered, total: sum.total + one.lines.total }), { covered: 0, total: 0 });
  return item({ kind, path, counts: { lines } }, { type: 'coverage', lines, branches: null, files });
}

describe('coverage of several reports', () => {
  test.each<[string, readonly EvidenceItem[], Status, RegExp]>([
    ['of different files is added up', [report('a.info', [file('src/a.js', 100, 100)]), report('b.info', [file('src/b.js', 60, 100)])], 'passed', /coverage 80\.0 % in 2 files merged from a\.info, b\.info/],
    ['of different files below the minimum', [report('a.info', [file('src/a.js', 99, 100)]), report('b.info', [file('src/b.js', 60, 100)])], 'failed', /79\.5 %/],
    ['of one file counts it once, by the most that was seen', [report('unit.info', [file('src/a.js', 85, 100)]), report('it.info', [file('src/a.js', 30, 100)])], 'passed', /85\.0 % in 1 file/],
    ['of one file by other paths', [report('unit.info', [file('/home/ci/work/src/a.js', 85, 100)]), report('it.json', [file('./src/a.js', 30, 90)])], 'passed', /85\.0 % in 1 file/],
    ['of one class by its package', [report('a.xml', [file('org/x/A.java', 8, 10)], 'jacoco'), report('b.xml', [file('core/src/main/java/org/x/A.java', 3, 10)], 'cobertura')], 'passed', /80\.0 % in 1 file/],
    ['never makes a file better by measuring less of it', [report('a.info', [file('src/a.js', 50, 100)]), report('b.info', [file('src/a.js', 10, 10)])], 'failed', /50\.0 %/],
    ['a report without files must reach the minimum by itself', [report('a.info', [file('src/a.js', 10, 100)]), report('whole.json', null)], 'failed', /10\.0 % in a\.info, 90\.0 % in whole\.json/],
  ])('%s', (_name, reports, status, says) => {
    const result = judge('unit-tests', { ...bare, files: FILES, evidence: [tests({}), ...reports] });
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
  });
});

test.each<[string, string | object]>([
  ['lcov', 'SF:src/a.js\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\nSF:src/b.js\nDA:1,1\nend_of_record\n'],
  ['istanbul’s summary', { total: { lines: { total: 3, covered: 2 }, statements: { total: 3, covered: 2 }, branches: { total: 2, covered: 1 } }, 'src/a.js': { lines: { total: 2, covered: 1 }, branches: { total: 2, covered: 1 } }, 'src/b.js': { lines: { total: 1, covered: 1 }, branches: { total: 0, covered: 0 } } }],
  ['coverage.py', { meta: { version: '7.0', branch_coverage: true }, files: { 'src/a.js': { summary: { covered_lines: 1, num_statements: 2, covered_branches: 1, num_branches: 2 } }, 'src/b.js': { summary: { covered_lines: 1, num_statements: 1, covered_branches: 0, num_branches: 0 } } }, totals: { covered_lines: 2, num_statements: 3, covered_branches: 1, num_branches: 2 } }],
  ['Cobertura', '<coverage line-rate="0.6"><packages><package><classes><class filename="src/a.js"><lines><line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="2" hits="0"/></lines></class><class filename="src/b.js"><lines><line number="1" hits="2"/></lines></class></classes></package></packages></coverage>'],
  ['JaCoCo', '<report name="x"><package name="src"><sourcefile name="a.js"><line nr="1" ci="1"/><counter type="LINE" missed="1" covered="1"/><counter type="BRANCH" missed="1" covered="1"/></sourcefile><sourcefile name="b.js"><counter type="LINE" missed="0" covered="1"/></sourcefile><counter type="LINE" missed="1" covered="2"/><counter type="BRANCH" missed="1" covered="1"/></package><counter type="LINE" missed="1" covered="2"/><counter type="BRANCH" missed="1" covered="1"/></report>'],
])('%s tells its files apart', (_name, content) => {
  const { content: found } = read(typeof content === 'string' ? content : JSON.stringify(content));
  expect(found).toMatchObject({ type: 'coverage', lines: { covered: 2, total: 3 }, files: [{ path: 'src/a.js', lines: { covered: 1, total: 2 }, branches: { covered: 1, total: 2 } }, { path: 'src/b.js', lines: { covered: 1, total: 1 }, branches: null }] });
});


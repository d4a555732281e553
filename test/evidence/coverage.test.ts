import { describe, expect, test } from 'vitest';
import { read } from './reading.ts';

const lines = (covered: number, total: number): object => ({ lines: { covered, total } });

describe('lcov', () => {
  const record = (...parts: readonly string[]): string => `TN:\nSF:a.js\n${parts.join('\n')}\nend_of_record\n`;

  test.each<[what: string, text: string, expected: object]>([
    ['claims that fit', record('DA:1,1', 'DA:2,0', 'LF:2', 'LH:1'), { counts: lines(1, 2), problem: null }],
    ['a line that is listed twice', record('DA:1,0', 'DA:2,0', 'DA:1,5', 'LF:2', 'LH:1'), { counts: lines(1, 2), problem: null }],
    ['checksums behind the hits', record('DA:1,1,kWx6', 'DA:2,-1'), { counts: lines(1, 2), problem: null }],
    ['no claims', record('DA:1,1'), { counts: lines(1, 1), problem: null }],
    ['several files', record('DA:1,1', 'LF:1', 'LH:1') + record('DA:1,0', 'LF:1', 'LH:0'), { counts: lines(1, 2), problem: null }],
    ['branches with names and expressions', record('DA:1,1', 'BRDA:1,0,jump to line 6,1', 'BRDA:1,e0,a == 1, b,-', 'BRF:2', 'BRH:1'), { counts: { ...lines(1, 1), branches: { covered: 1, total: 2 } }, problem: null }],
    ['windows line ends', record('DA:1,1', 'LF:1', 'LH:1').replaceAll('\n', '\r\n'), { counts: lines(1, 1), problem: null }],
    ['a total that is wrong', record('DA:1,1', 'LF:9', 'LH:1'), { counts: lines(1, 1), problem: { code: 'counts-disagree', message: 'LF says 9 in all, but 1 are listed' } }],
    ['hits that are wrong', record('DA:1,0', 'LF:1', 'LH:1'), { counts: lines(0, 1), problem: { code: 'counts-disagree' } }],
    ['no end', 'TN:\nSF:a.js\nDA:1,1\n', { counts: null, problem: { code: 'truncated' } }],
    ['a line that is no number', record('DA:x,1'), { counts: null, problem: { code: 'malformed' } }],
    ['lines outside of a record', 'SF:a\nend_of_record\nDA:1,1\n', { counts: null, problem: { code: 'malformed' } }],
  ])('%s', (_, text, expected) => {
    expect(read(text).file).toMatchObject({ kind: 'lcov', ...expected });
  });
});

describe('Cobertura', () => {
  const file = (inside: string, attributes = 'line-rate="0.5" version="1"'): string => `<coverage ${attributes}><packages><package><classes>${inside}</classes></package></packages></coverage>`;

  test.each<[what: string, xml: string, expected: object]>([
    ['lines of methods are those of their class', file('<class><methods><method><lines><line number="1" hits="0"/></lines></method></methods><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class>'), { kind: 'cobertura', counts: lines(1, 2) }],
    ['branches by conditions', file('<class><lines><line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="2" hits="1" branch="false" condition-coverage="9% (9/9)"/></lines></class>'), { kind: 'cobertura', counts: { ...lines(2, 2), branches: { covered: 1, total: 2 } } }],
    ['more conditions met than there are', file('<class><lines><line number="1" hits="1" branch="true" condition-coverage="(9/2)"/></lines></class>'), { kind: 'cobertura', counts: { ...lines(1, 1), branches: { covered: 2, total: 2 } } }],
    ['hits that are no numbers', file('<class><lines><line number="1" hits="-5"/><line number="2" hits="many"/></lines></class>'), { kind: 'cobertura', counts: lines(0, 2) }],
    ['time in seconds', file('', 'line-rate="1" timestamp="1767323045"'), { kind: 'cobertura', produced: '2026-01-02T03:04:05Z' }],
    ['time that is none', file('', 'line-rate="1" timestamp="99999999999999999"'), { kind: 'cobertura', produced: null }],
    ['Clover is no Cobertura', '<coverage generated="1" clover="3.2.0" line-rate="1"><project/></coverage>', { kind: 'clover' }],
    ['JaCoCo is no Cobertura', '<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="x"/>', { kind: 'jacoco' }],
  ])('%s', (_, xml, expected) => {
    expect(read(xml).file).toMatchObject(expected);
  });
});

describe('coverage in JSON', () => {
  const summary = (total: object): object => ({ total: { statements: {}, functions: {}, ...total } });
  const file = (more: object): object => ({ '/a.js': { path: '/a.js', statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {}, ...more } });
  const statement = (line: number): object => ({ start: { line, column: 0 }, end: { line, column: 9 } });
  const python = (totals: object, meta: object = { version: '7.0', branch_coverage: true }): object => ({ meta, files: {}, totals });

  test.each<[what: string, content: object, expected: object]>([
    ['a summary without branches', summary({ lines: { covered: 1, total: 2 } }), { kind: 'coverage-istanbul-summary', counts: lines(1, 2), problem: null }],
    ['a summary that covers more than there is', summary({ lines: { covered: 3, total: 2 } }), { counts: null, problem: { code: 'malformed' } }],
    ['a summary with a negative count', summary({ lines: { covered: -1, total: 2 } }), { counts: null, problem: { code: 'malformed' } }],
    ['a summary with a fraction', summary({ lines: { covered: 0.5, total: 2 } }), { counts: null, problem: { code: 'malformed' } }],
    ['a summary with words', summary({ lines: { covered: 'all', total: 2 } }), { counts: null, problem: { code: 'malformed' } }],
    ['statements on one line are one line, hit as often as the most of them', file({ statementMap: { 0: statement(1), 1: statement(1), 2: statement(3) }, s: { 0: 0, 1: 2, 2: 0 }, b: { 0: [1, 0], 1: [0] } }), { kind: 'coverage-istanbul-final', counts: { ...lines(1, 2), branches: { covered: 1, total: 3 } }, problem: null }],
    ['a statement without a count', file({ statementMap: { 0: statement(1) } }), { kind: 'coverage-istanbul-final', counts: null, problem: { code: 'malformed' } }],
    ['a file that is null', { ...file({}), '/b.js': null }, { kind: 'coverage-istanbul-final', counts: null, problem: { code: 'malformed' } }],
    ['branch counts that are no list', file({ b: { 0: { length: 5 } } }), { kind: 'coverage-istanbul-final', counts: null, problem: { code: 'malformed' } }],
    ['coverage.py', python({ covered_lines: 7, num_statements: 9, covered_branches: 1, num_branches: 4 }), { kind: 'coverage-py', counts: { ...lines(7, 9), branches: { covered: 1, total: 4 } } }],
    ['coverage.py without branches', python({ covered_lines: 7, num_statements: 9 }, { version: '7.0', branch_coverage: false }), { kind: 'coverage-py', counts: lines(7, 9) }],
    ['coverage.py with huge counts', python({ covered_lines: 1e300, num_statements: 1e300 }), { kind: 'coverage-py', counts: null, problem: { code: 'malformed' } }],
    ['coverage.py with a zone in its time', python({ covered_lines: 0, num_statements: 0 }, { version: '1', timestamp: '2026-01-02T03:04:05+01:00' }), { produced: '2026-01-02T02:04:05Z' }],
  ])('%s', (_, content, expected) => {
    expect(read(content).file).toMatchObject(expected);
  });
});

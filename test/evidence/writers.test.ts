import { describe, expect, test } from 'vitest';
import { read } from './reading.ts';

const REPEATED = `<testsuite version="3.0.2" name="a.FlakyTest" tests="5" errors="0" skipped="0" failures="4">
  <testcase name="passesAtLast" classname="a.FlakyTest"><flakyFailure message="first"><stackTrace>x</stackTrace></flakyFailure><flakyFailure message="second"/></testcase>
  <testcase name="never" classname="a.FlakyTest"><failure message="no"/><rerunFailure message="no"/></testcase></testsuite>`;

describe('tests that were run again', () => {
  test('one that passed at last counts as passed, and is shown', () => {
    const { file, content } = read(REPEATED);
    expect(file).toMatchObject({ kind: 'junit', counts: { tests: 2, failures: 1, errors: 0, skipped: 0 }, problem: null });
    expect(content).toMatchObject({ type: 'tests', flaky: [{ name: 'passesAtLast', suite: 'a.FlakyTest', failures: 2 }], failures: [{ name: 'never' }] });
  });

  test('counts that neither the tests nor their repetitions explain are told', () => {
    expect(read(REPEATED.replace('tests="5"', 'tests="4"')).file.problem?.code).toBe('counts-disagree');
  });
});

describe('what has the root of JUnit XML and is none', () => {
  test.each([
    ['a test plan of TestLink', '<testsuite name="plan"><node_order><![CDATA[1]]></node_order><testcase internalid="4" name="a"/></testsuite>'],
    ['a plan whose order comes later', '<testsuite name="plan"><testcase internalid="4" name="a"/></testsuite>'],
  ])('%s', (_, xml) => {
    expect(read(xml).file.kind).toBe('unrecognised');
  });
});

test('what a linter wrote in the form of tests names its tool', () => {
  expect(read('<testsuites><testsuite package="org.eslint" name="/a.js" tests="1" errors="1"><testcase name="org.eslint.eqeqeq"><failure message="x"/></testcase></testsuite></testsuites>').file.tool?.name).toBe('eslint');
});

test('a document type with an empty subset declares nothing', () => {
  expect(read('<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.0//EN" "report.dtd"[]><report name="Pester"><counter type="LINE" missed="1" covered="3"/></report>').file).toMatchObject({ kind: 'jacoco', counts: { lines: { covered: 3, total: 4 } }, problem: null });
});

test('lcov may sum up a line as often as it is listed', () => {
  expect(read('SF:a\nDA:1,1\nDA:1,0\nLF:2\nLH:1\nend_of_record\n').file).toMatchObject({ counts: { lines: { covered: 1, total: 1 } }, problem: null });
});

test('a page that shows an API description in passing is none', () => {
  expect(read('# Guide\n\nWrite this:\n\n```yaml\nopenapi: 3.1.0\ninfo:\n  title: x\n```\n').file.kind).toBe('unrecognised');
  expect(read('# A comment\n---\nopenapi: 3.1.0\ninfo:\n  title: x\n  version: "1"\npaths: {}\n').file).toMatchObject({ kind: 'openapi', problem: null });
});

describe('counts that runners make in their own way', () => {
  test.each<[what: string, xml: string, counts: object]>([
    ['each further failure of a test', '<testsuite name="s" tests="1" failures="2"><testcase name="a"><failure/><failure/></testcase></testsuite>', { tests: 1, failures: 1 }],
    ['pytest, whose fixture failed after its test', '<testsuite name="pytest" tests="1" failures="1" errors="1"><testcase classname="m" name="a"><failure/></testcase><testcase classname="m" name="a"><error/></testcase></testsuite>', { tests: 2, failures: 1, errors: 1 }],
  ])('%s', (_, xml, counts) => {
    expect(read(xml).file).toMatchObject({ counts, problem: null });
  });
});

test('JaCoCo without counters counts its lines', () => {
  expect(read('<report name="x"><package name="p"><sourcefile name="A.kt"><line nr="1" mi="0" ci="2" mb="1" cb="1"/><line nr="2" mi="1" ci="0" mb="0" cb="0"/></sourcefile></package></report>').file).toMatchObject({ kind: 'jacoco', counts: { lines: { covered: 1, total: 2 }, branches: { covered: 1, total: 2 } } });
});

describe('CHANGELOGs that tools write', () => {
  test.each<[what: string, text: string, versions: readonly object[]]>([
    ['semantic-release', '# [1.1.0](https://forge.example/compare/v1.0.1...v1.1.0) (2024-01-02)\n\n\n### Features\n\n* **api:** more ([abc](https://x))\n\n## [1.0.1](https://x) (2024-01-01)\n\n\n### Bug Fixes\n\n* less\n', [{ version: '1.1.0', date: '2024-01-02', groups: { Features: 1 } }, { version: '1.0.1', groups: { 'Bug Fixes': 1 } }]],
    ['standard-version, a patch', '# Changelog\n\n### [1.0.1](https://x) (2024-01-01)\n\n### Bug Fixes\n\n* less\n', [{ version: '1.0.1', date: '2024-01-01', groups: { 'Bug Fixes': 1 } }]],
    ['changesets', '# a-package\n\n## 2.0.0\n\n### Major Changes\n\n- x\n', [{ version: '2.0.0', date: null, groups: { 'Major Changes': 1 } }]],
    ['versions of the first level', '# 3.0.0 (2024-01-02)\n\n## Core\n\n* a\n\n# 2.0.0 (2023-01-02)\n# 1.0.0 (2022-01-02)\n', [{ version: '3.0.0', groups: { Core: 1 } }, {}, {}]],
  ])('%s', (_, text, versions) => {
    const { file, content } = read(text);
    expect(file).toMatchObject({ kind: 'changelog', problem: null });
    expect(content.type === 'changelog' && content.versions).toMatchObject(versions);
  });

  test.each([
    ['a guide of migrations', '# Guide\n\n## 1.0.0 to 2.0.0\n\n## 2.0.0 to 3.0.0\n\n## 3.0.0 to 4.0.0\n'],
    ['a README that shows one version', '# Product\n\n## 1.0.0\n\nIt is new.\n'],
  ])('%s is none', (_, text) => {
    expect(read(text).file.kind).toBe('unrecognised');
  });
});

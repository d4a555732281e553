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

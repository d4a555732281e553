import { describe, expect, test } from 'vitest';
import { LIMITS, read } from './reading.ts';

const counts = (tests: number, failures = 0, errors = 0, skipped = 0): object => ({ tests, failures, errors, skipped });

describe('JUnit XML of many runners', () => {
  test.each<[runner: string, xml: string, expected: object]>([
    ['surefire', `<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="a.BTest" time="0.1" tests="4" errors="1" skipped="1" failures="1" flakes="0">
      <properties><property name="java.version" value="21"/></properties>
      <testcase name="one" classname="a.BTest" time="0.1"/><testcase name="two" classname="a.BTest"><failure type="x"><![CDATA[<boom>]]></failure><rerunFailure/></testcase>
      <testcase name="three" classname="a.BTest"><error message="e"/></testcase><testcase name="four" classname="a.BTest"><skipped/></testcase></testsuite>`, counts(4, 1, 1, 1)],
    ['surefire with a flaky test', '<testsuite name="a" tests="1" errors="0" skipped="0" failures="0" flakes="1"><testcase name="x"><flakyFailure message="first"/></testcase></testsuite>', counts(1)],
    ['gotestsum', `<?xml version="1.0" encoding="UTF-8"?><testsuites tests="3" failures="1" errors="0" time="0.01"><testsuite tests="3" failures="1" time="0.0" name="example.org/x" timestamp="2026-01-02T03:04:05Z">
      <properties><property name="go.version" value="go1.24"></property></properties><testcase classname="example.org/x" name="TestA"></testcase>
      <testcase classname="example.org/x" name="TestB"><failure message="Failed" type="">x_test.go:3: no</failure></testcase><testcase classname="x" name="TestC"><skipped message="later"></skipped></testcase></testsuite></testsuites>`, counts(3, 1, 0, 1)],
    ['jest-junit', `<testsuites name="jest tests" tests="2" failures="0" errors="0" time="1"><testsuite name="sum" errors="0" failures="0" skipped="1" timestamp="2026-01-02T03:04:05" tests="2"><testcase classname="sum adds" name="sum adds"/><testcase classname="x" name="y"><skipped/></testcase></testsuite></testsuites>`, counts(2, 0, 0, 1)],
    ['mocha, whose root suite is empty', '<testsuites name="Mocha Tests" tests="1" failures="0"><testsuite name="Root Suite" tests="0" failures="0"/><testsuite name="a" tests="1" failures="0"><testcase name="x"/></testsuite></testsuites>', counts(1)],
    ['GoogleTest', '<testsuites tests="2" failures="0" disabled="1" errors="0"><testsuite name="S" tests="2" failures="0" disabled="1" skipped="0" errors="0"><testcase name="a" status="run"/><testcase name="DISABLED_b" status="notrun"/></testsuite></testsuites>', counts(2, 0, 0, 1)],
    ['suites in suites', '<testsuites><testsuite name="a" tests="2"><testsuite name="b" tests="1"><testcase name="x"/></testsuite><testcase name="y"/></testsuite></testsuites>', counts(2)],
    ['a suite that could not be loaded', '<testsuites><testsuite name="a" tests="0" errors="1"><error message="cannot import"/></testsuite></testsuites>', counts(0, 0, 1)],
    ['tests without a suite', '<testsuites><testcase name="a"/><testcase name="b"><failure/></testcase></testsuites>', counts(2, 1)],
    ['nothing', '<testsuites/>', counts(0)],
    ['a failure inside of another element', '<testsuite tests="1" failures="0"><testcase name="a"><system-out>&lt;failure/&gt;</system-out></testcase></testsuite>', counts(1)],
  ])('%s', (_, xml, expected) => {
    expect(read(xml).file).toMatchObject({ kind: 'junit', counts: expected, problem: null });
  });

  test.each<[what: string, xml: string, says: RegExp]>([
    ['tests', '<testsuite name="s" tests="5"><testcase name="a"/></testsuite>', /tests="5", but 1/],
    ['failures', '<testsuite name="s" tests="1" failures="0"><testcase name="a"><failure/></testcase></testsuite>', /failures="0", but 1/],
    ['errors', '<testsuites errors="2"><testsuite tests="1"><testcase name="a"><error/></testcase></testsuite></testsuites>', /errors="2", but 1/],
    ['skipped', '<testsuite name="s" tests="1" skipped="3"><testcase name="a"/></testsuite>', /skipped="3", but 0/],
  ])('%s that an attribute says otherwise are counted, and told', (_, xml, says) => {
    const { file } = read(xml);
    expect(file.problem).toEqual({ code: 'counts-disagree', message: expect.stringMatching(says) });
    expect(file.counts?.tests).toBe(1);
  });

  test('attributes that are no numbers claim nothing', () => {
    expect(read('<testsuite tests="-1" failures="NaN" errors="1e3" skipped=""><testcase name="a"/></testsuite>').file).toMatchObject({ counts: counts(1), problem: null });
  });

  test('a test that failed and was skipped failed', () => {
    expect(read('<testsuite><testcase name="a"><skipped/><failure/></testcase></testsuite>').file.counts).toEqual(counts(1, 1));
  });

  test('past the bound of groups every test is still counted', () => {
    const xml = `<testsuites>${Array.from({ length: 5000 }, (_, at) => `<testsuite name="s${at}"><testcase name="a" classname="c${at}"/><testcase name="b" classname="d${at}"><failure/></testcase></testsuite>`).join('')}</testsuites>`;
    const { file, content } = read(xml, { ...LIMITS, kept: 10 });
    expect(file.counts).toEqual(counts(10_000, 5000));
    expect(content.type === 'tests' && content.groups.length).toBeLessThan(200);
    expect(content.type === 'tests' && content.groups.reduce((sum, group) => sum + group.tests, 0)).toBe(10_000);
    expect(content.type === 'tests' && content.failures.length).toBe(10);
  });
});

describe('what is no JUnit XML', () => {
  test.each<[what: string, xml: string, expected: object]>([
    ['entities', '<!DOCTYPE a [<!ENTITY x "y">]><testsuite><testcase name="&x;"/></testsuite>', { kind: 'junit', problem: { code: 'entity-declared' } }],
    ['an external entity', '<?xml version="1.0"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>', { kind: 'junit', problem: { code: 'entity-declared' } }],
    ['a document type only', '<!DOCTYPE testsuite SYSTEM "http://example.org/junit.dtd"><testsuite><testcase name="a"/></testsuite>', { kind: 'junit', problem: null }],
    ['an entity that is not declared', '<testsuite><testcase name="&nbsp;"/></testsuite>', { kind: 'junit', problem: { code: 'malformed' } }],
    ['cut in an element', '<testsuite><testcase name="a', { kind: 'junit', problem: { code: 'truncated' } }],
    ['cut in a text', '<testsuite><testcase name="a"><failure>bo', { kind: 'junit', problem: { code: 'truncated' } }],
    ['crossed elements', '<testsuite>\n<testcase></testsuite></testcase>', { kind: 'junit', problem: { code: 'malformed', message: expect.stringContaining('line 2') } }],
    ['something behind it', '<testsuite/><testsuite/>', { kind: 'junit', problem: { code: 'malformed' } }],
    ['too deep', `${'<testsuite>'.repeat(300)}${'</testsuite>'.repeat(300)}`, { kind: 'junit', problem: { code: 'too-deep' } }],
    ['another root', '<testng-results/>', { kind: 'unrecognised', problem: { code: 'unrecognised' } }],
    ['a comment before its root', '<!-- a --><?x y?><!-- <testsuites> --><report/>', { kind: 'unrecognised', problem: { code: 'unrecognised', message: 'it is XML of no known form, <report>' } }],
  ])('%s', (_, xml, expected) => {
    expect(read(xml).file).toMatchObject(expected);
  });

  test('Latin-1 that calls itself UTF-8 is told, with its kind', () => {
    expect(read(Buffer.from('<?xml version="1.0" encoding="UTF-8"?><testsuite><testcase name="für"/></testsuite>', 'latin1')).file).toMatchObject({ kind: 'junit', problem: { code: 'not-utf8' } });
  });
});

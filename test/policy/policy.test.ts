import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/model/errors.ts';
import { CHECK_IDS } from '../../src/core/model/verdict.ts';
import { linesInOrder, loadPolicy } from '../../src/core/policy/load-policy.ts';

const FOLDER = join(import.meta.dirname, '../../resources/policies');
const yaml = readFileSync(join(FOLDER, 'gq-ssdlc-008.yaml'), 'utf8');
const words = readFileSync(join(FOLDER, 'gq-ssdlc-008.md'), 'utf8');
const policy = loadPolicy(yaml, 'gq-ssdlc-008.yaml');

function refusal(text: string): AppError {
  try {
    loadPolicy(text, 'other.yaml');
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
  throw new Error('The policy was accepted');
}

describe('the policy as data', () => {
  test.each(policy.lines.map((line) => [line.id, line] as const))('%s is quoted word for word', (id, line) => {
    if (line.section === '4.1') expect(words).toContain(line.words);
    else expect(words).toContain(`- ☐ ${line.words}\n`);
    const check = readFileSync(join(FOLDER, `../../src/core/checks/${id}.ts`), 'utf8');
    expect(check).toContain(`“${line.words}”`);
  });

  test('every box of §3.1–3.6 and §4.2 is a line, in the policy’s order', () => {
    const boxes = [...words.slice(words.indexOf('### 3.1'), words.indexOf('## 5.')).matchAll(/^- ☐ (.+)$/gm)].map(([, box]) => box);
    expect(boxes.length).toBe(35);
    expect(linesInOrder(policy).filter(({ section }) => section !== '4.1').map((line) => line.words)).toEqual(boxes);
  });

  test('the lines are those of the formats', () => {
    expect(linesInOrder(policy).map(({ id }) => id)).toEqual([...CHECK_IDS]);
  });

  test('every parameter says whether it is the policy’s or the house’s', () => {
    for (const { source } of Object.values(policy.parameters)) expect(source).toMatch(/^(?:house|§[\d.]+)$/);
    expect(policy.parameters.coverage_minimum_percent).toMatchObject({ value: 80, source: '§3.2' });
  });
});

describe('a policy file that is wrong', () => {
  const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
  const cases: readonly (readonly [name: string, from: string, to: string, says: RegExp])[] = [
    ['a machine’s line that somebody may attest', 'judged_by: machine\n    roles: []\n  - id: end-to-end-tests', 'judged_by: attestation\n    roles: [qa]\n    question: Well?\n  - id: end-to-end-tests', /nobody may attest it/],
    ['an unknown line', 'id: unit-tests', 'id: unit-test', /lines\.4\.id/],
    ['a role that is not listed', 'roles: [compliance]', 'roles: [king]', /"king" is not in the list/],
    ['a number out of range', 'value: 80', 'value: 800', /coverage_minimum_percent\.value/],
    ['a field too many', 'judged_by: machine', 'judged_by: machine\n    waived: true', /waived/],
    ['a source that is neither', 'source: §3.2', 'source: somewhere', /source/],
  ];
  test.each(cases)('%s is refused with its line', (_, from, to, says) => {
    const changed = yaml.replace(from, to);
    expect(changed).not.toBe(yaml);
    const error = refusal(changed);
    expect(error.code).toBe('policy-invalid');
    expect(error.message).toMatch(/^other\.yaml:\d+:\d+: /);
    expect(error.message).toMatch(says);
    // The line named is the changed one, or begins the block that holds it.
    expect(Math.abs(Number(error.details['line']) - lineOf(yaml, from))).toBeLessThan(9);
  });

  test.each([
    ['not YAML', 'v: [1', /other\.yaml:\d+:\d+/],
    ['a key given twice', `${yaml}\nv: 1\n`, /unique/i],
    ['aliases that multiply', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`, /alias/i],
    ['empty', '', /other\.yaml/],
    ['a line that stands in no step', yaml.replace('artifacts-checksummed, artifacts-stored,', 'artifacts-checksummed,'), /lines that stand in no step: artifacts-stored/],
    ['a line that stands in two steps', yaml.replace('            rollback-plan,\n', '            rollback-plan, artifacts-stored,\n'), /lines that stand in two steps: artifacts-stored/],
    ['a line left out', yaml.replace(/ {2}- id: qa-changelog\n(?: {4}.*\n)+/, ''), /qa-changelog/],
  ])('%s', (_, text, says) => {
    expect(refusal(text).message).toMatch(says);
  });
});

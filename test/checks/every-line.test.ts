import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explanations } from '../../src/core/checks/explanations/registry.ts';
import type { EvidenceItem, EvidenceProblem } from '../../src/core/model/evidence.ts';
import { CHECK_IDS, type CheckId, type CheckResult, type Status } from '../../src/core/model/verdict.ts';
import { PERSON_LINES } from '../../src/core/policy/policy.ts';
import { PLAINLY, STATES, type Examples } from './every-line/example.ts';
import { codeQuality } from './every-line/section-3-1.ts';
import { testing } from './every-line/section-3-2.ts';
import { security } from './every-line/section-3-3.ts';
import { compliance } from './every-line/section-3-4.ts';
import { infrastructure } from './every-line/section-3-5.ts';
import { approvals } from './every-line/section-3-6.ts';
import { automatedVerification } from './every-line/section-4-1.ts';
import { manualVerification } from './every-line/section-4-2.ts';
import { judge, policy } from './facts.ts';

/** Every line in every state. A line or a state that is left out does not type-check. */
const lines: Readonly<Record<CheckId, Examples>> = {
  ...codeQuality, ...testing, ...security, ...compliance, ...infrastructure, ...approvals, ...automatedVerification, ...manualVerification,
};

const SECTIONS: Readonly<Record<string, Readonly<Partial<Record<CheckId, Examples>>>>> = {
  '3.1': codeQuality, '3.2': testing, '3.3': security, '3.4': compliance, '3.5': infrastructure, '3.6': approvals, '4.1': automatedVerification, '4.2': manualVerification,
};

/** The policy's own words, in which a line stands below the heading of its section. */
const words = readFileSync(join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.md'), 'utf8');

function sectionOf(id: CheckId): string | undefined {
  const line = policy.lines.find((known) => known.id === id);
  const before = words.slice(0, words.indexOf(`- ☐ ${line?.words ?? id}\n`));
  return [...before.matchAll(/^### (\d\.\d) /gm)].at(-1)?.[1];
}

const GREEN: readonly Status[] = ['passed', 'accepted', 'not-applicable'];

/** Whatever is not green says what would turn it green; whatever is needs nothing more. */
function expectWords({ status, summary, remedy }: CheckResult): void {
  expect(summary).toMatch(/\w{3}/);
  if (GREEN.includes(status)) expect(remedy).toBeNull();
  else expect(remedy).toMatch(/\w{3}.*\w{3}/);
}

test('each line stands in one section', () => {
  expect(Object.values(SECTIONS).flatMap((section) => Object.keys(section)).sort()).toEqual([...CHECK_IDS].sort());
});

describe.each(CHECK_IDS)('%s', (id) => {
  test.each(STATES)('%s', async (state) => {
    const example = lines[id][state];
    if ('cannot' in example) {
      expect(example.cannot).toMatch(/^[A-Z].{30,}\.$/);
      const result = judge(id, await example.nearest());
      expect({ status: result.status, summary: result.summary }).toMatchObject({ status: example.status });
      expect(result.status).not.toBe(PLAINLY[state]);
      return expectWords(result);
    }
    const result = judge(id, await example.given());
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status: example.status });
    expect(result.summary).toMatch(example.says);
    expectWords(result);
  });

  test('stands in its section, and is explained', () => {
    const { section } = judge(id);
    expect(SECTIONS[section]).toHaveProperty(id);
    if (section !== '4.1') expect(section).toBe(sectionOf(id));
    const { accepts, green } = explanations[id];
    expect(accepts.length).toBeGreaterThan(0);
    for (const { what, make } of accepts) expect(`${what} ${make.join(' ')}`).toMatch(/\w{3}.*\w{3}/);
    expect(green).toMatch(/\w{3}.*\.$/);
  });

  test('passes no longer where a file on which it rests is of another commit, of none, or not what was written', async () => {
    const example = lines[id].passed;
    if ('cannot' in example) return expect(PERSON_LINES).toContain(id);
    const facts = await example.given();
    const passing = judge(id, facts);
    const resting = new Set(passing.evidence.map(({ path }) => path));
    if (!PERSON_LINES.has(id)) expect(resting.size).toBeGreaterThan(0);
    const all = facts.evidence ?? [];
    for (const item of all.filter(({ file }) => resting.has(file.path))) {
      for (const [other, statuses] of spoilt(item)) {
        const { status, summary } = judge(id, { ...facts, evidence: all.map((one) => (one === item ? other : one)) });
        expect(statuses, summary).toContain(status);
      }
    }
    // A person's word, or the commit itself: with nothing at all behind it, it passes no longer either.
    const { evidence: _evidence, documents: _documents, attestations: _attestations, approvals: _approvals, artifacts: _artifacts, ...bereft } = facts;
    expect(GREEN).not.toContain(judge(id, bereft).status);
  });
});

/** A file of evidence in each way in which it says nothing of this commit, with what its line may be told as. */
function spoilt(item: EvidenceItem): (readonly [EvidenceItem, readonly Status[]])[] {
  const { file } = item;
  const problem = (code: EvidenceProblem['code']): EvidenceProblem => ({ code, message: 'it is not what was written' });
  return [
    // A baseline of yet another commit is none.
    [{ ...item, commit: 'e'.repeat(40) }, ['stale', 'missing']],
    [{ ...item, commit: null, file: { ...file, binding: 'none' } }, ['needs-person']],
    [{ ...item, commit: null, file: { ...file, binding: 'none', problem: problem('changed-since-manifest') } }, ['broken']],
    // An archive is compared, never read; a list of checksums that cannot be read lists nothing.
    ...(item.content.type === 'opaque' ? [] : [[{ ...item, content: { type: 'opaque' as const }, file: { ...file, counts: null, problem: problem('truncated') } }, file.kind === 'checksums' ? ['missing' as const] : ['broken' as const]] as const]),
  ];
}

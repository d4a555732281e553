import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explanations } from '../../src/core/checks/explanations/registry.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { readEvidence } from '../../src/core/evidence/read-evidence.ts';
import { jsonFormats, textFormats, xmlFormats } from '../../src/core/evidence/registry.ts';
import { CHECK_IDS } from '../../src/core/model/verdict.ts';
import { evidenceLimits } from '../../src/core/policy/load-policy.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { policy } from '../checks/facts.ts';
import { temporaryFolder } from '../support/repository.ts';

const ROOT = join(import.meta.dirname, '../..');
const READ = new Set([...jsonFormats, ...xmlFormats, ...textFormats].map(({ kind }) => kind));

const NO_TEXT: ReadonlySet<string> = new Set(['artifact', 'signature', 'certificate']);

let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let lines: Output<'policy.explain'>['lines'];
beforeAll(async () => {
  folder = temporaryFolder('explain');
  core = compose({ shell: 'test', home: folder.path });
  const told = await core.dispatch('policy.explain', { check: null, policyFile: null }, { shell: 'test' });
  lines = (told as unknown as { value: Output<'policy.explain'> }).value.lines;
});
afterAll(async () => {
  await core.close();
  folder.remove();
});

const countersign = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync(join(ROOT, 'bin/countersign'), ['explain', ...args], { encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: folder.path } });

describe('every line of the checklist', () => {
  test.each(CHECK_IDS)('%s says its clause, what it accepts, how to make it, and what turns it green', (id) => {
    const { accepts, green, rules } = explanations[id];
    const line = lines.find((told) => told.id === id);
    expect(accepts.length).toBeGreaterThan(0);
    expect(green).toMatch(/\.$/);
    for (const name of rules) expect(line?.rules.find((rule) => rule.name === name)).toMatchObject({ source: policy.parameters[name].source, meaning: policy.parameters[name].meaning });
    // A kind of report comes with the tool that writes it.
    for (const { kinds, make } of accepts) if (kinds.length > 0) expect(make.length).toBeGreaterThan(0);
    expect(line).toMatchObject({ words: policy.lines.find((known) => known.id === id)?.words, green });
  });

  const samples = CHECK_IDS.flatMap((id) => explanations[id].accepts.flatMap(({ samples: given, kinds }) => given.map((sample) => ({ id, kinds, ...sample }))));

  test.each(CHECK_IDS)('%s has a sample of every kind that it accepts and that is a text', (id) => {
    const shown = new Set<string>(explanations[id].accepts.flatMap(({ samples: given }) => given.map(({ kind }) => kind)));
    const asked = explanations[id].accepts.flatMap(({ kinds }) => kinds).filter((kind) => !NO_TEXT.has(kind));
    // A bill of materials that says VEX is one like any other.
    expect(asked.filter((kind) => !shown.has(kind) && !(kind === 'cyclonedx' && shown.has('openvex')))).toEqual([]);
  });

  test.each(samples)('$id: the sample $name is read as $kind', ({ kind, kinds, name, text }) => {
    expect(kinds).toContain(kind);
    // What has no reader yet cannot be recognised by one.
    if (!READ.has(kind)) return;
    const bytes = new TextEncoder().encode(text);
    const { file } = readEvidence({ path: name, size: bytes.length, sha256: 'a'.repeat(64), head: bytes, text }, evidenceLimits(policy));
    expect({ kind: file.kind, problem: file.problem }).toEqual({ kind, problem: null });
  });
});

describe('countersign explain', () => {
  test('prints a line with its section, its words, samples and rules', () => {
    const { stdout, status } = countersign('unit-tests');
    expect(status).toBe(0);
    for (const part of ['unit-tests  §3.2 Testing', '“All unit tests passed (minimum 80% coverage)”', 'Turns green', '--reporter=junit', '<testsuites', 'coverage_minimum_percent (§3.2)', 'countersign manifest DIR --commit ID']) expect(stdout).toContain(part);
  });

  test('prints each line as JSON, as the window is told it', () => {
    const { stdout } = countersign('qa-changelog', '--json');
    expect(JSON.parse(String(stdout))).toEqual(lines.find(({ id }) => id === 'qa-changelog'));
  });

  test('lists all of them', () => {
    const { stdout, status } = countersign('--list');
    expect(status).toBe(0);
    for (const id of CHECK_IDS) expect(stdout).toMatch(new RegExp(`^§\\d\\.\\d  ${id} `, 'm'));
  });

  test('says in one line when there is no such line', () => {
    const { stderr, status } = countersign('nothing');
    expect(status).toBe(2);
    expect(String(stderr).trim().split('\n')).toHaveLength(1);
  });
});

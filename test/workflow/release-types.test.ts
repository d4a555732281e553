import { describe, expect, test } from 'vitest';
import { lastReleaseBefore, releaseTypes } from '../../src/core/workflow/release-types.ts';

describe('types of a release', () => {
  test.each([
    ['v1.0.0', 'v2.0.0', [], [], ['major']],
    ['v1.0.0', 'v1.1.0', [], [], ['minor']],
    ['v1.0.0', 'v1.0.1', [], [], ['patch']],
    ['1.0.0', 'v1.0.1-rc.1', [], [], ['patch']],
    ['v1.0.0', 'v1.0.1', [], ['CVE-2026-1000'], ['patch', 'security']],
    ['v1.0.0', 'v2.0.0', ['patch'], [], ['major', 'patch']],
    ['v1.0.0', 'v1.0.1', ['emergency', 'major'], [], ['major', 'patch', 'emergency']],
    [null, 'v2.0.0', [], [], ['major']],
    [null, 'v0.1.0', [], [], ['minor']],
    ['abc123', 'v3.0.0', [], [], ['major']],
  ] as const)('since %s, %s declared as %j with %j is %j', (since, version, declared, securityMarks, effective) => {
    const types = releaseTypes({ since, version, declared: [...declared], securityMarks: [...securityMarks] });
    expect(types.effective).toEqual(effective);
    for (const type of [...types.declared, ...types.derived]) expect(types.effective).toContain(type);
  });

  test.each([
    [['v1.0.0', 'v1.2.0', 'v1.10.0', 'v2.0.0'], 'v1.11.0', 'v1.10.0'],
    [['v1.0.0', 'v1.1.0-rc.1'], 'v1.1.0', 'v1.0.0'],
    [['v1.0.0', 'v1.1.0-rc.1'], 'v1.1.0-rc.2', 'v1.1.0-rc.1'],
    [['v1.0.0'], 'v1.0.0', null],
    [[], 'v1.0.0', null],
  ])('of %j the last before %s is %s', (names, version, last) => {
    expect(lastReleaseBefore(names.map((name) => ({ name })), version)?.name ?? null).toBe(last);
  });
});

import semver from 'semver';
import type { ReleaseType } from '../model/primitives.ts';
import type { ReleaseTypes } from '../model/verdict.ts';

const ORDER: readonly ReleaseType[] = ['major', 'minor', 'patch', 'security', 'emergency'];

/**
 * What a release is: declared ∪ derived (FORMATS §1). Derived are the semantic step from the last release, and
 * `security` where the range names a CVE or GHSA. Declaring less takes nothing away, unless a second person signed that it
 * is not of a type: then that one is left out of what is derived, and never of what is declared.
 */
export function releaseTypes(release: {
  readonly version: string;
  readonly since: string | null;
  readonly declared: readonly ReleaseType[];
  readonly securityMarks: readonly string[];
  readonly leftOut?: readonly ReleaseType[];
}): ReleaseTypes {
  const derived = new Set<ReleaseType>();
  const step = semanticStep(release.since, release.version);
  if (step !== null) derived.add(step);
  if (release.securityMarks.length > 0) derived.add('security');
  const inOrder = (types: Iterable<ReleaseType>): ReleaseType[] => {
    const set = new Set(types);
    return ORDER.filter((type) => set.has(type));
  };
  return {
    declared: inOrder(release.declared),
    derived: inOrder(derived),
    effective: inOrder([...release.declared, ...[...derived].filter((type) => !(release.leftOut ?? []).includes(type))]),
  };
}

function semanticStep(since: string | null, version: string): 'major' | 'minor' | 'patch' | null {
  const to = semver.parse(version);
  const from = since === null ? null : semver.parse(since);
  if (to === null) return null;
  // Without a last release the version itself tells what it claims to be: nothing known never makes a release smaller.
  if (from === null) return to.patch > 0 ? 'patch' : to.minor > 0 ? 'minor' : 'major';
  if (to.major !== from.major) return 'major';
  if (to.minor !== from.minor) return 'minor';
  return to.patch === from.patch ? null : 'patch';
}

/** The newest release tag before a version, by semantic version; pre-releases count only for pre-releases. */
export function lastReleaseBefore<Tag extends { readonly name: string }>(tags: readonly Tag[], version: string): Tag | null {
  const target = semver.parse(version);
  if (target === null) return null;
  const earlier = tags.flatMap((tag) => {
    const parsed = semver.parse(tag.name);
    if (parsed === null || semver.gte(parsed, target)) return [];
    return parsed.prerelease.length > 0 && target.prerelease.length === 0 ? [] : [{ tag, parsed }];
  });
  return earlier.sort((a, b) => semver.rcompare(a.parsed, b.parsed))[0]?.tag ?? null;
}

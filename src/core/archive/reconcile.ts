import type { ListedDeployment } from './deployment-exports.ts';
import { byPlace } from './entry-id.ts';

/** A deployment or a rollback as the archive has it. */
export interface RecordedDeployment {
  /** The entry's place. */
  readonly id: string;
  readonly version: string | null;
  readonly environment: string | null;
  /** When it was done, as the record says; else when it was written down. RFC 3339 UTC. */
  readonly at: string;
  readonly succeeded: boolean;
}

/** Production's list and the archive, one held against the other. */
export interface Reconciliation {
  readonly matched: readonly { readonly listed: ListedDeployment; readonly record: string }[];
  /** Deployed, and nobody wrote it down. */
  readonly unrecorded: readonly ListedDeployment[];
  /** Written down as done, and production knows nothing of it. */
  readonly undeployed: readonly RecordedDeployment[];
}

/**
 * Pairs each listed deployment with the nearest record of the same version and environment within `tolerance`
 * milliseconds, nearest pairs first, each once. Names are compared as they are, but for a leading `v` and case.
 */
export function reconcile(listed: readonly ListedDeployment[], recorded: readonly RecordedDeployment[], tolerance: number): Reconciliation {
  const byName = new Map<string, RecordedDeployment[]>();
  for (const one of recorded) {
    const key = versionName(one.version ?? '');
    byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  const pairs = listed.flatMap((one) =>
    (byName.get(versionName(one.version)) ?? []).flatMap((other) => {
      const apart = Math.abs(Date.parse(one.at) - Date.parse(other.at));
      return apart <= tolerance && sameEnvironment(one, other) && one.succeeded === other.succeeded ? [{ one, other, apart }] : [];
    }),
  );
  pairs.sort((a, b) => a.apart - b.apart || byPlace(a.other.id, b.other.id));
  const matched = new Map<ListedDeployment, RecordedDeployment>();
  const taken = new Set<RecordedDeployment>();
  for (const { one, other } of pairs) {
    if (matched.has(one) || taken.has(other)) continue;
    matched.set(one, other);
    taken.add(other);
  }
  return {
    matched: listed.flatMap((one) => {
      const other = matched.get(one);
      return other === undefined ? [] : [{ listed: one, record: other.id }];
    }),
    unrecorded: listed.filter((one) => !matched.has(one)),
    undeployed: recorded.filter((one) => !taken.has(one)),
  };
}

function versionName(version: string): string {
  return version.trim().toLowerCase().replace(/^v(?=\d)/, '');
}

/** Production's list may be of one environment, and then need not name it. */
function sameEnvironment(one: ListedDeployment, other: RecordedDeployment): boolean {
  return one.environment === null || other.environment === null || one.environment.toLowerCase() === other.environment.toLowerCase();
}

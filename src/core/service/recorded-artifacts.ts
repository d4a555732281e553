import { recordsOf, type ArchivePort } from './archive-port.ts';

/** The digests of a version's files by their names, as its last signing recorded them; null where none did. */
export async function recordedArtifacts(archive: ArchivePort, version: string): Promise<ReadonlyMap<string, string> | null> {
  // Images are signed in records of their own, and are not among a release's files.
  const last = (await recordsOf(archive, { event_type: 'signing', release: version, limit: 50 })).find(({ record }) => record['container_image'] === undefined);
  const digests: unknown = last?.record['release_artifacts_sha256'];
  if (typeof digests !== 'object' || digests === null) return null;
  return new Map(Object.entries(digests).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

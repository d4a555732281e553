import { AppError } from '../model/errors.ts';
import type { CardUse, SigningRecord } from '../model/archive.ts';
import { formatChecksum } from './checksums.ts';

/** The file that covers every artifact of a release, in coreutils format. */
export const CHECKSUMS_FILE = 'SHA256SUMS';

export interface SignedArtifact {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  /** The armored detached signature; null where `SHA256SUMS.asc` alone covers it. */
  readonly signature: string | null;
}

/** An artifact that is here only as a digest: `SHA256SUMS` covers it, and nobody here has read its bytes. */
export interface UnseenArtifact {
  readonly name: string;
  readonly sha256: string;
}

/** Names under which a release folder holds what belongs to one artifact (policy §7.1.2, §7.2). */
export function sidecarsOf(name: string): { readonly signature: string; readonly checksum: string } {
  return { signature: `${name}.asc`, checksum: `${name}.sha256` };
}

/** Refuses names that could not lie beside each other in one release folder, before anything is read. */
export function assertSignableNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (/\.(?:asc|sig|sha256)$/i.test(name) || /^SHA256SUMS(?:\.asc)?$/i.test(name)) {
      throw new AppError('bad-input', `${name} is a signature or a checksum itself, so it is not signed.`, {
        hint: 'Name the artifacts only; their signatures and checksums are written for them.', details: { name },
      });
    }
    if (seen.has(name)) {
      throw new AppError('bad-input', `Two of the files are named ${name}; in one release folder they would be one.`, { details: { name } });
    }
    seen.add(name);
  }
}

/** `SHA256SUMS`: one line an artifact, in byte order of the names. */
export function checksumsFileOf(artifacts: readonly Pick<SignedArtifact, 'name' | 'sha256'>[]): string {
  return [...artifacts].sort((a, b) => (a.name < b.name ? -1 : 1)).map(formatChecksum).join('');
}

/** The `signing` record: what was observed on this machine, so that it needs nobody's signature (FORMATS §4). */
export function signingRecord(done: {
  readonly artifacts: readonly SignedArtifact[];
  readonly unseen: readonly UnseenArtifact[];
  /** null where no card signed, or it does not tell. */
  readonly card: CardUse | null;
  readonly signatures: Readonly<Record<string, string>>;
  /** SHA-256 of `SHA256SUMS`. */
  readonly checksums: string;
  readonly key: string;
  readonly at: string;
  readonly release: { readonly version: string; readonly commit: string | null } | null;
}): SigningRecord {
  return {
    event_type: 'signing',
    release_version: done.release?.version ?? null,
    release_commit: done.release?.commit ?? null,
    signed_at: done.at,
    key_fingerprint: done.key,
    release_artifacts: [...done.artifacts.flatMap(({ name, signature }) => (signature === null ? [name] : [name, sidecarsOf(name).signature])), ...done.unseen.map(({ name }) => name)],
    release_artifacts_sha256: Object.fromEntries([...done.artifacts, ...done.unseen].map(({ name, sha256 }) => [name, sha256])),
    ...(done.unseen.length === 0 ? {} : { artifacts_not_seen: done.unseen.map(({ name }) => name) }),
    checksums_sha256: { [CHECKSUMS_FILE]: done.checksums },
    signatures_sha256: { ...done.signatures },
    ...(done.card === null ? {} : { card: done.card }),
  };
}

/** The commands with which anyone can check a release folder without this program. */
export function checkCommands(artifacts: readonly Pick<SignedArtifact, 'name' | 'signature'>[], unseen: readonly UnseenArtifact[], folder: string): string[] {
  return [
    `cd ${quoted(folder)}`,
    `gpg --verify ${CHECKSUMS_FILE}.asc ${CHECKSUMS_FILE}`,
    // What is not here cannot be compared here.
    `sha256sum ${unseen.length === 0 ? '' : '--ignore-missing '}-c ${CHECKSUMS_FILE}`,
    ...artifacts.filter(({ signature }) => signature !== null).map(({ name }) => `gpg --verify ${quoted(besideHere(`${name}.asc`))} ${quoted(besideHere(name))}`),
  ];
}

/** A name that begins like an option is named by its place. */
function besideHere(name: string): string {
  return name.startsWith('-') ? `./${name}` : name;
}

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

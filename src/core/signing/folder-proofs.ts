import { posix } from 'node:path';
import { MAX_ENTRY_BYTES } from '../model/archive.ts';
import type { VerifierKey } from '../archive/note.ts';
import type { ReadableFolder } from '../archive/readable-folder.ts';
import { MAX_PROOF_BYTES, parseTlogProof, verifyTlogProof } from '../archive/tlog-proof.ts';
import type { FolderVerification } from '../contract/verify-calls.ts';
import { AppError } from '../model/errors.ts';
import type { GenesisRecord } from '../model/archive.ts';

const PROOF = /\.tlog-proof$/;
/** Maps of a record from names to SHA-256. */
const DIGEST_MAPS = ['release_artifacts_sha256', 'checksums_sha256', 'signatures_sha256'];

/** Verifies each `NAME.tlog-proof` with its `NAME.entry.json`: the entry has to give the very digest that NAME has here. */
export function verifyProofs(folder: ReadableFolder, paths: readonly string[], digests: ReadonlyMap<string, string>, keys: readonly VerifierKey[]): Promise<FolderVerification['proofs']> {
  return Promise.all(paths.filter((path) => PROOF.test(path)).map(async (path) => {
    const subject = path.replace(PROOF, '');
    const nothing = { path, subject, origin: null, index: null, size: null };
    try {
      const [proof, entry] = await Promise.all([folder.read(path, MAX_PROOF_BYTES), folder.read(`${subject}.entry.json`, MAX_ENTRY_BYTES)]);
      if (proof === null || entry === null) return { ...nothing, verdict: 'bad' as const, problem: `${subject}.entry.json, which it is about, is not here.` };
      const parsed = parseTlogProof(proof);
      const { entry: { record }, checkpoint: { origin, size }, trusted } = verifyTlogProof(parsed, entry, keys);
      const place = { path, subject, origin, index: parsed.index, size };
      if (!names(record, posix.basename(subject), digests.get(subject))) return { ...place, verdict: 'bad' as const, problem: `The entry that it proves does not give the SHA-256 that ${subject} has.` };
      return { ...place, verdict: trusted ? ('good' as const) : ('key-unknown' as const), problem: null };
    } catch (cause) {
      if (cause instanceof AppError) return { ...nothing, verdict: 'bad' as const, problem: cause.message };
      throw cause;
    }
  }));
}

function names(record: GenesisRecord, name: string, sha256: string | undefined): boolean {
  return sha256 !== undefined && DIGEST_MAPS.some((field) => {
    const map: unknown = record[field];
    return typeof map === 'object' && map !== null && Object.hasOwn(map, name) && (map as Record<string, unknown>)[name] === sha256;
  });
}

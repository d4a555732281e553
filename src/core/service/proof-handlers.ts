import { MAX_ENTRY_BYTES, type GenesisRecord } from '../model/archive.ts';
import { entryId } from '../archive/entry-id.ts';
import { parseCosignerKey, readCosignatures, type CosignerKey } from '../archive/cosignature.ts';
import { parseVerifierKey, type VerifierKey } from '../archive/note.ts';
import { formatTlogProof, MAX_PROOF_BYTES, parseTlogProof, verifyTlogProof } from '../archive/tlog-proof.ts';
import { leafHash, type TreeHash } from '../archive/tree.ts';
import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import { instant } from './release-handlers.ts';

/** An entry with what proves that it stands in its log. */
export interface EntryProof {
  readonly origin: string;
  readonly vkey: string;
  readonly index: number;
  readonly size: number;
  /** The entry's exact bytes. */
  readonly entry: Buffer;
  readonly hashes: readonly TreeHash[];
  /** Signed by the log, and cosigned by whoever saw it. */
  readonly checkpoint: Buffer;
}

export interface ProofPorts {
  readonly prove: (id: string) => Promise<EntryProof>;
  /** The witness keys that are known here. */
  readonly witnessKeys: () => Promise<readonly CosignerKey[]>;
  readonly readBytes: (path: string, limit: number) => Promise<Buffer>;
  readonly writeFiles: (folder: string, files: readonly { readonly path: string; readonly bytes: Uint8Array }[], replace: boolean) => Promise<readonly { readonly path: string }[]>;
  /** SHA-256 of a file in a folder; null where there is none. */
  readonly hashIn: (folder: string, name: string) => Promise<string | null>;
}

const DIGEST_MAPS = ['release_artifacts_sha256', 'checksums_sha256', 'signatures_sha256'];

/** That an entry stands in a log as of a checkpoint, for somebody who has nothing else (FORMATS §4). */
export function proofHandlers(ports: ProofPorts): Pick<Handlers, 'archive.prove' | 'archive.checkProof'> {
  return {
    'archive.prove': async ({ id, out, beside }) => {
      const proven = await ports.prove(id);
      const { origin, index, size, vkey, entry, checkpoint } = proven;
      const proof = formatTlogProof(proven);
      const written: string[] = [];
      const left: { name: string; why: string }[] = [];
      const write = async (folder: string, name: string): Promise<void> => {
        const files = await ports.writeFiles(folder, [{ path: `${name}.tlog-proof`, bytes: proof }, { path: `${name}.entry.json`, bytes: entry }], false);
        written.push(...files.map(({ path }) => path));
      };
      if (out !== null) await write(out, `${origin.replaceAll('/', '_')}-${index}`);
      if (beside !== null) {
        const artifacts = (JSON.parse(entry.toString('utf8')) as { record: GenesisRecord }).record['release_artifacts_sha256'];
        for (const [name, sha256] of Object.entries(digestsIn(artifacts))) {
          const found = await ports.hashIn(beside, name);
          if (found === sha256) await write(beside, name);
          else left.push({ name, why: found === null ? 'It is not in this folder.' : 'It is another file here than the one that was recorded.' });
        }
        if (written.length === 0) throw new AppError('not-found', `Nothing in ${beside} is an artifact that ${entryId({ origin, seq: index })} gives the SHA-256 of.`, { hint: 'Prove the entry of the signing, or of the release; --out writes the pair by itself.', details: { path: beside } });
      }
      return {
        id: entryId({ origin, seq: index }), leaf: leafHash(entry).toString('hex'), size, vkey, proof: proof.toString('utf8'), entry: entry.toString('utf8'),
        witnesses: seenBy(checkpoint, await ports.witnessKeys(), origin), written, left,
      };
    },
    'archive.checkProof': async ({ file, entry: named, vkeys }) => {
      if (named === null && !file.endsWith('.tlog-proof')) throw new AppError('bad-input', `${file} is not NAME.tlog-proof, so that nothing says which entry it is about.`, { hint: 'Name it with --entry.', details: { path: file } });
      const proof = parseTlogProof(await ports.readBytes(file, MAX_PROOF_BYTES));
      const bytes = await ports.readBytes(named ?? `${file.slice(0, -'.tlog-proof'.length)}.entry.json`, MAX_ENTRY_BYTES);
      const { logs, witnesses } = keysOf(vkeys);
      const { entry, checkpoint: { origin, size }, trusted } = verifyTlogProof(proof, bytes, logs);
      return {
        verdict: trusted ? 'good' : 'key-unknown', id: entryId({ origin, seq: proof.index }), origin, index: proof.index, size, leaf: leafHash(bytes).toString('hex'), event_type: entry.record.event_type,
        witnesses: seenBy(proof.checkpoint, witnesses, origin), artifacts: Object.assign({}, ...DIGEST_MAPS.map((field) => digestsIn(entry.record[field]))) as Record<string, string>,
      };
    },
  };
}

/** Each key is a log's or a witness', and a log's is its console's witness key too. Error: `bad-input`. */
function keysOf(vkeys: readonly string[]): { readonly logs: readonly VerifierKey[]; readonly witnesses: readonly CosignerKey[] } {
  const logs: VerifierKey[] = [];
  const witnesses: CosignerKey[] = [];
  for (const text of vkeys) {
    try {
      const witness = parseCosignerKey(text.trim());
      witnesses.push(witness);
      if (witness.text !== text.trim()) logs.push(parseVerifierKey(text.trim()));
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      throw new AppError('bad-input', `"${text.slice(0, 80)}": ${cause.message}`, { hint: 'Give the key as its owner told it to you.', cause });
    }
  }
  return { logs, witnesses };
}

function seenBy(checkpoint: Uint8Array, witnesses: readonly CosignerKey[], origin: string): { witness: string; time: string }[] {
  return readCosignatures(checkpoint, witnesses.filter(({ name }) => name !== origin)).map(({ witness, time }) => ({ witness, time: instant(new Date(time * 1000)) }));
}

function digestsIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && /^[0-9a-f]{64}$/.test(pair[1])));
}

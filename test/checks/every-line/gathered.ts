import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personNamed, rosterNamed, type JudgedEntry } from '../../../src/core/approval/acts.ts';
import { readStatements } from '../../../src/core/approval/read-statements.ts';
import type { ChangedFile, Facts, RepositoryDocument } from '../../../src/core/checks/check.ts';
import { bindEvidence } from '../../../src/core/evidence/bind-evidence.ts';
import type { EvidenceItem } from '../../../src/core/model/evidence.ts';
import type { Commit } from '../../../src/core/model/release.ts';
import { judgeAct } from '../../../src/core/roster/judge-act.ts';
import type { Entry } from '../../../src/core/model/archive.ts';
import type { Roster, RosterInForce } from '../../../src/core/model/roster.ts';
import { evidenceLimits } from '../../../src/core/policy/load-policy.ts';
import { readDocument } from '../../../src/main/adapters/evidence-folder.ts';
import { FIXTURES } from '../../evidence/reading.ts';
import { bare, COMMIT, OTHER_COMMIT, policy } from '../facts.ts';

/** What a tool writes: bytes, text, or a value that it writes as JSON. */
export type Content = Uint8Array | string | object;
type Files = Readonly<Record<string, Content>>;

const LIMITS = evidenceLimits(policy);

function bytesOf(content: Content): Uint8Array {
  return content instanceof Uint8Array ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

/** A report as a real tool wrote it. */
export function fixture(path: string): Uint8Array {
  return readFileSync(join(FIXTURES, path));
}

/** The first half of it, as a disk that was full or a job that was killed leaves it. */
export function cut(content: Content): Uint8Array {
  const bytes = bytesOf(content);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** The outputs of a build as the console reads them from their bytes, bound by the manifest of a commit; null: by none. */
export async function outputs(files: Files, commit: string | null = COMMIT): Promise<EvidenceItem[]> {
  const read = await Promise.all(Object.entries(files).map(([path, content]) => readDocument(path, bytesOf(content), LIMITS)));
  if (commit === null) return read;
  const listed = read.map(({ file: { path, sha256 } }) => ({ path, sha256 }));
  const manifest = await readDocument('evidence-manifest.json', bytesOf({ v: 1, commit, run: null, files: listed }), LIMITS);
  return bindEvidence([...read, manifest]);
}

export async function evidence(files: Files, commit: string | null = COMMIT): Promise<Partial<Facts>> {
  return { evidence: await outputs(files, commit) };
}

/** A release whose commit holds these files, where the last one held those: what differs is in the range. */
export async function committed(now: Files, before: Files = {}, more: Partial<Facts> = {}): Promise<Partial<Facts>> {
  const paths = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort();
  const changes = paths.filter((path) => text(now[path]) !== text(before[path])).map((path): ChangedFile => ({
    path, change: now[path] === undefined ? 'deleted' : before[path] === undefined ? 'added' : 'modified', commits: [COMMIT],
  }));
  const [documents, documentsBefore] = await Promise.all([documentsOf(now, COMMIT), documentsOf(before, OTHER_COMMIT)]);
  return { files: Object.keys(now), changes, documents, documentsBefore, ...more };
}

async function documentsOf(files: Files, commit: string): Promise<RepositoryDocument[]> {
  return Promise.all(Object.entries(files).map(async ([path, content]) => {
    const read = await readDocument(path, bytesOf(content), LIMITS);
    return { path: `repository:${path}`, sha256: read.file.sha256 ?? '', text: text(content) ?? '', item: { ...read, commit, file: { ...read.file, path: `repository:${path}`, binding: 'in-report' as const } } };
  }));
}

/** As git's bytes become text: what is not UTF-8 is replaced. */
function text(content: Content | undefined): string | undefined {
  return content === undefined ? undefined : new TextDecoder().decode(bytesOf(content));
}

/** Commits of the range, newest first. */
export function range(...commits: readonly Commit[]): Facts['range'] {
  return { ...bare.range, commits: [...commits], total: commits.length };
}

export const GRACES_KEY = 'A'.repeat(40);

/** A roster in which Grace has some roles and a key with which she approves. */
export function rosterOf(...roles: readonly string[]): RosterInForce {
  const grace: Roster['people'][number] = {
    id: 'grace', name: 'Grace', emails: ['grace@example.com', '7+grace@users.noreply.github.com'], roles: [...roles], status: 'active', deputies: [], phones: [], voice_codes: [],
    keys: [{ fingerprint: GRACES_KEY, cert: '-----BEGIN PGP PUBLIC KEY BLOCK-----', use: ['approve'], on: 'card' }],
  };
  return { digest: 'f'.repeat(64), roster: { v: 1, roster: 'x', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [], thresholds: { admin: 1 }, people: [grace], consoles: [] } };
}

/** An entry of Grace's console that her key signed, held against a roster that was in force all year. */
export function judgedGraces(entry: Entry, roster: RosterInForce): JudgedEntry {
  const { origin, seq, time, record } = entry;
  const act = judgeAct(
    { origin, seq, claimed: time, notBefore: null, notAfter: null, knew: new Map(), ownClock: false, roster: rosterNamed(record), by: personNamed(record), signed: true },
    { lives: [{ ...roster, from: '2026-01-01T00:00:00Z', until: roster.roster.expires, begun: [], ended: [], disputed: null }], adoptions: [], revoked: new Map(), now: bare.at },
    () => [GRACES_KEY],
  );
  return { id: `${origin}#${seq}`, entry, act };
}

/** What Grace signed into the archive of one line, as the console reads it there: a record that is none is as if it had not been said. */
export function attested(check: string, roles: readonly string[], record: object = {}, more: Partial<Facts> = {}): Partial<Facts> {
  const roster = rosterOf(...roles);
  const whole = {
    event_type: 'attestation', attests: 'line', attested_by: 'grace', attested_at: '2026-01-11T12:00:00Z', release_version: bare.version, release_commit: COMMIT,
    check, statement: 'It was seen to.', evidence_sha256: {}, roster_digest: roster.digest, ...record,
  };
  const entry = { v: 1 as const, origin: 'grace.example', seq: 7, time: '2026-01-11T12:00:00Z', boot: 'b', record: whole, refs: [], attachments: [], signatures: [] };
  return { ...readStatements([judgedGraces(entry, roster)], bare.version), roster, ...more };
}

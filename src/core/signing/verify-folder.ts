import { posix } from 'node:path';
import type { FolderFile, FolderVerification } from '../contract/verify-calls.ts';
import type { ChecksumLine } from './checksums.ts';
import type { SignatureCheck } from './openpgp.ts';
import { judgeVerification, type Expected, type Sidecars } from './verify-artifact.ts';

/** A file as it was read once. */
export interface ReadFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  /** Its own signatures, by the file that holds them. */
  readonly checks: readonly { readonly file: string; readonly check: SignatureCheck }[];
}

/** A list of digests in the folder: `SHA256SUMS`, or a manifest; `check` is null where nobody signed it. */
export interface ReadList {
  readonly path: string;
  readonly lines: readonly ChecksumLine[] | null;
  readonly check: SignatureCheck | null;
}

type Problem = FolderVerification['problems'][number];

const SIGNATURE = /\.(?:asc|sig)$/i;
const CHECKSUM = /\.sha256$/i;
const LIST = /(?:^|\/)(?:[\w.+-]*SHA256SUMS(?:\.txt)?|checksums\.txt)$/i;
const PROOF = /\.(?:tlog-proof|entry\.json)$/;

/** Whether a file is a list of checksums by its name. */
export function isChecksumList(path: string): boolean {
  return LIST.test(path);
}

/** Which files hold the signatures of a file. */
export function signaturesBeside(path: string, names: ReadonlySet<string>): string[] {
  return [`${path}.asc`, `${path}.sig`].filter((name) => names.has(name));
}

export function roleOf(path: string): FolderFile['role'] {
  return PROOF.test(path) ? 'archive' : SIGNATURE.test(path) ? 'signature' : CHECKSUM.test(path) ? 'checksum' : 'artifact';
}

/** Where a list's line points to, from the folder; null where that is outside of it. */
export function placeOfLine(list: string, name: string): string | null {
  const place = posix.normalize(posix.join(posix.dirname(list), name));
  return name.startsWith('/') || place === '..' || place.startsWith('../') ? null : place;
}

/**
 * Judges every file of a folder: by its own signatures, or by a signed list that gives its digest (policy §7.1, §7.2).
 * `sums` are the `NAME.sha256` files by their path, null where one cannot be read.
 */
export function judgeFiles(files: readonly ReadFile[], lists: readonly ReadList[], sums: ReadonlyMap<string, readonly ChecksumLine[] | null>, expected: Expected): { readonly files: FolderFile[]; readonly problems: Problem[] } {
  const judged = files.map((file) => judgeFile(file, lists, sums, expected));
  const names = new Set(files.map(({ path }) => path));
  const problems: Problem[] = [];
  for (const { path, verdict, problems: own } of judged) {
    if (verdict === 'bad') problems.push({ code: 'bad', path, message: own[0] ?? 'It is not what its signature is over.' });
    if (verdict === 'signer-unknown') problems.push({ code: 'signer-unknown', path, message: own[0] ?? 'Nobody named the key that signed it.' });
    if (verdict === 'uncovered' || verdict === 'checksum-only') problems.push({ code: 'uncovered', path, message: verdict === 'uncovered' ? 'Neither a signature nor a checksum covers it.' : 'A checksum covers it, and nobody signed that.' });
    const subject = path.replace(SIGNATURE, '').replace(CHECKSUM, '').replace(PROOF, '');
    // A clearsigned list stands for itself.
    if (roleOf(path) !== 'artifact' && !names.has(subject) && !lists.some((list) => list.path === path || list.path === subject)) problems.push({ code: 'subject-missing', path, message: `It is about ${subject}, which is not here.` });
  }
  for (const { path, lines } of lists) if (lines === null) problems.push({ code: 'list-unreadable', path, message: 'It cannot be read as a list of checksums.' });
  return { files: judged, problems };
}

function judgeFile(file: ReadFile, lists: readonly ReadList[], sums: ReadonlyMap<string, readonly ChecksumLine[] | null>, expected: Expected): FolderFile {
  const { path, sha256, size } = file;
  const role = roleOf(path);
  const naming = lists.filter((list) => list.lines?.some((line) => placeOfLine(list.path, line.name) === path) === true);
  const listedAs = (list: ReadList): string[] => (list.lines ?? []).filter((line) => placeOfLine(list.path, line.name) === path).map((line) => line.sha256);
  const besides = [...naming.flatMap(listedAs), ...sidecar(path, sums)];
  const checksum: FolderFile['checksum'] = besides.length === 0 ? 'absent' : besides.every((said) => said === sha256) ? 'matches' : 'differs';
  const base = { path, sha256, size, role, checksum, through: null, signatures: [] as FolderFile['signatures'], problems: [] as string[] };
  if (role !== 'artifact') return { ...base, verdict: checksum === 'differs' ? 'bad' : 'not-needed', problems: checksum === 'differs' ? ['A list gives another digest for it.'] : [] };
  const beside: Sidecars = { checksum: 'absent', listed: besides.find((said) => said !== sha256) ?? besides[0] ?? 'absent', recorded: null };
  // A list that carries its own signature (clearsigned) needs no other.
  const itself = lists.flatMap((list) => (list.path === path && list.check !== null ? [{ name: path, check: list.check, through: null }] : []));
  const own = file.checks.length > 0 ? file.checks.map(({ file: name, check }) => ({ name, check, through: null })) : itself;
  const signedLists = naming.flatMap((list) => (list.check === null ? [] : [{ name: list.path, check: { ...list.check, sha256 }, through: list.path }]));
  const used = own.length > 0 ? own : signedLists;
  if (used.length === 0) return { ...base, verdict: checksum === 'differs' ? 'bad' : checksum === 'matches' ? 'checksum-only' : 'uncovered', problems: checksum === 'differs' ? ['Its checksum gives another digest.'] : [] };
  // Signatures in several files are one set: m of n counts them all.
  const whole: SignatureCheck = { signatures: used.flatMap(({ check }) => check.signatures), unreadable: used.find(({ check }) => check.unreadable !== null)?.check.unreadable ?? null, sha256, certificates: new Uint8Array(0) };
  const { verdict, problems } = judgeVerification(whole, beside, expected, null);
  return {
    ...base, through: used[0]?.through ?? null,
    verdict: verdict === 'good' || verdict === 'signer-unknown' ? verdict : 'bad',
    signatures: used.flatMap(({ name, check }) => check.signatures.map((one) => ({ ...one, file: name }))), problems: problems.map(({ message }) => message),
  };
}

/** What `NAME.sha256` says; a file that cannot be read says something else than the bytes. */
function sidecar(path: string, sums: ReadonlyMap<string, readonly ChecksumLine[] | null>): string[] {
  const lines = sums.get(`${path}.sha256`);
  if (lines === undefined) return [];
  const said = (lines ?? []).filter(({ name }) => posix.basename(name) === posix.basename(path)).map(({ sha256 }) => sha256);
  return said.length === 0 ? ['unreadable'] : said;
}

/** Good only where everything is covered by signatures of keys that somebody named, and nothing speaks against it. */
export function verdictOfFolder(files: readonly FolderFile[], problems: readonly Problem[]): FolderVerification['verdict'] {
  const codes = new Set(problems.map(({ code }) => code));
  if (['bad', 'refused', 'list-unreadable', 'sbom', 'manifest', 'archive', 'proof', 'subject-missing'].some((code) => codes.has(code as Problem['code']))) return 'bad';
  if (codes.has('withdrawn')) return 'withdrawn';
  if (codes.has('uncovered') || !files.some(({ verdict }) => verdict !== 'not-needed')) return 'not-covered';
  return codes.has('signer-unknown') ? 'signer-unknown' : 'good';
}

import type { ReadableFolder } from '../archive/readable-folder.ts';
import { verifyExport } from '../archive/verify-export.ts';
import { parseVerifierKey } from '../archive/note.ts';
import type { FolderVerification } from '../contract/verify-calls.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import { member, parseJson, text } from '../evidence/json.ts';
import { AppError } from '../model/errors.ts';
import { EvidenceManifest } from '../model/evidence.ts';
import { parseChecksums, type ChecksumLine } from '../signing/checksums.ts';
import { verifyProofs } from '../signing/folder-proofs.ts';
import { folderReport } from '../signing/folder-report.ts';
import type { KeySource, SignatureCheck } from '../signing/openpgp.ts';
import { WITHDRAWN_FILE, withdrawnAs, type ReadWithdrawn } from '../signing/withdrawn.ts';
import { isChecksumList, judgeFiles, placeOfLine, signaturesBeside, verdictOfFolder, type ReadFile, type ReadList } from '../signing/verify-folder.ts';
import { instant } from './release-handlers.ts';
import { whoseKeys, type SigningPorts } from './signing-handlers.ts';

export interface VerifyFolderPorts extends Pick<SigningPorts, 'openpgp' | 'readKeyring' | 'releaseKeyring' | 'certificates' | 'now'> {
  /** Errors: `not-found`, `bad-input`. */
  readonly openFolder: (path: string) => Promise<{ readonly path: string; readonly folder: ReadableFolder; readonly within: (path: string) => ReadableFolder }>;
  readonly joined: (folder: string, path: string) => string;
  readonly hash: (path: string, signal: AbortSignal) => Promise<{ readonly sha256: string; readonly size: number }>;
  readonly sizeOf: (path: string) => Promise<number | null>;
  /** A list that carries its own signature, or has one beside it; null where neither is. */
  readonly readSignedList: (path: string, keys: KeySource, at: Date, signal: AbortSignal) => Promise<{ readonly lines: readonly ChecksumLine[]; readonly check: SignatureCheck; readonly signature: string } | null>;
  /** The list of withdrawn releases that lies in a folder. */
  readonly withdrawnIn: (folder: string, keys: KeySource, at: Date, signal: AbortSignal) => Promise<ReadWithdrawn | null>;
  readonly validateSbom: (text: string) => Promise<string[]>;
  readonly writeText: (path: string, text: string) => Promise<unknown>;
}

/** More files than this are no release folder. */
const MAX_FILES = 20_000;
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_SBOM_BYTES = 64 * 1024 * 1024;
const SBOM = /(?:sbom|bom|cyclonedx|\.cdx)[\w.-]*\.json$/i;
const MANIFEST = /(?:^|\/)evidence-manifest\.json$/;

/** Verification for those who only check: a folder in, a report out; nothing is written but the report that is asked for. */
export function verifyFolderHandlers(ports: VerifyFolderPorts): Pick<Handlers, 'release.verifyFolder'> {
  return {
    'release.verifyFolder': async ({ folder: named, keyring, signers, atLeast, vkeys, release, report }, context) => {
      const { path: root, folder, within } = await ports.openFolder(named);
      const { keys, expected } = await whoseKeys(ports, { keyring, signers });
      const listing = await folder.list();
      if (listing.files.length > MAX_FILES) throw new AppError('too-large', `${root} holds more than ${MAX_FILES} files.`, { hint: 'Name the release folder itself.', details: { path: root } });
      const archives = await verifyArchives(folder, within, listing.files, vkeys, context);
      const ofArchive = new Set(archives.flatMap(({ files }) => files));
      const at = ports.now();
      // The list of what was withdrawn speaks of releases, and is none of the files of this one.
      const withdrawn = await ports.withdrawnIn(root, keys, at, context.signal);
      const beside = new Set(withdrawn === null ? [] : [WITHDRAWN_FILE, `${WITHDRAWN_FILE}.asc`]);
      const paths = listing.files.filter((path) => !ofArchive.has(path) && !beside.has(path));
      const files = await readFiles(ports, { root, paths, keys, at }, context);
      const lists = [...(await readLists(ports, { root, folder, paths, keys, at }, context)), ...(await manifestLists(folder, paths, files))];
      const sums = await readSums(folder, paths);
      const judged = judgeFiles(files, lists, sums, { signers: expected, atLeast: atLeast ?? 1 });
      const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
      const sboms = await readSboms(ports, folder, paths, release);
      const manifests = await compareManifests(folder, paths, digests);
      const proofs = await verifyProofs(folder, paths, digests, vkeys.map(parseVerifierKey));
      const problems: FolderVerification['problems'] = [
        ...listing.refused.map(({ path, reason }) => ({ code: 'refused' as const, path, message: reason })),
        ...judged.problems,
        ...withdrawnProblems(withdrawn, files),
        ...sboms.filter(({ valid, aboutThisRelease }) => !valid || aboutThisRelease === false).map(({ path, valid, faults, about }) => ({ code: 'sbom' as const, path, message: valid ? `It is about ${about?.name ?? 'nothing'} ${about?.version ?? ''}, and not about ${release ?? ''}.` : `It does not fit its schema: ${faults[0] ?? ''}.` })),
        ...manifests.filter(({ commit, differing, missing }) => commit === null || differing.length + missing.length > 0).map(({ path, commit, differing, missing }) => ({ code: 'manifest' as const, path, message: commit === null ? 'It is no manifest that can be read.' : `${differing.length} files differ from it and ${missing.length} are missing.` })),
        ...proofs.flatMap(({ path, verdict, origin, problem }) => (verdict === 'good' ? [] : [{ code: verdict === 'bad' ? ('proof' as const) : ('signer-unknown' as const), path, message: problem ?? `The proof is consistent in itself, but nobody named the key of ${origin ?? 'its log'}: name it with --vkey.` }])),
        ...archives.flatMap(({ path, verdict }) => (verdict === 'good' ? [] : [{ code: verdict === 'bad' ? ('archive' as const) : ('signer-unknown' as const), path, message: verdict === 'bad' ? 'The archive does not verify.' : 'The archive is consistent in itself, but its key came with it: name it with --vkey.' }])),
      ];
      const verification: FolderVerification = {
        folder: root, at: instant(at), verdict: verdictOfFolder(judged.files, problems), keysNamed: expected === 'keyring' || expected.size > 0,
        files: [...judged.files, ...[...ofArchive, ...[...beside].filter((path) => listing.files.includes(path))].map((path) => ({ path, sha256: null, size: null, role: 'archive' as const, verdict: 'not-needed' as const, through: null, signatures: [], checksum: 'absent' as const, problems: [] }))],
        notSeen: lists.filter(({ path }) => !MANIFEST.test(path)).flatMap(({ path: list, lines }) => (lines ?? []).filter((line) => !digests.has(placeOfLine(list, line.name) ?? '')).map(({ name, sha256 }) => ({ list, name, sha256 }))),
        sboms, manifests, proofs, archives: archives.map(({ files: _files, ...archive }) => archive), problems,
      };
      if (report !== null) await ports.writeText(report, folderReport(verification));
      return verification;
    },
  };
}

/** One for each file that the list names; one of the list itself where nobody can tell which it names. */
function withdrawnProblems(withdrawn: ReadWithdrawn | null, files: readonly ReadFile[]): FolderVerification['problems'] {
  const named = withdrawn === null ? [] : withdrawn.list === null ? [{ path: WITHDRAWN_FILE, sha256: null }] : files;
  return named.flatMap(({ path, sha256 }) => {
    const message = withdrawn === null ? null : withdrawnAs(withdrawn, sha256);
    return message === null ? [] : [{ code: 'withdrawn' as const, path, message }];
  });
}

interface Reading { readonly root: string; readonly paths: readonly string[]; readonly keys: KeySource; readonly at: Date }

/** Every file once: hashed, and its signatures checked over the same bytes; several at once. */
async function readFiles(ports: VerifyFolderPorts, { root, paths, keys, at }: Reading, { signal, progress }: CallContext): Promise<ReadFile[]> {
  const names = new Set(paths);
  let done = 0;
  return Promise.all(paths.map(async (path): Promise<ReadFile> => {
    const data = ports.joined(root, path);
    const checks: { file: string; check: SignatureCheck }[] = [];
    for (const file of signaturesBeside(path, names)) checks.push({ file, check: await ports.openpgp.verify({ signature: ports.joined(root, file), data, keys, at, signal }) });
    const [first] = checks;
    const read = first === undefined ? await ports.hash(data, signal) : { sha256: first.check.sha256, size: (await ports.sizeOf(data)) ?? 0 };
    done += 1;
    progress({ label: 'Verifying', item: path, done, total: paths.length, unit: 'files' });
    return { path, ...read, checks };
  }));
}

async function readLists(ports: VerifyFolderPorts, { root, folder, paths, keys, at }: Reading & { readonly folder: ReadableFolder }, { signal }: CallContext): Promise<ReadList[]> {
  const names = new Set(paths);
  // A clearsigned list may be here by its signed name alone.
  const places = new Set([...paths.filter(isChecksumList), ...paths.filter((path) => path.endsWith('.asc')).map((path) => path.slice(0, -4)).filter(isChecksumList)]);
  return Promise.all([...places].map(async (path): Promise<ReadList> => {
    const signed = await ports.readSignedList(ports.joined(root, path), keys, at, signal);
    if (signed !== null) return { path, lines: signed.lines, check: signed.check };
    return { path, lines: names.has(path) ? parseChecksums(await textOf(folder, path, MAX_LIST_BYTES) ?? '') : null, check: null };
  }));
}

async function readSums(folder: ReadableFolder, paths: readonly string[]): Promise<Map<string, ChecksumLine[] | null>> {
  const found = paths.filter((path) => path.endsWith('.sha256'));
  return new Map(await Promise.all(found.map(async (path) => [path, parseChecksums(await textOf(folder, path, MAX_LIST_BYTES) ?? '')] as const)));
}

async function manifestOf(folder: ReadableFolder, path: string): Promise<EvidenceManifest | null> {
  const parsed = EvidenceManifest.safeParse(jsonOf(await textOf(folder, path, MAX_SBOM_BYTES)));
  return parsed.success ? parsed.data : null;
}

/** A manifest that is signed covers what it lists, as a signed list of checksums does. */
async function manifestLists(folder: ReadableFolder, paths: readonly string[], files: readonly ReadFile[]): Promise<ReadList[]> {
  const lists = await Promise.all(paths.filter((path) => MANIFEST.test(path)).map(async (path) => {
    const manifest = await manifestOf(folder, path);
    const check = files.find((file) => file.path === path)?.checks[0]?.check ?? null;
    return manifest === null || check === null ? [] : [{ path, lines: manifest.files.map(({ path: name, sha256 }) => ({ name, sha256 })), check }];
  }));
  return lists.flat();
}

async function compareManifests(folder: ReadableFolder, paths: readonly string[], digests: ReadonlyMap<string, string>): Promise<FolderVerification['manifests']> {
  return Promise.all(paths.filter((path) => MANIFEST.test(path)).map(async (path) => {
    const manifest = await manifestOf(folder, path);
    const listed = (manifest?.files ?? []).map(({ path: name, sha256 }) => ({ name, sha256, found: digests.get(placeOfLine(path, name) ?? '') }));
    const of = (wanted: (one: (typeof listed)[number]) => boolean): string[] => listed.filter(wanted).map(({ name }) => name);
    return { path, commit: manifest?.commit ?? null, listed: listed.length, same: of(({ found, sha256 }) => found === sha256).length, differing: of(({ found, sha256 }) => found !== undefined && found !== sha256), missing: of(({ found }) => found === undefined) };
  }));
}

async function readSboms(ports: VerifyFolderPorts, folder: ReadableFolder, paths: readonly string[], release: string | null): Promise<FolderVerification['sboms']> {
  const found = await Promise.all(paths.filter((path) => SBOM.test(path)).map(async (path) => {
    const source = await textOf(folder, path, MAX_SBOM_BYTES);
    const document = jsonOf(source);
    if (source === null || text(member(document, 'bomFormat')) !== 'CycloneDX') return [];
    const faults = await ports.validateSbom(source);
    const subject = member(member(document, 'metadata'), 'component');
    const about = text(member(subject, 'name')) === null ? null : { name: text(member(subject, 'name')) ?? '', version: text(member(subject, 'version')) };
    const components = member(document, 'components');
    const bare = (version: string | null): string | null => version?.replace(/^v(?=\d)/, '') ?? null;
    return [{
      path, kind: 'cyclonedx' as const, version: text(member(document, 'specVersion')), components: Array.isArray(components) ? components.length : 0, valid: faults.length === 0, faults: faults.slice(0, 5),
      about, aboutThisRelease: release === null ? null : bare(about?.version ?? null) === bare(release),
    }];
  }));
  return found.flat();
}

/** Exports of an archive: where a log's own key says its name, its folder lies so far below the export. */
async function verifyArchives(folder: ReadableFolder, within: (path: string) => ReadableFolder, paths: readonly string[], vkeys: readonly string[], context: CallContext): Promise<(FolderVerification['archives'][number] & { readonly files: string[] })[]> {
  const roots = new Set<string>();
  for (const path of paths.filter((one) => /(?:^|\/)vkey$/.test(one) && paths.includes(one.replace(/vkey$/, 'checkpoint')))) {
    const [origin = ''] = (await textOf(folder, path, 1024) ?? '').split('+');
    const place = `/${path.slice(0, -'/vkey'.length)}`;
    if (origin !== '' && place.endsWith(`/${origin}`)) roots.add(place.slice(1, -origin.length).replace(/\/$/, ''));
  }
  return Promise.all([...roots].map(async (root) => {
    const verification = await verifyExport(within(root), vkeys.map(parseVerifierKey), context);
    const logs = verification.logs.map(({ origin }) => (root === '' ? `${origin}/` : `${root}/${origin}/`));
    // Where the export is the folder itself, what lies beside its logs is not its business.
    const problems = verification.problems.filter(({ code }) => code !== 'unknown-file' && code !== 'key-unknown').map(({ message, place }) => `${place ?? ''}: ${message}`);
    const bad = verification.logs.some(({ verdict }) => verdict === 'bad') || problems.length > 0;
    const verdict = bad ? ('bad' as const) : verification.logs.some((log) => log.verdict === 'key-unknown') ? ('key-unknown' as const) : ('good' as const);
    return { path: root === '' ? '.' : root, verdict, entries: verification.entries, problems, files: paths.filter((path) => logs.some((log) => path.startsWith(log))) };
  }));
}

/** Null where it is larger, or no UTF-8. */
async function textOf(folder: ReadableFolder, path: string, limit: number): Promise<string | null> {
  try {
    const bytes = await folder.read(path, limit);
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function jsonOf(source: string | null): unknown {
  try {
    return source === null ? null : parseJson(source, 256);
  } catch {
    return null;
  }
}

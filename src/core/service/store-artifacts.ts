import type { RecordParts } from '../archive/entry.ts';
import type { Assessment } from '../contract/contract.ts';
import type { CallContext, Caller, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import type { EntryRef, GenesisRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { locationOf } from '../model/evidence-location.ts';
import type { ReleaseDraft } from '../model/release.ts';
import { parseChecksums } from '../signing/checksums.ts';
import { instant } from './release-handlers.ts';

type Aws = Parsed<'artifacts.store'>['aws'];
type Guard = Output<'artifacts.store'>['guard'];

/** Where artifacts are uploaded to: names in one folder of it, whole files in and out. */
export interface ArtifactPlace {
  /** As it is said and recorded. */
  readonly place: string;
  readonly has: (name: string) => Promise<boolean>;
  /** Never replaces what is there. Error: `already-exists`. */
  readonly put: (name: string, file: string) => Promise<Guard>;
  /** Writes the whole of it into a new file. */
  readonly get: (name: string, file: string) => Promise<void>;
}

/** A folder for what is read back, which appears only once all of it is good. */
export interface ReadBack {
  readonly path: (name: string) => string;
  /** Moves the files into their place; what lies there with the same bytes stays. */
  readonly keep: (names: readonly string[]) => Promise<void>;
  readonly discard: () => Promise<void>;
}

export interface StorePorts {
  readonly assess: (draft: ReleaseDraft, at: string, context: CallContext) => Promise<Omit<Assessment, 'recorded' | 'difference'>>;
  readonly openPlace: (to: string, version: string, aws: Aws, signal: AbortSignal) => Promise<ArtifactPlace>;
  readonly openReadBack: (folder: string | null) => Promise<ReadBack>;
  /** null where no regular file is there. */
  readonly hashOf: (path: string, signal: AbortSignal) => Promise<{ readonly sha256: string; readonly size: number } | null>;
  readonly readText: (path: string, limit: number) => Promise<string>;
  readonly bind: (folder: string, commit: string, run: string, context: CallContext) => Promise<{ readonly path: string }>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  readonly seen: () => Promise<EntryRef[]>;
  /** Who started it, as far as this console knows; it proves nothing. */
  readonly startedBy: (caller: Caller) => Promise<string>;
  readonly now: () => Date;
  readonly joined: (folder: string, name: string) => string;
  readonly folderOf: (path: string) => string;
}

interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

const MAX_LIST = 16 * 1024 * 1024;
/** A record is one entry of the log; a longer list of files is in the manifest, whose digest it has. */
const LISTED_IN_RECORD = 300;

/** The artifact repository: uploaded, never overwritten, read back whole and compared. */
export function storeHandlers(ports: StorePorts): Pick<Handlers, 'artifacts.store'> {
  return { 'artifacts.store': (input, context) => store(ports, input, context) };
}

async function store(ports: StorePorts, { draft, to, aws, readBack }: Parsed<'artifacts.store'>, context: CallContext): Promise<Output<'artifacts.store'>> {
  const { signal, progress } = context;
  const startedAt = instant(ports.now());
  const assessment = await ports.assess(draft, startedAt, context);
  const wanted = await filesToStore(ports, assessment, signal);
  const place = await ports.openPlace(to, draft.version, aws, signal);
  if (readBack !== null) await assertFree(ports, readBack, wanted, signal);
  const back = await ports.openReadBack(readBack);
  const step = (label: string, done: number, item: string | null): void => progress({ label, item, done, total: wanted.length, unit: 'files' });
  try {
    const there = new Set<string>();
    for (const [done, { name, sha256 }] of wanted.entries()) {
      signal.throwIfAborted();
      step('Looking what is there', done, name);
      if (!(await place.has(name))) continue;
      await place.get(name, back.path(name));
      const found = await ports.hashOf(back.path(name), signal);
      if (found?.sha256 !== sha256) throw new AppError('already-exists', `${place.place} holds another ${name} already, so nothing was uploaded.`, { hint: 'A release is stored once. Find out whose it is; another build is another version.', details: { name, here: sha256, there: found?.sha256 ?? 'unreadable' } });
      there.add(name);
    }
    let guard: Guard = 'atomic';
    for (const [done, { name, path }] of wanted.entries()) {
      signal.throwIfAborted();
      step('Uploading', done, name);
      if (!there.has(name) && (await place.put(name, path)) === 'looked') guard = 'looked';
    }
    for (const [done, { name }] of wanted.entries()) {
      signal.throwIfAborted();
      step('Reading back', done, name);
      if (!there.has(name)) await place.get(name, back.path(name));
    }
    const differing: string[] = [];
    for (const { name, sha256 } of wanted) if ((await ports.hashOf(back.path(name), signal))?.sha256 !== sha256) differing.push(name);
    const record = recordOf(assessment, { place: place.place, startedAt, endedAt: instant(ports.now()), by: await ports.startedBy(context.caller), wanted, differing, guard });
    if (differing.length > 0) {
      const { id } = await ports.append({ record, refs: await ports.seen(), attachments: [] });
      throw new AppError('verification-failed', `${differing.join(', ')} came back from ${place.place} as other bytes than were uploaded.`, { hint: `It is recorded as ${id}. Find out who or what changed them, and store nothing there until that is known.`, details: { record: id } });
    }
    const kept = readBack === null ? null : await keep(ports, back, readBack, { wanted, commit: assessment.range.commit, run: place.place }, context);
    const { id } = await ports.append({ record, refs: await ports.seen(), attachments: [] });
    return { place: place.place, guard, kept, record: id, files: wanted.map(({ name, sha256, size }) => ({ name, sha256, size, state: there.has(name) ? 'there' : 'uploaded' })) };
  } finally {
    await back.discard();
  }
}

/** Artifacts with what lies beside them: signature, checksum, the list of all and its signature, and bills of materials. */
async function filesToStore(ports: StorePorts, { artifacts, draft, evidence, range, report }: Omit<Assessment, 'recorded' | 'difference'>, signal: AbortSignal): Promise<Wanted[]> {
  if (artifacts.length === 0) throw new AppError('not-found', `The outputs of ${report.release} hold no artifact.`, { hint: 'Name the folder with what was built.' });
  const foreign = evidence.find(({ kind, commit }) => kind === 'artifact' && commit !== null && commit !== range.commit);
  if (foreign !== undefined) throw new AppError('bad-input', `${foreign.path} is of commit ${foreign.commit?.slice(0, 12) ?? ''}, and ${report.release} is ${range.commit.slice(0, 12)}.`, { hint: 'Build the commit that is released.' });
  const boms = evidence.filter(({ kind, problem, sha256 }) => (kind === 'cyclonedx' || kind === 'spdx') && problem === null && sha256 !== null).map((file) => locationOf(file, draft.outputs.length));
  const folders = [...new Set(artifacts.map(({ location }) => ports.folderOf(location)))];
  const mains = [...artifacts.map(({ location }) => location), ...boms];
  const lists = folders.map((folder) => ports.joined(folder, 'SHA256SUMS'));
  const candidates = [...mains.flatMap((path) => [path, `${path}.asc`, `${path}.sha256`]), ...lists.flatMap((path) => [path, `${path}.asc`])];
  const found = new Map<string, Wanted>();
  for (const path of new Set(candidates)) {
    const digest = await ports.hashOf(path, signal);
    if (digest === null) continue;
    const name = path.slice(ports.folderOf(path).length + 1);
    const before = found.get(name);
    if (before !== undefined && before.sha256 !== digest.sha256) throw new AppError('bad-input', `Two files are called ${name}, with other bytes: ${before.path} and ${path}.`, { hint: 'Keep the outputs of one build in the folders that are named.' });
    if (before === undefined) found.set(name, { name, path, ...digest });
  }
  await assertChecksummed(ports, artifacts, found);
  return [...found.values()];
}

/** §5.1.3: checksums are stored with the artifacts, so they are made first. */
async function assertChecksummed(ports: StorePorts, artifacts: Assessment['artifacts'], found: ReadonlyMap<string, Wanted>): Promise<void> {
  const texts = await Promise.all([...found.values()].filter(({ name }) => name === 'SHA256SUMS' || name.endsWith('.sha256')).map(({ path }) => ports.readText(path, MAX_LIST)));
  const listed = new Set(texts.flatMap((text) => parseChecksums(text) ?? []).map(({ name, sha256 }) => `${name} ${sha256}`));
  const without = artifacts.filter(({ name, sha256 }) => !listed.has(`${name} ${sha256}`)).map(({ name }) => name);
  if (without.length > 0) throw new AppError('bad-input', `No checksum beside ${without.length === 1 ? 'it' : 'them'} lists ${without.join(', ')}.`, { hint: 'Sign the files first: that writes their checksums too. Then store both together.' });
}

/** What was read back earlier is evidence: it is never replaced by something else. */
async function assertFree(ports: StorePorts, folder: string, wanted: readonly Wanted[], signal: AbortSignal): Promise<void> {
  for (const { name, sha256 } of wanted) {
    const there = await ports.hashOf(ports.joined(folder, name), signal);
    if (there !== null && there.sha256 !== sha256) throw new AppError('already-exists', `${ports.joined(folder, name)} holds other bytes, read back from another upload.`, { hint: 'Keep it elsewhere, or name another folder for what is read back.', details: { path: folder } });
  }
}

async function keep(ports: StorePorts, back: ReadBack, folder: string, { wanted, commit, run }: { readonly wanted: readonly Wanted[]; readonly commit: string; readonly run: string }, context: CallContext): Promise<{ folder: string; manifest: string }> {
  await back.keep(wanted.map(({ name }) => name));
  const { path } = await ports.bind(folder, commit, run, context);
  return { folder, manifest: path };
}

/** A run of step 3 of the pipeline (policy §2, §5.2.3), as this console saw it. */
function recordOf({ report, range }: Pick<Assessment, 'report' | 'range'>, { place, startedAt, endedAt, by, wanted, differing, guard }: {
  readonly place: string; readonly startedAt: string; readonly endedAt: string; readonly by: string; readonly wanted: readonly Wanted[]; readonly differing: readonly string[]; readonly guard: Guard;
}): GenesisRecord {
  return {
    event_type: 'pipeline_execution', pipeline: 'artifact-repository', run: `${report.release} to ${place}`, release_version: report.release, commit: range.commit,
    started_at: startedAt, ended_at: endedAt, status: differing.length === 0 ? 'success' : 'failure', triggered_by: by,
    artifact_repository: place, read_back: differing.length === 0 ? 'same bytes' : 'other bytes', overwriting: guard === 'atomic' ? 'refused by the repository' : 'looked for beforehand',
    files_total: wanted.length, outputs_sha256: Object.fromEntries(wanted.slice(0, LISTED_IN_RECORD).map(({ name, sha256 }) => [name, sha256])),
    ...(differing.length === 0 ? {} : { differing: differing.slice(0, LISTED_IN_RECORD) }),
  };
}

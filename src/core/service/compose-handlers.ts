import type { JudgedEntry } from '../approval/acts.ts';
import { composeRecord, readFields, type ComposedEvent, type KnownFacts } from '../archive/compose-record.ts';
import { entryId } from '../archive/entry-id.ts';
import type { RecordParts } from '../archive/entry.ts';
import { relationProblem } from '../archive/relations.ts';
import type { Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import type { AttachmentRef, EntryRef, GenesisRecord } from '../model/archive.ts';
import { ApprovalRecord } from '../model/approval.ts';
import { AppError } from '../model/errors.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { OpenRepository } from '../workflow/repository.ts';
import type { ArchivePort } from './archive-port.ts';
import { instant } from './release-handlers.ts';
import { judgedActs } from './signed-statements.ts';

export interface ComposePorts {
  readonly archive: () => Promise<ArchivePort & { readonly append: (drafts: readonly RecordParts[]) => Promise<Output<'archive.record'>[]> }>;
  readonly rosterInForce: (at: string) => Promise<RosterInForce | null>;
  /** What an entry comes to as an act of the person whom it names. */
  readonly judge: (id: string) => Promise<JudgedEntry>;
  readonly openRepository: OpenRepository;
  readonly readText: (path: string, limit: number) => Promise<string>;
  readonly now: () => Date;
}

const MAX_RECORD_BYTES = 64 * 1024;
const LOOKED_THROUGH = 1_000;

/** Records of policy §11 that this console composes: held against repository, signatures and roster, and joined to what they are about. */
export function composeHandlers(ports: ComposePorts): Pick<Handlers, 'archive.compose'> {
  return {
    'archive.compose': async ({ event, from, repo, attach }, work) => {
      const value = parseJson(await ports.readText(from, MAX_RECORD_BYTES), from);
      return composeAndAppend(ports, event, value, { repo, refs: [], attachments: async (archive) => archive.keep(attach, work) });
    },
  };
}

/** Composes a record strictly, joins it to what it is about and to what else is named, and appends it. */
export async function composeAndAppend(
  ports: Omit<ComposePorts, 'readText'>, event: ComposedEvent, value: unknown,
  { repo, refs: named, attachments, byWord = new Set() }: {
    readonly repo: string | null; readonly refs: readonly EntryRef[]; readonly attachments?: (archive: ArchivePort) => Promise<AttachmentRef[]>;
    /** Whose approval by word opened it in an emergency, by their ids (FORMATS §7). */
    readonly byWord?: ReadonlySet<string>;
  },
): Promise<Output<'archive.compose'>> {
  const fields = readFields(event, value);
  const archive = await ports.archive();
  const facts = await factsOf(ports, archive, event, fields, repo);
  const record = composeRecord(event, fields, { ...facts, approvedBy: new Set([...facts.approvedBy, ...byWord]) });
  const refs = [...(await refsOf(archive, event, record)), ...named];
  const [appended] = await archive.append([{ record, refs, attachments: (await attachments?.(archive)) ?? [] }]);
  if (appended === undefined) throw new TypeError('nothing was appended');
  return { ...appended, refs: refs.map((ref) => ({ rel: ref.rel, id: entryId(ref) })) };
}

async function factsOf(ports: Omit<ComposePorts, 'readText'>, archive: ArchivePort, event: ComposedEvent, fields: GenesisRecord, repo: string | null): Promise<KnownFacts> {
  const now = ports.now();
  const roster = (await ports.rosterInForce(instant(now)))?.roster ?? null;
  if (event !== 'release') return { roster, now, signed: new Map(), approvedBy: new Set(), commit: 'no-repository' };
  const version = String(fields['release_version']);
  return { roster, now, signed: await signedIn(archive, version), approvedBy: await approversOf(ports, archive, version), commit: repo === null ? 'no-repository' : await commitIn(ports, repo, String(fields['release_commit'])) };
}

async function commitIn({ openRepository }: Pick<ComposePorts, 'openRepository'>, repo: string, named: string): Promise<string | null> {
  if (!/^[0-9a-f]{7,64}$/.test(named)) return null;
  const repository = await openRepository(repo);
  try {
    return await repository.resolve(named);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'unknown-revision') return null;
    throw cause;
  }
}

interface Found {
  readonly id: string;
  readonly ref: Omit<EntryRef, 'rel'>;
  readonly record: GenesisRecord;
  readonly proven: boolean;
}

/** The newest entries of one type about a version, newest first; what was imported stands for nothing here (FORMATS §4). */
async function entriesOf(archive: ArchivePort, event_type: string, release: string): Promise<Found[]> {
  const { entries } = await archive.list({ origin: null, event_type, release, offset: 0, limit: LOOKED_THROUGH });
  return Promise.all(
    entries.filter(({ imported }) => !imported).map(async ({ id, origin, seq, leaf, person }) => ({ id, ref: { origin, seq, leaf }, record: (await archive.show(id)).entry.record, proven: person === 'proven' })),
  );
}

async function signedIn(archive: ArchivePort, version: string): Promise<ReadonlyMap<string, string>> {
  const signed = new Map<string, string>();
  // The oldest first, so that what was signed last counts.
  for (const { record } of (await entriesOf(archive, 'signing', version)).reverse()) {
    for (const field of ['release_artifacts_sha256', 'checksums_sha256', 'signatures_sha256']) {
      for (const [name, digest] of Object.entries((record[field] ?? {}) as Record<string, unknown>)) if (typeof digest === 'string') signed.set(name, digest);
    }
  }
  return signed;
}

async function approversOf({ judge }: Pick<ComposePorts, 'judge'>, archive: ArchivePort, version: string): Promise<ReadonlySet<string>> {
  const judged = (await judgedActs(archive, version, judge)).filter(({ entry: { record }, act }) => record.event_type === 'approval' && record['release_version'] === version && act.standing === 'counts');
  return new Set(judged.flatMap(({ entry, act }) => {
    const role = ApprovalRecord.safeParse(entry.record).data?.approver_role;
    return role !== undefined && act.roles.has(role) && act.person !== null ? [act.person.id] : [];
  }));
}

/** A release points at its newest deployment; a rollback at what it rolls back, and at what it restores. */
async function refsOf(archive: ArchivePort, event: ComposedEvent, record: GenesisRecord): Promise<EntryRef[]> {
  const wanted: readonly (readonly [string, string, string])[] = {
    release: [['deployed-by', 'deployment', 'release_version']] as const,
    deployment: [['deploys', 'signing', 'release_version']] as const,
    rollback: [['rolls-back', 'deployment', 'from_version'], ['restores', 'deployment', 'to_version']] as const,
  }[event];
  const refs: EntryRef[] = [];
  for (const [rel, type, field] of wanted) {
    const fitting = (await entriesOf(archive, type, String(record[field]))).find((found) => relationProblem(rel, record, found.record) === null);
    if (fitting !== undefined) refs.push({ rel, ...fitting.ref });
  }
  return refs;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('malformed', `${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { details: { path: file }, cause });
  }
}

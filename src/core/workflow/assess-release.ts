import picomatch from 'picomatch';
import type { AssessedLine, Assessment } from '../contract/contract.ts';
import { APPROVALS, judgeChecklist, gateOf, type JudgedLine } from '../checks/judge-checklist.ts';
import { NO_STATEMENTS, type SignedStatements } from '../approval/read-statements.ts';
import { isSkipped } from '../checks/in-emergency.ts';
import type { ChangedFile, Facts, LockedFile, PlanInForce, RepositoryDocument, Signer } from '../checks/check.ts';
import type { Progress } from '../contract/serve.ts';
import type { EvidenceItem, EvidenceLimits } from '../model/evidence.ts';
import { AppError } from '../model/errors.ts';
import type { Artifact, Commit, CommitRange, ReleaseDraft } from '../model/release.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { CheckReport, CheckResult, ReleaseTypes } from '../model/verdict.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import type { ReleaseType } from '../model/primitives.ts';
import type { Policy } from '../policy/policy.ts';
import { authored, clashOf } from '../roster/differ.ts';
import { personByKey, rolesOf } from '../roster/people.ts';
import { lockedPackages } from '../sbom/locked-packages.ts';
import { digestOf, sha256Of } from './canonical.ts';
import { NOT_EXPEDITED, type Expedited } from './expedited.ts';
import { lastReleaseBefore, releaseTypes } from './release-types.ts';
import type { OpenRepository, Repository } from './repository.ts';
import { releaseCommit } from './release-commit.ts';
import { standingOf } from './standing.ts';
import { stepsOf } from './steps.ts';

/** A policy file as it was read. */
export interface PolicyInForce {
  readonly policy: Policy;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  readonly file: string;
}

/** What judging a release needs from the machine. */
export interface AssessmentPorts {
  readonly openRepository: OpenRepository;
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
  readonly listEvidence: (folder: string, limits: EvidenceLimits, context: WorkContext) => Promise<EvidenceItem[]>;
  readonly findArtifacts: (folder: string, items: readonly EvidenceItem[], globs: readonly string[], roster: RosterInForce | null, at: string, signal: AbortSignal) => Promise<Artifact[]>;
  /** Reads one text of the commit as evidence. */
  readonly readDocument: (path: string, bytes: Uint8Array, limits: EvidenceLimits) => Promise<EvidenceItem | null>;
  /** The roster that this console holds and that is in force at a time; null where there is none. */
  readonly rosterInForce: (at: string, signal: AbortSignal) => Promise<RosterInForce | null>;
  /** Why the roster that is held is not in force; null where none is held, or it is. */
  readonly rosterProblem: (at: string) => Promise<string | null>;
  /** Whose keys of the roster signed commits; a commit that nobody of it signed is left out. */
  readonly commitSigners: (repository: Repository, ids: readonly string[], roster: RosterInForce, at: string, signal: AbortSignal) => Promise<ReadonlyMap<string, Signer>>;
  /** What people signed in the archive that bears on a release, as far as the roster proves whose word it is. */
  readonly signedStatements: (release: string, roster: RosterInForce, at: string, signal: AbortSignal) => Promise<SignedStatements>;
  /** The plan of the release that rules, or the plans that stand beside each other. */
  readonly planOf: (release: string, roster: RosterInForce, planners: readonly string[], at: string, signal: AbortSignal) => Promise<{ readonly plan: PlanInForce | null; readonly disputed: readonly string[] }>;
  /** What an emergency that the release mends makes of its judging (policy §10.2). */
  readonly expedited: (release: string, roster: RosterInForce, policy: PolicyInForce, at: string) => Promise<Expedited>;
  /** The artifacts' digests by name that the archive recorded for a release. */
  readonly recordedArtifacts: (version: string) => Promise<ReadonlyMap<string, string> | null>;
}

export interface WorkContext {
  readonly signal: AbortSignal;
  readonly progress: (step: Progress) => void;
}

/** More commits than this are counted and judged, but not sent to the window. */
const COMMITS_SHOWN = 5_000;
const FINDINGS_SHOWN = 500;
const MAX_DOCUMENTS = 2_000;
const MAX_CHANGED_READ = 20_000;
const MAX_CHANGED_BYTES = 1024 * 1024;

/** A release as it was judged at a time, before anything of it is recorded. */
export type JudgedRelease = Omit<Assessment, 'recorded' | 'difference'>;

/** Gathers everything that is known about a release, then judges it. */
export async function assessRelease(ports: AssessmentPorts, draft: ReleaseDraft, at: string, context: WorkContext): Promise<JudgedRelease> {
  const gathered = await gather(ports, draft, at, context);
  return judge(gathered, draft, at);
}

interface Gathered {
  readonly inForce: PolicyInForce;
  readonly range: CommitRange;
  readonly types: ReleaseTypes;
  readonly files: readonly string[];
  readonly changes: readonly ChangedFile[];
  readonly lockedFiles: readonly LockedFile[];
  readonly documents: readonly RepositoryDocument[];
  readonly documentsBefore: readonly RepositoryDocument[];
  readonly roster: RosterInForce | null;
  readonly rosterProblem: string | null;
  readonly commitSigners: ReadonlyMap<string, Signer>;
  readonly statements: SignedStatements;
  readonly planned: { readonly plan: PlanInForce | null; readonly disputed: readonly string[] };
  readonly expedited: Expedited;
  readonly evidence: readonly { readonly folder: string; readonly item: EvidenceItem }[];
  readonly artifacts: readonly Artifact[];
}

async function gather(ports: AssessmentPorts, draft: ReleaseDraft, at: string, context: WorkContext): Promise<Gathered> {
  const step = (label: string, done: number): void => context.progress({ label, item: null, done, total: 5, unit: 'steps' });
  const inForce = await ports.readPolicy(draft.policyFile);
  const limits = evidenceLimits(inForce.policy);
  step('Reading the commits', 0);
  const repository = await ports.openRepository(draft.repo);
  const { range, changes } = await readRange(repository, draft, context.signal);
  const files = await repository.files(range.commit, context.signal);
  step('Reading the documents of the commit', 1);
  const read = (commit: string): Promise<RepositoryDocument[]> => readDocuments(ports, repository, commit, { policy: inForce.policy, changes, limits }, context.signal);
  const [documents, documentsBefore] = await Promise.all([read(range.commit), range.since === null ? [] : read(range.since.commit)]);
  const lockedFiles = await readLockFiles(repository, range.commit, files, inForce.policy, context.signal);
  step('Reading the outputs', 2);
  const roster = await ports.rosterInForce(at, context.signal);
  const { evidence: found, artifacts } = await readOutputs(ports, draft, { policy: inForce.policy, limits, roster, at }, context);
  step('Judging', 4);
  const before = range.since === null ? null : await ports.recordedArtifacts(range.since.name);
  const commitSigners = roster === null ? NO_SIGNERS : await ports.commitSigners(repository, claimingReview(range.commits), roster, at, context.signal);
  const statements = roster === null ? NO_STATEMENTS : await ports.signedStatements(draft.version, roster, at, context.signal);
  const types = releaseTypes({
    version: draft.version, since: range.since?.name ?? null, declared: draft.declared,
    leftOut: leftOutTypes(statements, range.commit, inForce.policy, roster), securityMarks: range.commits.flatMap(({ securityMarks }) => securityMarks),
  });
  const planned = roster === null ? { plan: null, disputed: [] } : await ports.planOf(draft.version, roster, inForce.policy.parameters.planning_roles.value, at, context.signal);
  const expedited = roster === null ? NOT_EXPEDITED : await ports.expedited(draft.version, roster, inForce, at);
  const evidence = found.map(({ folder, item }) => ({ folder, item: attested(item, statements.attestedBindings) }));
  return { inForce, range, types, files, changes, lockedFiles, documents, documentsBefore, roster, rosterProblem: roster === null ? await ports.rosterProblem(at) : null, commitSigners, statements, planned, expedited, evidence, artifacts: artifacts.map((artifact) => compared(artifact, before)) };
}

/** Types that somebody with a role for that signed this commit not to be of, where another person of the roster asked (FORMATS §1, §5). */
function leftOutTypes({ leftOutTypes: signed }: SignedStatements, commit: string, { parameters }: Policy, roster: RosterInForce | null): ReleaseType[] {
  return signed.filter((one) => {
    const asker = roster?.roster.people.find(({ id }) => id === one.askedBy) ?? null;
    return one.commit === commit && parameters.fewer_types_roles.value.some((role) => one.signer.roles.has(role)) && asker !== null && clashOf('types', [asker, one.signer]) === null;
  }).flatMap(({ types }) => types);
}

/** Who signed more than these is not asked. */
const MAX_SIGNED = 20_000;
const NO_SIGNERS: ReadonlyMap<string, Signer> = new Map();

function claimingReview(commits: readonly Commit[]): string[] {
  return commits.filter(({ reviews }) => reviews.some(({ kind }) => kind === 'reviewed-by' || kind === 'approved-by')).map(({ id }) => id).slice(0, MAX_SIGNED);
}

/** A report that names no commit belongs to the one of which somebody signed that it is (FORMATS §2). */
function attested(item: EvidenceItem, bindings: ReadonlyMap<string, string>): EvidenceItem {
  const { file } = item;
  const commit = file.binding === 'none' && file.problem === null && file.sha256 !== null ? bindings.get(file.sha256) : undefined;
  return commit === undefined ? item : { ...item, commit, file: { ...file, binding: 'attested' } };
}

/** The commit that is released (the version's own tag, else HEAD) and everything since the last release. */
export async function readRange(repository: Repository, draft: Pick<ReleaseDraft, 'version' | 'since'>, signal: AbortSignal): Promise<{ range: CommitRange; changes: readonly ChangedFile[] }> {
  const state = await repository.inspect();
  const commit = await releaseCommit(repository, draft.version);
  const own = state.tags.find(({ name }) => name === draft.version);
  const since = await lastRelease(repository, draft, state.tags, commit);
  const { commits, changes } = await repository.history(commit, since?.commit ?? null, signal);
  const range: CommitRange = {
    commit, from: own === undefined ? 'head' : 'tag', branch: state.branch, since,
    shallow: state.shallow, bare: state.bare, dirty: state.bare ? false : await repository.isDirty(),
    total: commits.length, commits: [...commits],
  };
  return { range, changes };
}

/** The release that one follows: the one that was named, else the newest tag before it on the same line of history. */
export async function lastRelease(
  repository: Repository, draft: Pick<ReleaseDraft, 'version' | 'since'>, tags: readonly { name: string; commit: string }[], commit: string,
): Promise<CommitRange['since']> {
  if (draft.since !== null) {
    const resolved = await repository.resolve(draft.since);
    if (!(await repository.isAncestor(resolved, commit))) {
      throw new AppError('bad-input', `${draft.since} is not an ancestor of the commit that is released (${commit.slice(0, 12)}).`, {
        hint: 'Name the tag of the release before this one, on the same line of history.', details: { since: draft.since, commit },
      });
    }
    return { name: draft.since, commit: resolved };
  }
  let candidates = tags.filter(({ name }) => name !== draft.version);
  for (;;) {
    const tag = lastReleaseBefore(candidates, draft.version);
    if (tag === null) return null;
    // A newer tag on another line of history is not the last release of this one.
    if (await repository.isAncestor(tag.commit, commit)) return { name: tag.name, commit: tag.commit };
    candidates = candidates.filter(({ name }) => name !== tag.name);
  }
}

const MAX_LOCK_BYTES = 128 * 1024 * 1024;

/** A lock file is either named by a glob or excluded by one that begins with `!`. */
async function readLockFiles(repository: Repository, commit: string, files: readonly string[], { parameters }: Policy, signal: AbortSignal): Promise<LockedFile[]> {
  const globs = parameters.sbom_lock_files.value;
  const named = picomatch(globs.filter((glob) => !glob.startsWith('!')), { dot: true, ignore: globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)) });
  const paths = files.filter((file) => named(file)).sort();
  const read = paths.length === 0 ? [] : await repository.readMany(commit, paths, MAX_LOCK_BYTES, signal);
  return read.map(({ path, bytes }) => lockedPackages(path, new TextDecoder().decode(bytes)));
}

/** Which texts of a commit some line of the checklist reads. */
function documentGlobs({ parameters }: Policy): string[] {
  const { changelog_files, release_notes_files, api_files, performance_baselines, code_owner_files, configuration_documents, environment_declared, secret_inventory_files, monitoring_files } = parameters;
  return [changelog_files, release_notes_files, api_files, performance_baselines, code_owner_files, configuration_documents, environment_declared, secret_inventory_files, monitoring_files].flatMap(({ value }) => value);
}

/** Which files are read only where they differ from the last release: what configures, and what reads variables (§3.5). */
function changedGlobs({ parameters: { configuration_files, environment_readers } }: Policy): string[] {
  return [...configuration_files.value, ...environment_readers.value];
}

async function readDocuments(
  ports: AssessmentPorts, repository: Repository, commit: string,
  { policy, changes, limits }: { readonly policy: Policy; readonly changes: readonly ChangedFile[]; readonly limits: EvidenceLimits }, signal: AbortSignal,
): Promise<RepositoryDocument[]> {
  const wanted = picomatch(documentGlobs(policy), { dot: true });
  const paths = (await repository.files(commit, signal)).filter((file) => wanted(file)).sort();
  if (paths.length > MAX_DOCUMENTS) {
    throw new AppError('too-large', `${paths.length} files of commit ${commit.slice(0, 12)} match the documents that the policy names; ${MAX_DOCUMENTS} are read.`, {
      hint: 'Make the globs in the policy file narrower.', details: { commit, files: paths.length },
    });
  }
  const files = paths.length === 0 ? [] : await repository.readMany(commit, paths, limits.bytes.changelog ?? limits.bytes.default, signal);
  const always: RepositoryDocument[] = [];
  for (const { path, bytes } of files) {
    const read = await ports.readDocument(path, bytes, limits);
    // It is part of the commit, so it names the commit as surely as anything can.
    const item: EvidenceItem | null = read === null ? null : { ...read, commit, file: { ...read.file, path: `repository:${path}`, binding: 'in-report' } };
    always.push({ ...documentOf({ path, bytes }), item });
  }
  const known = new Set(paths);
  const differs = picomatch(changedGlobs(policy), { dot: true });
  const changed = changes.map(({ path }) => path).filter((path) => !known.has(path) && differs(path)).sort().slice(0, MAX_CHANGED_READ);
  // One that is too large is left out, and the line that needed it says so.
  const read = changed.length === 0 ? [] : await repository.readMany(commit, changed, MAX_CHANGED_BYTES, signal, 'left-out');
  return [...always, ...read.map(documentOf)];
}

function documentOf({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): RepositoryDocument {
  return { path: `repository:${path}`, sha256: sha256Of(bytes), text: new TextDecoder().decode(bytes), item: null };
}

async function readOutputs(
  ports: AssessmentPorts, draft: ReleaseDraft, { policy, limits, roster, at }: { readonly policy: Policy; readonly limits: EvidenceLimits; readonly roster: RosterInForce | null; readonly at: string }, context: WorkContext,
): Promise<Pick<Gathered, 'evidence' | 'artifacts'>> {
  const evidence: { folder: string; item: EvidenceItem }[] = [];
  const artifacts: Artifact[] = [];
  const names = folderNames(draft.outputs);
  for (const [index, folder] of draft.outputs.entries()) {
    const items = await ports.listEvidence(folder, limits, context);
    const found = await ports.findArtifacts(folder, items, policy.parameters.artifact_files.value, roster, at, context.signal);
    const place = (path: string): string => (draft.outputs.length === 1 ? path : `${names[index] ?? ''}/${path}`);
    evidence.push(...items.map((item) => ({ folder, item: { ...item, file: { ...item.file, path: place(item.file.path) } } })));
    const isStored = picomatch([...policy.parameters.stored_files.value], { dot: true });
    artifacts.push(...found.filter(({ path }) => !isStored(path)).map((artifact) => ({ ...artifact, path: place(artifact.path), coveredBy: artifact.coveredBy.map(place) })));
  }
  return { evidence, artifacts };
}

/** With several folders a path alone does not say which: each gets its own name, and its position where names are shared. */
function folderNames(folders: readonly string[]): string[] {
  const last = folders.map((folder) => folder.replace(/[/\\]+$/, '').split(/[/\\]/).at(-1) ?? '');
  return last.map((name, index) => (name === '' || name === '.' || last.indexOf(name) !== last.lastIndexOf(name) ? `${index + 1}-${name}` : name));
}

function compared(artifact: Artifact, before: ReadonlyMap<string, string> | null): Artifact {
  if (before === null) return artifact;
  const last = before.get(artifact.name);
  return { ...artifact, changed: last === undefined ? 'new' : last === artifact.sha256 ? 'same' : 'changed' };
}

/** Judges what was gathered; pure, so that equal inputs give equal bytes. */
function judge(gathered: Gathered, draft: ReleaseDraft, at: string): JudgedRelease {
  const { inForce, range, types, evidence, artifacts } = gathered;
  const facts: Facts = {
    version: draft.version, commit: range.commit, types: new Set(types.effective), at, range,
    files: gathered.files, documents: gathered.documents, documentsBefore: gathered.documentsBefore, changes: gathered.changes, lockedFiles: gathered.lockedFiles, roster: gathered.roster, commitSigners: gathered.commitSigners, ...gathered.statements, ...withSpoken(gathered), plan: gathered.planned.plan, plansDisputed: gathered.planned.disputed, subjectDigest: null, evidence: evidence.map(({ item }) => item), artifacts,
  };
  const judged = judgeChecklist(facts, inForce.policy, (results) => subjectDigestOf(gathered, draft, results));
  const report = reportOf(gathered, draft, at, judged.map(({ result }) => result));
  const { policy } = inForce;
  return {
    draft, report, range: { ...range, commits: range.commits.slice(0, COMMITS_SHOWN) }, artifacts: [...artifacts],
    evidence: evidence.map(({ folder, item }) => ({ ...item.file, folder, commit: item.commit })),
    lines: judged.map(lineOf),
    sections: policy.sections.map(({ section, title }) => ({
      section, title, lines: judged.filter(({ line }) => line.section === section).map(({ line }) => line.id),
    })),
    steps: stepsOf(report.results, policy.parameters.step_lines.value),
    planDigest: gathered.planned.plan?.digest ?? null,
    emergency: emergencyShown(gathered.expedited, policy),
    standing: standingOf(facts, judged, inForce, gathered.rosterProblem),
    deciders: decidersOf(facts),
    policy: { id: policy.policy.id, title: policy.policy.title, version: policy.policy.version, digest: inForce.digest, file: inForce.file },
  };
}

/** What was said by word counts beside what was signed, only in an emergency (FORMATS §7). */
function withSpoken({ statements, expedited }: Gathered): Pick<Facts, 'approvals' | 'uncounted' | 'emergency' | 'emergencyKeys'> {
  return { emergency: expedited.emergency, emergencyKeys: expedited.emergencyKeys, approvals: [...statements.approvals, ...expedited.approvals], uncounted: [...statements.uncounted, ...expedited.uncounted] };
}

function emergencyShown({ emergency }: Expedited, policy: Policy): Assessment['emergency'] {
  if (emergency === null) return null;
  const skipped = policy.lines.filter(({ id, applies }) => applies !== 'never' && isSkipped(emergency, policy, id)).map(({ id }) => id);
  return { id: emergency.id, record: emergency.record, skipped };
}

/** Whoever has a key for approvals, whether or not a line asks them: before anybody signs, it is said whose word could not count. */
function decidersOf({ roster, range, at }: Facts): Assessment['deciders'] {
  if (roster === null) return [];
  return roster.roster.people
    .filter((person) => person.keys.some(({ fingerprint }) => personByKey(roster.roster, fingerprint, 'approve') === person))
    .map((person) => ({ id: person.id, name: person.name, roles: [...rolesOf(roster.roster, person, at)].sort(), authored: authored(person, { range }) }));
}

/** The report of FORMATS §3. Without a roster in force that names the policy file the gate is closed, and says why. */
function reportOf(gathered: Gathered, draft: ReleaseDraft, at: string, results: CheckResult[]): CheckReport {
  const { inForce, range, types, evidence, roster } = gathered;
  const authority = roster?.roster.policy_digests.includes(inForce.digest) === true ? 'proved' : 'unproved';
  const report: Omit<CheckReport, 'digest'> = {
    v: 1, release: draft.version, types, policyDigest: inForce.digest, rosterDigest: roster?.digest ?? null, at,
    gate: gateOf(results, authority), authority, results, subjectDigest: subjectDigestOf(gathered, draft, results),
  };
  const inputs = {
    commit: range.commit,
    since: range.since,
    evidence: evidence.map(({ item: { file } }) => ({ path: file.path, sha256: file.sha256 })),
  };
  return { ...report, digest: digestOf({ report, inputs }) };
}

/** What an approval is about (FORMATS §3). */
function subjectDigestOf({ inForce, range, types, artifacts, roster, planned }: Gathered, { version }: ReleaseDraft, results: readonly CheckResult[]): string {
  return digestOf({
    release: version,
    commit: range.commit,
    types: types.effective,
    artifacts: artifacts.map(({ path, sha256 }) => ({ name: path, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    // Without §3.6 and without words, which hold times: an approval that arrives or a day that passes changes nothing.
    verdicts: results.filter(({ section }) => section !== APPROVALS).map(({ id, status, evidence: rests }) => ({ id, status, evidence: rests })),
    planDigest: planned.plan?.digest ?? null,
    policyDigest: inForce.digest,
    rosterDigest: roster?.digest ?? null,
  });
}

function lineOf({ line, verdict, result }: JudgedLine): AssessedLine {
  const findings = verdict.status === 'failed' ? verdict.findings : [];
  return {
    result,
    words: line.words,
    appliesTo: line.applies === 'always' ? null : line.applies,
    judgedBy: line.judged_by === 'machine' ? 'machine' : 'person',
    attestableBy: line.judged_by === 'attestation' ? line.roles : [],
    approvedBy: line.judged_by === 'approval' ? line.roles : [],
    findings: findings.slice(0, FINDINGS_SHOWN).map((finding) => ({ ...finding })),
    findingsTotal: findings.length,
    needs: verdict.status === 'missing' ? [...verdict.needs] : [],
    question: verdict.status === 'needs-person' ? verdict.question : null,
  };
}

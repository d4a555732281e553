import picomatch from 'picomatch';
import type { AssessedLine, Assessment } from '../contract/contract.ts';
import { judgeChecklist, gateOf, type JudgedLine } from '../checks/judge-checklist.ts';
import type { Facts, RepositoryDocument } from '../checks/check.ts';
import type { Progress } from '../contract/serve.ts';
import type { EvidenceItem, EvidenceLimits } from '../model/evidence.ts';
import { AppError } from '../model/errors.ts';
import type { Artifact, CommitRange, ReleaseDraft } from '../model/release.ts';
import type { CheckReport, CheckResult, ReleaseTypes } from '../model/verdict.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { digestOf, sha256Of } from './canonical.ts';
import { lastReleaseBefore, releaseTypes } from './release-types.ts';
import type { OpenRepository, Repository } from './repository.ts';
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
  readonly findArtifacts: (folder: string, items: readonly EvidenceItem[], globs: readonly string[], signal: AbortSignal) => Promise<Artifact[]>;
  /** Reads one text of the commit as evidence. */
  readonly readDocument: (path: string, bytes: Uint8Array, limits: EvidenceLimits) => EvidenceItem | null;
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
const MAX_DOCUMENTS = 200;

/** Gathers everything that is known about a release, then judges it. */
export async function assessRelease(
  ports: AssessmentPorts, draft: ReleaseDraft, at: string, context: WorkContext,
): Promise<Omit<Assessment, 'recorded'>> {
  const gathered = await gather(ports, draft, context);
  return judge(gathered, draft, at);
}

interface Gathered {
  readonly inForce: PolicyInForce;
  readonly range: CommitRange;
  readonly types: ReleaseTypes;
  readonly files: readonly string[];
  readonly documents: readonly RepositoryDocument[];
  readonly evidence: readonly { readonly folder: string; readonly item: EvidenceItem }[];
  readonly artifacts: readonly Artifact[];
}

async function gather(ports: AssessmentPorts, draft: ReleaseDraft, context: WorkContext): Promise<Gathered> {
  const step = (label: string, done: number): void => context.progress({ label, item: null, done, total: 5, unit: 'steps' });
  const inForce = await ports.readPolicy(draft.policyFile);
  const limits = evidenceLimits(inForce.policy);
  step('Reading the commits', 0);
  const repository = await ports.openRepository(draft.repo);
  const range = await readRange(repository, draft, context.signal);
  const files = await repository.files(range.commit, context.signal);
  step('Reading the documents of the commit', 1);
  const documents = await readDocuments(ports, repository, range.commit, files, inForce.policy, limits);
  step('Reading the outputs', 2);
  const { evidence, artifacts } = await readOutputs(ports, draft, inForce.policy, limits, context);
  step('Judging', 4);
  const types = releaseTypes({
    version: draft.version, since: range.since?.name ?? null, declared: draft.declared,
    securityMarks: range.commits.flatMap(({ securityMarks }) => securityMarks),
  });
  const before = range.since === null ? null : await ports.recordedArtifacts(range.since.name);
  return { inForce, range, types, files, documents, evidence, artifacts: artifacts.map((artifact) => compared(artifact, before)) };
}

/** The commit that is released (the version's own tag, else HEAD) and everything since the last release. */
async function readRange(repository: Repository, draft: ReleaseDraft, signal: AbortSignal): Promise<CommitRange> {
  const state = await repository.inspect();
  const own = state.tags.find(({ name }) => name === draft.version);
  const commit = own?.commit ?? (await repository.resolve('HEAD'));
  const since = await lastRelease(repository, draft, state.tags, commit);
  const commits = await repository.range(commit, since?.commit ?? null, signal);
  return {
    commit, from: own === undefined ? 'head' : 'tag', branch: state.branch, since,
    shallow: state.shallow, bare: state.bare, dirty: state.bare ? false : await repository.isDirty(),
    total: commits.length, commits: [...commits],
  };
}

async function lastRelease(
  repository: Repository, draft: ReleaseDraft, tags: readonly { name: string; commit: string }[], commit: string,
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

async function readDocuments(
  ports: AssessmentPorts, repository: Repository, commit: string, files: readonly string[], policy: Policy, limits: EvidenceLimits,
): Promise<RepositoryDocument[]> {
  const { changelog_files, release_notes_files } = policy.parameters;
  const wanted = picomatch([...changelog_files.value, ...release_notes_files.value], { dot: true });
  const documents: RepositoryDocument[] = [];
  for (const path of files.filter((file) => wanted(file)).sort().slice(0, MAX_DOCUMENTS)) {
    const file = await repository.read(commit, path, limits.bytes.changelog ?? limits.bytes.default);
    if (file === null) continue;
    const read = ports.readDocument(path, file.bytes, limits);
    documents.push({
      path: `repository:${path}`,
      sha256: sha256Of(file.bytes),
      text: new TextDecoder().decode(file.bytes),
      // It is part of the commit, so it names the commit as surely as anything can.
      item: read === null ? null : { ...read, commit, file: { ...read.file, path: `repository:${path}`, binding: 'in-report' } },
    });
  }
  return documents;
}

async function readOutputs(
  ports: AssessmentPorts, draft: ReleaseDraft, policy: Policy, limits: EvidenceLimits, context: WorkContext,
): Promise<Pick<Gathered, 'evidence' | 'artifacts'>> {
  const evidence: { folder: string; item: EvidenceItem }[] = [];
  const artifacts: Artifact[] = [];
  const names = folderNames(draft.outputs);
  for (const [index, folder] of draft.outputs.entries()) {
    const items = await ports.listEvidence(folder, limits, context);
    const found = await ports.findArtifacts(folder, items, policy.parameters.artifact_files.value, context.signal);
    const place = (path: string): string => (draft.outputs.length === 1 ? path : `${names[index] ?? ''}/${path}`);
    evidence.push(...items.map((item) => ({ folder, item: { ...item, file: { ...item.file, path: place(item.file.path) } } })));
    artifacts.push(...found.map((artifact) => ({ ...artifact, path: place(artifact.path), coveredBy: artifact.coveredBy.map(place) })));
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
function judge(gathered: Gathered, draft: ReleaseDraft, at: string): Omit<Assessment, 'recorded'> {
  const { inForce, range, types, evidence, artifacts } = gathered;
  const facts: Facts = {
    version: draft.version, commit: range.commit, types: new Set(types.effective), at, range,
    files: gathered.files, documents: gathered.documents, documentsBefore: [], changes: [], roster: null, evidence: evidence.map(({ item }) => item), artifacts,
  };
  const judged = judgeChecklist(facts, inForce.policy);
  const report = reportOf(gathered, draft, at, judged.map(({ result }) => result));
  const { policy } = inForce;
  return {
    draft, report, range: { ...range, commits: range.commits.slice(0, COMMITS_SHOWN) }, artifacts: [...artifacts],
    evidence: evidence.map(({ folder, item }) => ({ ...item.file, folder, commit: item.commit })),
    lines: judged.map(lineOf),
    sections: policy.sections.map(({ section, title }) => ({
      section, title, lines: judged.filter(({ line }) => line.section === section).map(({ line }) => line.id),
    })),
    steps: stepsOf(report.results),
    policy: { id: policy.policy.id, title: policy.policy.title, version: policy.policy.version, digest: inForce.digest, file: inForce.file },
  };
}

/** The report of FORMATS §3. No roster can be in force yet, so the gate is closed and says why. */
function reportOf({ inForce, range, types, evidence, artifacts }: Gathered, draft: ReleaseDraft, at: string, results: CheckResult[]): CheckReport {
  const authority = 'unproved';
  const subject = {
    release: draft.version,
    commit: range.commit,
    types: types.effective,
    artifacts: artifacts.map(({ path, sha256 }) => ({ name: path, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    // Without §3.6 and without words, which hold times: an approval that arrives or a day that passes changes nothing.
    verdicts: results.filter(({ section }) => section !== '3.6').map(({ id, status, evidence: rests }) => ({ id, status, evidence: rests })),
    planDigest: null,
    policyDigest: inForce.digest,
    rosterDigest: null,
  };
  const report: Omit<CheckReport, 'digest'> = {
    v: 1, release: draft.version, types, policyDigest: inForce.digest, rosterDigest: null, at,
    gate: gateOf(results, authority), authority, results, subjectDigest: digestOf(subject),
  };
  const inputs = {
    commit: range.commit,
    since: range.since,
    evidence: evidence.map(({ item: { file } }) => ({ path: file.path, sha256: file.sha256 })),
  };
  return { ...report, digest: digestOf({ report, inputs }) };
}

function lineOf({ line, verdict, result }: JudgedLine): AssessedLine {
  const findings = verdict.status === 'failed' ? verdict.findings : [];
  return {
    result,
    words: line.words,
    appliesTo: line.applies === 'always' ? null : line.applies,
    judgedBy: line.judged_by === 'machine' ? 'machine' : 'person',
    attestableBy: line.judged_by === 'attestation' ? line.roles : [],
    findings: findings.slice(0, FINDINGS_SHOWN).map((finding) => ({ ...finding })),
    findingsTotal: findings.length,
    needs: verdict.status === 'missing' ? [...verdict.needs] : [],
    question: verdict.status === 'needs-person' ? verdict.question : null,
  };
}

import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { EvidenceItem, EvidenceLimits, EvidenceManifest } from '../model/evidence.ts';
import { evidenceLimits } from '../policy/load-policy.ts';
import type { PolicyInForce, WorkContext } from '../workflow/assess-release.ts';
import type { OpenRepository, Repository } from '../workflow/repository.ts';

export interface EvidencePorts {
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
  readonly listEvidence: (folder: string, limits: EvidenceLimits, context: WorkContext) => Promise<EvidenceItem[]>;
  readonly writeManifest: (
    folder: string, request: { readonly commit: string; readonly run: string | null }, context: WorkContext,
  ) => Promise<{ readonly path: string; readonly manifest: EvidenceManifest }>;
  readonly openRepository: OpenRepository;
  readonly generateSbom: (request: SbomRequest) => Promise<SbomResult>;
  readonly validateSbom: (text: string) => Promise<string[]>;
  /** Writes a file whole or not at all, and returns its digest and absolute path. */
  readonly writeText: (path: string, text: string) => Promise<{ readonly path: string; readonly sha256: string }>;
}

export interface SbomRequest {
  readonly subject: { readonly name: string; readonly version: string };
  readonly commit: string;
  readonly time: string;
  readonly sources: readonly { readonly path: string; readonly text: string }[];
}

export interface SbomResult {
  readonly json: string;
  readonly components: number;
  readonly skipped: readonly string[];
  readonly sources: readonly string[];
}

const MAX_LOCK_BYTES = 128 * 1024 * 1024;
const LOCK_FILES = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|requirements(?:[-_.][\w.-]*)?\.txt)$/;
const NOT_OURS = /(?:^|\/)(?:node_modules|vendor|third_party|fixtures)\//;

/** Evidence in a folder, its binding to a commit, and the bill of materials. */
export function evidenceHandlers(ports: EvidencePorts): Pick<Handlers, 'evidence.list' | 'evidence.writeManifest' | 'sbom.generate'> {
  return {
    'evidence.list': async ({ directory, policyFile }, context) => {
      const { policy } = await ports.readPolicy(policyFile);
      const items = await ports.listEvidence(directory, evidenceLimits(policy), context);
      return { files: items.map(({ file }) => file) };
    },
    'evidence.writeManifest': async ({ directory, commit, run }, context) => ports.writeManifest(directory, { commit, run }, context),
    'sbom.generate': async ({ repo, out, commit }, { signal, progress }) => {
      const step = (label: string, done: number): void => progress({ label, item: null, done, total: 3, unit: 'steps' });
      step('Reading the lock files', 0);
      const repository = await ports.openRepository(repo);
      const id = await repository.resolve(commit ?? 'HEAD');
      const sources = await lockFiles(repository, id, signal);
      if (sources.length === 0) {
        throw new AppError('not-found', `Commit ${id.slice(0, 12)} of ${repo} has no package-lock.json and no requirements.txt.`, {
          hint: 'Commit the lock file; a bill of materials is made from what is pinned, not from what is installed.', details: { repo, commit: id },
        });
      }
      const { time } = await repository.commit(id);
      step('Listing the components', 1);
      const made = await ports.generateSbom({ subject: subjectOf(sources, repo), commit: id, time, sources });
      step('Checking against the schema', 2);
      const errors = await ports.validateSbom(made.json);
      if (errors.length > 0) throw new Error(`The generated SBOM is not valid: ${errors[0] ?? ''}`);
      const written = await ports.writeText(out, made.json);
      return { ...written, components: made.components, sources: [...made.sources], skipped: [...made.skipped] };
    },
  };
}

async function lockFiles(repository: Repository, commit: string, signal: AbortSignal): Promise<{ path: string; text: string }[]> {
  const paths = (await repository.files(commit, signal)).filter((path) => LOCK_FILES.test(path) && !NOT_OURS.test(path)).sort();
  const sources: { path: string; text: string }[] = [];
  for (const path of paths) {
    const file = await repository.read(commit, path, MAX_LOCK_BYTES);
    if (file !== null) sources.push({ path, text: new TextDecoder().decode(file.bytes) });
  }
  return sources;
}

/** Name and version of the product: the root lock file's own, else the repository's folder. */
function subjectOf(sources: readonly { readonly path: string; readonly text: string }[], repo: string): SbomRequest['subject'] {
  const folder = repo.replace(/[/\\]+$/, '').split(/[/\\]/).at(-1) ?? 'product';
  const root = sources.find(({ path }) => path === 'package-lock.json' || path === 'npm-shrinkwrap.json');
  try {
    const lock: unknown = root === undefined ? null : JSON.parse(root.text);
    if (typeof lock !== 'object' || lock === null) return { name: folder, version: '0.0.0' };
    const { name, version } = lock as { name?: unknown; version?: unknown };
    return { name: typeof name === 'string' ? name : folder, version: typeof version === 'string' ? version : '0.0.0' };
  } catch {
    // A broken lock file is told by the generator, with its place.
    return { name: folder, version: '0.0.0' };
  }
}

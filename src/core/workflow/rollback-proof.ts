import picomatch from 'picomatch';
import { degradation, figuresOf } from '../checks/performance-tests.ts';
import type { ChangedFile } from '../checks/check.ts';
import type { EvidenceItem } from '../model/evidence.ts';
import type { Artifact } from '../model/release.ts';
import type { Policy } from '../policy/policy.ts';
import type { Deployment } from './deployments.ts';

/** How much slower a version is than the one before, figure by figure (policy §9.1, "> 50% slower"). */
export interface Slower {
  /** Of the figure that became worst; 0 where none became worse. */
  readonly percent: number;
  readonly figures: readonly { readonly name: string; readonly metric: string; readonly unit: string; readonly was: number; readonly is: number; readonly percent: number }[];
}

/** Two reports of one tool, compared figure by figure; null where they have none in common. */
export function slowerBy(before: EvidenceItem, after: EvidenceItem): Slower | null {
  const [known, now] = [figuresOf([before]), figuresOf([after])];
  const figures = [...now].flatMap(([key, figure]) => {
    const was = known.get(key);
    if (was === undefined) return [];
    // From nothing to something has no measure; it is said as a very large one, which JSON can hold.
    const percent = Math.min(degradation(figure, was), 1_000_000);
    return [{ name: figure.name, metric: figure.metric, unit: figure.unit, was: was.value, is: figure.value, percent: Math.round(percent * 10) / 10 }];
  }).sort((a, b) => b.percent - a.percent || (a.name < b.name ? -1 : 1));
  return figures.length === 0 ? null : { percent: Math.max(0, figures[0]?.percent ?? 0), figures };
}

/** One thing that shows that a rollback can be done. */
export interface ProofLine {
  readonly id: 'artifacts-here' | 'artifacts-verify' | 'deployed-before' | 'no-migration' | 'no-configuration';
  readonly status: 'good' | 'bad' | 'unknown';
  readonly words: string;
}

export interface ProofFacts {
  readonly to: string;
  readonly environment: string;
  /** What was signed for the version before, by name. */
  readonly signed: ReadonlyMap<string, string>;
  /** What lies here to be deployed again, verified. */
  readonly artifacts: readonly Pick<Artifact, 'name' | 'sha256' | 'signature'>[];
  readonly deployments: readonly Deployment[];
  /** Files that differ between the two versions; null where the repository does not have both. */
  readonly changes: readonly ChangedFile[] | null;
  readonly parameters: Pick<Policy['parameters'], 'migration_files' | 'configuration_files'>;
}

/** The proof that a rollback can be done, before anything is touched (policy §9.2, step 2). */
export function rollbackProof(facts: ProofFacts): ProofLine[] {
  return [hereLine(facts), verifyLine(facts), deployedLine(facts), migrationLine(facts), configurationLine(facts)];
}

function hereLine({ to, signed, artifacts }: ProofFacts): ProofLine {
  if (signed.size === 0) return { id: 'artifacts-here', status: 'bad', words: `The archive has no signing of ${to}.` };
  const absent = [...signed].filter(([name, sha256]) => !artifacts.some((artifact) => artifact.name === name && artifact.sha256 === sha256)).map(([name]) => name);
  return absent.length > 0
    ? { id: 'artifacts-here', status: 'bad', words: `Not here as they were signed: ${named(absent)}.` }
    : { id: 'artifacts-here', status: 'good', words: `${signed.size} ${signed.size === 1 ? 'artifact' : 'artifacts'} of ${to} are here, byte for byte as signed.` };
}

function verifyLine({ to, signed, artifacts }: ProofFacts): ProofLine {
  const own = artifacts.filter(({ name, sha256 }) => signed.get(name) === sha256);
  const not = own.filter(({ signature }) => signature !== 'good').map(({ name, signature }) => `${name} (${signature})`);
  if (own.length === 0 || not.length > 0) return { id: 'artifacts-verify', status: 'bad', words: own.length === 0 ? `Nothing of ${to} is here whose signature could be verified.` : `Signatures that are not good: ${named(not)}.` };
  return { id: 'artifacts-verify', status: 'good', words: 'Their signatures are good.' };
}

function deployedLine({ to, environment, deployments, signed }: ProofFacts): ProofLine {
  const before = deployments.findLast(({ record, state, aside }) => record.release_version === to && record.environment === environment && state === 'finished' && aside === null);
  if (before === undefined) return { id: 'deployed-before', status: 'bad', words: `No finished deployment of ${to} to ${environment} is recorded.` };
  const other = Object.entries(before.record.release_artifacts_sha256 ?? {}).filter(([name, sha256]) => signed.get(name) !== sha256).map(([name]) => name);
  return other.length > 0
    ? { id: 'deployed-before', status: 'bad', words: `What was deployed then is not what is signed now: ${named(other)}.` }
    : { id: 'deployed-before', status: 'good', words: `${to} was deployed to ${environment} at ${before.finish?.record.at ?? before.record.at} (${before.start.id}).` };
}

function migrationLine({ changes, parameters }: ProofFacts): ProofLine {
  if (changes === null) return { id: 'no-migration', status: 'unknown', words: 'The repository does not have both versions, so nobody can say which migrations lie between.' };
  const matches = picomatch(parameters.migration_files.value.flatMap(({ match }) => match), { dot: true });
  const found = changes.map(({ path }) => path).filter((path) => matches(path) && !/(?:^|\/)__init__\.py$/.test(path));
  return found.length > 0
    ? { id: 'no-migration', status: 'bad', words: `Migrations lie between, which going back does not undo: ${named(found)}.` }
    : { id: 'no-migration', status: 'good', words: 'No database migration lies between.' };
}

function configurationLine({ changes, parameters }: ProofFacts): ProofLine {
  if (changes === null) return { id: 'no-configuration', status: 'unknown', words: 'The repository does not have both versions, so nobody can say what configuration lies between.' };
  const matches = picomatch([...parameters.configuration_files.value], { dot: true });
  const found = changes.map(({ path }) => path).filter((path) => matches(path));
  return found.length > 0
    ? { id: 'no-configuration', status: 'bad', words: `The configuration differs: ${named(found)}.` }
    : { id: 'no-configuration', status: 'good', words: 'No file that configures what is deployed differs.' };
}

function named(list: readonly string[]): string {
  return `${list.slice(0, 5).join(', ')}${list.length > 5 ? ` and ${list.length - 5} more` : ''}`;
}

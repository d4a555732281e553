import { create } from 'zustand';
import type { Assessment, SavedRelease } from '../../../core/contract/contract.ts';
import { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { counted } from '../../components/wording.ts';

/** A release as this window knows it. */
export interface OpenRelease {
  readonly saved: SavedRelease | null;
  readonly assessment: Assessment | null;
  readonly evaluating: boolean;
  readonly error: AppError | null;
  readonly evaluatedAt: number | null;
  /** Paths of the artifacts that were taken off the list to sign. */
  readonly unselected: ReadonlySet<string>;
  readonly onlyBlocking: boolean;
}

const UNKNOWN: OpenRelease = {
  saved: null, assessment: null, evaluating: false, error: null, evaluatedAt: null, unselected: new Set(), onlyBlocking: false,
};

/** An assessment older than this is made again when its release is opened. */
const FRESH_MS = 5 * 60 * 1000;

export const useReleaseScreens = create<{ readonly open: Readonly<Record<string, OpenRelease>> }>(() => ({ open: {} }));

export function useOpenRelease(id: string): OpenRelease {
  return useReleaseScreens(({ open }) => open[id] ?? UNKNOWN);
}

export function changeRelease(id: string, change: Partial<OpenRelease>): void {
  useReleaseScreens.setState(({ open }) => ({ open: { ...open, [id]: { ...(open[id] ?? UNKNOWN), ...change } } }));
}

function releaseNow(id: string): OpenRelease {
  return useReleaseScreens.getState().open[id] ?? UNKNOWN;
}

/** Opens a release: reads what was saved, and judges it unless that was done just now. */
export async function openRelease(id: string): Promise<void> {
  const { evaluating, evaluatedAt, assessment, saved } = releaseNow(id);
  if (evaluating) return;
  if (assessment !== null && saved !== null && evaluatedAt !== null && Date.now() - evaluatedAt < FRESH_MS) return;
  await evaluateRelease(id);
}

/** Judges a release from what is in its repository and outputs now. */
export async function evaluateRelease(id: string): Promise<void> {
  if (releaseNow(id).evaluating) return;
  changeRelease(id, { evaluating: true, error: null });
  try {
    const { releases } = await client.call('release.list', {});
    const saved = releases.find((release) => release.id === id);
    if (saved === undefined) {
      throw new AppError('not-found', `No release is saved as "${id}".`, { hint: 'It may have been taken off the list. Load it again from its repository.' });
    }
    changeRelease(id, { saved });
    const assessment = await runTask('release.evaluate', { draft: saved.draft, at: null, record: true }, {
      label: `Judging ${saved.draft.version}`,
      address: addressOf.release(id),
      done: ({ report }) => `${report.release}: the gate is ${report.gate}, ${counted(blockingOf(report.results).length, 'line')} to close.`,
    });
    changeRelease(id, { assessment, evaluatedAt: Date.now() });
  } catch (cause) {
    changeRelease(id, { error: shownError(cause) });
  } finally {
    changeRelease(id, { evaluating: false });
  }
}

/** What was judged no longer stands: something was signed or changed. */
export function outdateRelease(id: string): void {
  changeRelease(id, { evaluatedAt: null });
}

/** Lines that keep the gate closed: neither passed, nor accepted with authority, nor outside this release. */
export function blockingOf<Line extends { readonly status: string; readonly authority: string }>(results: readonly Line[]): Line[] {
  return results.filter(({ status, authority }) => {
    if (status === 'passed' || status === 'not-applicable') return false;
    return !((status === 'accepted' || status === 'needs-person') && authority === 'proved');
  });
}

/** The artifacts that are to be signed: all, less those taken off. */
export function selectedArtifacts({ assessment, unselected }: OpenRelease): Assessment['artifacts'] {
  return (assessment?.artifacts ?? []).filter(({ path }) => !unselected.has(path));
}

/** Adds folders that were dropped (a file stands for its folder) to the outputs, and judges again. Throws what the calls throw. */
export async function addOutputs(id: string, paths: readonly string[]): Promise<void> {
  const { saved } = releaseNow(id);
  if (saved === null) return;
  const folders = await Promise.all(paths.map((path) => client.call('files.browse', { path }).then((found) => found.path, () => folderOf(path))));
  const outputs = [...new Set([...saved.draft.outputs, ...folders])];
  changeRelease(id, { saved: await client.call('release.save', { id, draft: { ...saved.draft, outputs } }) });
  await evaluateRelease(id);
}

export const SBOM_NAME = 'sbom.cdx.json';

/** Makes the bill of materials of the judged commit beside what was built, and judges again. Throws what the calls throw. */
export async function makeSbom(id: string): Promise<void> {
  const { assessment } = releaseNow(id);
  const [first] = assessment?.draft.outputs ?? [];
  if (assessment === null || first === undefined) return;
  const built = assessment.artifacts[0];
  const folder = built === undefined ? first : folderOf(built.location);
  await runTask('sbom.generate', { repo: assessment.draft.repo, out: `${folder}/${SBOM_NAME}`, commit: assessment.range.commit }, {
    label: 'Making the bill of materials',
    address: addressOf.release(id),
    done: ({ components }) => `The bill of materials lists ${counted(components, 'component')}.`,
  });
  await evaluateRelease(id);
}

/** Says of every file in these folders that it was made from the judged commit, and judges again. Throws what the calls throw. */
export async function bindOutputs(id: string, folders: readonly string[]): Promise<void> {
  const { assessment } = releaseNow(id);
  if (assessment === null) return;
  for (const directory of folders) {
    await runTask('evidence.writeManifest', { directory, commit: assessment.range.commit, run: null }, {
      label: 'Binding the outputs',
      address: addressOf.release(id),
      done: ({ manifest }) => `${counted(manifest.files.length, 'file')} bound to ${manifest.commit.slice(0, 7)}.`,
    });
  }
  await evaluateRelease(id);
}

function folderOf(path: string): string {
  return path.replace(/[/\\][^/\\]+$/, '') || path;
}

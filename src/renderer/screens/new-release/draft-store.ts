import { z } from 'zod';
import { create } from 'zustand';
import type { SavedRelease } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { ReleaseType, ReleaseVersion } from '../../../core/model/primitives.ts';
import { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import { client, shownError } from '../../core-client.ts';
import { outdateRelease } from '../release/release-store.ts';

/** What is typed, before it is a draft. */
const Typed = z.object({
  repo: z.string(), outputs: z.array(z.string()), version: z.string(), declared: z.array(ReleaseType), since: z.string(),
});
export type Typed = z.infer<typeof Typed>;

const BLANK: Typed = { repo: '', outputs: [''], version: '', declared: [], since: '' };

/** What is typed for one release does not overwrite what is typed for another. */
function keptName(id: string | null): string {
  return id === null ? 'new-release' : `release ${id}`;
}

interface DraftState {
  /** The release that is changed; null while a new one is loaded. */
  readonly id: string | null;
  readonly typed: Typed;
  /** What the form does not ask for, as it was saved. */
  readonly policyFile: string | null;
  readonly repository: Output<'repository.inspect'> | null;
  readonly inspecting: boolean;
  readonly repositoryError: AppError | null;
  readonly saving: boolean;
  readonly error: AppError | null;
  /** Errors in place are shown once saving was tried. */
  readonly tried: boolean;
}

const UNTOUCHED = { policyFile: null, repository: null, repositoryError: null, error: null, tried: false } as const;

export const useDraft = create<DraftState>(() => ({ id: null, typed: readKept(keptName(null), Typed) ?? BLANK, inspecting: false, saving: false, ...UNTOUCHED }));

/** Opens the form: with what was typed before a restart, else with what was saved, else blank. */
export async function openDraft(id: string | null): Promise<void> {
  const kept = readKept(keptName(id), Typed);
  useDraft.setState({ id, typed: kept ?? BLANK, ...UNTOUCHED });
  if (id !== null) await readSaved(id, kept);
  await inspectRepository(useDraft.getState().typed.repo);
}

async function readSaved(id: string, kept: Typed | null): Promise<void> {
  try {
    const { releases } = await client.call('release.list', {});
    const saved = releases.find((release) => release.id === id);
    if (saved === undefined) throw new AppError('not-found', `No release is saved as "${id}".`, { hint: 'It may have been taken off the list. Load it again from its repository.' });
    if (useDraft.getState().id !== id) return;
    const { repo, outputs, version, declared, since, policyFile } = saved.draft;
    useDraft.setState({ policyFile, typed: kept ?? { repo, outputs: outputs.length === 0 ? [''] : outputs, version, declared, since: since ?? '' } });
  } catch (cause) {
    useDraft.setState({ error: shownError(cause) });
  }
}

export function type(change: Partial<Typed>): void {
  useDraft.setState(({ id, typed }) => {
    const next = { ...typed, ...change };
    keep(keptName(id), next);
    return { typed: next };
  });
}

/** Asks what the repository offers; what was not typed yet is filled in from it. */
export async function inspectRepository(repo: string): Promise<void> {
  const { repository } = useDraft.getState();
  if (repo === '' || repository?.path === repo) return;
  useDraft.setState({ inspecting: true, repositoryError: null });
  try {
    const found = await client.call('repository.inspect', { repo });
    if (useDraft.getState().typed.repo !== repo) return;
    useDraft.setState({ repository: found });
    const { typed } = useDraft.getState();
    const [suggested] = found.suggestedOutputs;
    if (typed.version === '' && found.suggestedVersion !== null) type({ version: found.suggestedVersion });
    if (suggested !== undefined && typed.outputs.every((path) => path.trim() === '')) type({ outputs: [suggested] });
  } catch (cause) {
    useDraft.setState({ repository: null, repositoryError: shownError(cause) });
  } finally {
    useDraft.setState({ inspecting: false });
  }
}

/** What is wrong with each field, in words; null where it is fine. */
export function problemsOf({ repo, outputs, version }: Typed): { readonly repo: string | null; readonly version: string | null; readonly outputs: string | null } {
  const parsed = ReleaseVersion.safeParse(version.trim());
  return {
    repo: repo.trim() === '' ? 'Name the folder of the git repository.' : null,
    version: version.trim() === '' ? 'Name the version, such as v1.1.0.' : parsed.success ? null : 'A release is named by a semantic version, such as v1.1.0.',
    outputs: outputs.length > 32 ? 'At most 32 folders are read.' : null,
  };
}

/** Saves the release; null when something is wrong, which is then shown in place. */
export async function saveDraft(): Promise<SavedRelease | null> {
  const { id, typed, policyFile } = useDraft.getState();
  useDraft.setState({ tried: true, error: null });
  if (Object.values(problemsOf(typed)).some((problem) => problem !== null)) return null;
  useDraft.setState({ saving: true });
  try {
    const draft = ReleaseDraft.parse({
      version: typed.version.trim(), declared: typed.declared, repo: typed.repo.trim(),
      outputs: [...new Set(typed.outputs.map((path) => path.trim()).filter((path) => path !== ''))],
      since: typed.since.trim() === '' ? null : typed.since.trim(), policyFile,
    });
    const saved = await client.call('release.save', { id, draft });
    keep(keptName(id), null);
    useDraft.setState({ typed: BLANK, ...UNTOUCHED });
    // What was judged before was something else.
    outdateRelease(saved.id);
    return saved;
  } catch (cause) {
    useDraft.setState({ error: shownError(cause) });
    return null;
  } finally {
    useDraft.setState({ saving: false });
  }
}

/** Throws away what was typed. */
export async function resetDraft(): Promise<void> {
  const { id } = useDraft.getState();
  keep(keptName(id), null);
  await openDraft(id);
}

import { z } from 'zod';
import { create } from 'zustand';
import type { SavedRelease } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { ReleaseType, ReleaseVersion } from '../../../core/model/primitives.ts';
import { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import { client, shownError } from '../../core-client.ts';

/** What is typed, before it is a draft. */
const Typed = z.object({
  repo: z.string(), outputs: z.array(z.string()), version: z.string(), declared: z.array(ReleaseType), since: z.string(),
});
export type Typed = z.infer<typeof Typed>;

const BLANK: Typed = { repo: '', outputs: [''], version: '', declared: [], since: '' };
const KEPT_NAME = 'new-release';

interface DraftState {
  readonly typed: Typed;
  readonly repository: Output<'repository.inspect'> | null;
  readonly inspecting: boolean;
  readonly repositoryError: AppError | null;
  readonly saving: boolean;
  readonly error: AppError | null;
  /** Errors in place are shown once saving was tried. */
  readonly tried: boolean;
}

export const useDraft = create<DraftState>(() => ({
  typed: readKept(KEPT_NAME, Typed) ?? BLANK, repository: null, inspecting: false, repositoryError: null, saving: false, error: null, tried: false,
}));

export function type(change: Partial<Typed>): void {
  useDraft.setState(({ typed }) => {
    const next = { ...typed, ...change };
    keep(KEPT_NAME, next);
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
    const outputs = typed.outputs.filter((path) => path.trim() !== '');
    type({
      version: typed.version === '' ? found.suggestedVersion ?? '' : typed.version,
      outputs: outputs.length > 0 ? typed.outputs : found.suggestedOutputs.length > 0 ? found.suggestedOutputs.slice(0, 1) : [''],
    });
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
  const { typed } = useDraft.getState();
  useDraft.setState({ tried: true, error: null });
  if (Object.values(problemsOf(typed)).some((problem) => problem !== null)) return null;
  useDraft.setState({ saving: true });
  try {
    const draft = ReleaseDraft.parse({
      version: typed.version.trim(), declared: typed.declared, repo: typed.repo.trim(),
      outputs: [...new Set(typed.outputs.map((path) => path.trim()).filter((path) => path !== ''))],
      since: typed.since.trim() === '' ? null : typed.since.trim(), policyFile: null,
    });
    const saved = await client.call('release.save', { id: null, draft });
    clearDraft();
    return saved;
  } catch (cause) {
    useDraft.setState({ error: shownError(cause) });
    return null;
  } finally {
    useDraft.setState({ saving: false });
  }
}

export function clearDraft(): void {
  keep(KEPT_NAME, null);
  useDraft.setState({ typed: BLANK, repository: null, repositoryError: null, error: null, tried: false });
}

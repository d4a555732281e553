import { z } from 'zod';
import { create } from 'zustand';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { keep, readKept } from '../../components/kept.ts';
import { counted } from '../../components/wording.ts';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { evaluateRelease } from './release-store.ts';

const Where = z.strictObject({ to: z.string(), readBack: z.string().nullable(), profile: z.string(), endpoint: z.string(), region: z.string() });
/** Where artifacts are stored, as it is typed; no secret is. */
export type Where = z.infer<typeof Where>;

interface Storing {
  readonly where: Where;
  readonly working: boolean;
  readonly error: AppError | null;
  readonly stored: Output<'artifacts.store'> | null;
}

const NAME = 'artifact-repository';
const BLANK: Where = { to: '', readBack: null, profile: '', endpoint: '', region: '' };
const begin = (): Storing => ({ where: readKept(NAME, Where) ?? BLANK, working: false, error: null, stored: null });

const useStores = create<{ readonly stores: Readonly<Record<string, Storing>> }>(() => ({ stores: {} }));

export function useStoring(id: string): Storing {
  const known = useStores(({ stores }) => stores[id]);
  return known ?? begin();
}

export function changeWhere(id: string, change: Partial<Where>): void {
  const where = { ...(useStores.getState().stores[id] ?? begin()).where, ...change };
  // The repository is the same for the next release; what is read back lies with this one.
  keep(NAME, { ...where, readBack: null });
  set(id, { where });
}

/** Uploads and reads back, then has the release judged by what came back. */
export async function storeArtifacts(id: string, { draft }: Assessment, readBack: string | null): Promise<void> {
  const { where: { to, profile, endpoint, region } } = useStores.getState().stores[id] ?? begin();
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  set(id, { working: true, error: null, stored: null });
  try {
    const stored = await runTask('artifacts.store', { draft, to: to.trim(), readBack, aws: isBucket(to) ? { profile: orNull(profile), endpoint: orNull(endpoint), region: orNull(region) } : null }, {
      label: `Storing the artifacts of ${draft.version}`, address: addressOf.release(id, 'artifacts'), done: ({ files, place }) => `${counted(files.length, 'file')} read back from ${place}.`,
    });
    set(id, { stored });
    await evaluateRelease(id);
  } catch (cause) {
    set(id, { error: shownError(cause) });
  } finally {
    set(id, { working: false });
  }
}

export function isBucket(to: string): boolean {
  return to.trim().startsWith('s3://');
}

function set(id: string, change: Partial<Storing>): void {
  useStores.setState(({ stores }) => ({ stores: { ...stores, [id]: { ...(stores[id] ?? begin()), ...change } } }));
}

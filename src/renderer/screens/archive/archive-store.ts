import { create } from 'zustand';
import type { ArchiveVerification, EntrySummary, LogState } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { refreshStatus } from '../../frame/status-store.ts';
import { runTask } from '../../frame/task-store.ts';

export interface Filters {
  readonly origin: string | null;
  readonly event_type: string | null;
  readonly release: string | null;
}

/** Something that was done with the archive, and its end. */
export type Outcome =
  | { readonly act: 'verify'; readonly verification: ArchiveVerification; readonly from: string | null; readonly at: string }
  | { readonly act: 'sync'; readonly result: Output<'sync.run'> }
  | { readonly act: 'export'; readonly result: Output<'archive.export'> }
  | { readonly act: 'append'; readonly result: Output<'archive.append'> }
  | { readonly act: 'failed'; readonly error: AppError };

interface ArchiveState {
  readonly filters: Filters;
  readonly total: number | null;
  /** Pages of the list by their number; those that are far away are let go. */
  readonly pages: Readonly<Record<number, readonly EntrySummary[]>>;
  readonly logs: readonly LogState[];
  readonly error: AppError | null;
  readonly shown: Output<'archive.show'> | null;
  readonly showError: AppError | null;
  readonly working: boolean;
  readonly outcome: Outcome | null;
}

export const PAGE = 200;
/** Pages kept in memory: a million rows scroll, a few thousand are held. */
const KEPT_PAGES = 24;

export const useArchive = create<ArchiveState>(() => ({
  filters: { origin: null, event_type: null, release: null }, total: null, pages: {}, logs: [], error: null, shown: null, showError: null, working: false, outcome: null,
}));

const asked = new Set<number>();
let generation = 0;

/** Reads the logs and the first page anew. */
export async function readArchive(filters = useArchive.getState().filters): Promise<void> {
  generation += 1;
  asked.clear();
  const mine = generation;
  try {
    asked.add(0);
    const [{ logs }, { total, entries }] = await Promise.all([client.call('archive.logs', {}), client.call('archive.list', { ...filters, offset: 0, limit: PAGE })]);
    if (mine === generation) useArchive.setState({ filters, logs, total, pages: { 0: entries }, error: null });
  } catch (cause) {
    if (mine === generation) useArchive.setState({ filters, error: shownError(cause) });
  }
}

/** Sees to it that the rows in sight are there. */
export function readRows(first: number, last: number): void {
  for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) void readPage(page);
}

async function readPage(page: number): Promise<void> {
  const { pages, filters } = useArchive.getState();
  if (pages[page] !== undefined || asked.has(page)) return;
  asked.add(page);
  const mine = generation;
  try {
    const { entries, total } = await client.call('archive.list', { ...filters, offset: page * PAGE, limit: PAGE });
    if (mine !== generation) return;
    useArchive.setState((state) => {
      const kept = Object.entries(state.pages)
        .sort(([a], [b]) => Math.abs(Number(a) - page) - Math.abs(Number(b) - page))
        .slice(0, KEPT_PAGES - 1);
      return { total, pages: { ...Object.fromEntries(kept), [page]: entries } };
    });
  } catch (cause) {
    if (mine === generation) useArchive.setState({ error: shownError(cause) });
  } finally {
    asked.delete(page);
  }
}

export function rowAt(pages: ArchiveState['pages'], index: number): EntrySummary | null {
  return pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? null;
}

export async function showEntry(id: string | null): Promise<void> {
  if (id === null) {
    useArchive.setState({ shown: null, showError: null });
    return;
  }
  try {
    const shown = await client.call('archive.show', { id });
    useArchive.setState({ shown, showError: null });
  } catch (cause) {
    useArchive.setState({ shown: null, showError: shownError(cause) });
  }
}

/** Recomputes every entry and every root, of this archive or of an export. */
export async function verifyEverything(from: string | null = null, vkeys: readonly string[] = []): Promise<void> {
  await doing(async () => {
    const verification = await runTask('archive.verify', { from, vkeys: [...vkeys] }, {
      label: from === null ? 'Verifying the archive' : 'Verifying an export',
      address: addressOf.archive,
      done: ({ verdict, entries }) => (verdict === 'good' ? `${counted(entries, 'entry', 'entries')} verified.` : 'The archive does not verify.'),
    });
    return { act: 'verify', verification, from, at: new Date().toISOString() };
  });
}

export async function syncTo(url: string): Promise<void> {
  await doing(async () => ({
    act: 'sync',
    result: await runTask('sync.run', { url }, {
      label: 'Syncing the archive', address: addressOf.archive,
      done: ({ problems }) => (problems.length === 0 ? 'The archive is synced.' : `The archive is synced, with ${counted(problems.length, 'problem')}.`),
    }),
  }));
}

export async function exportTo(format: 'tiles' | 'jsonl', out: string): Promise<void> {
  await doing(async () => ({
    act: 'export',
    result: await runTask('archive.export', { format, out }, { label: 'Exporting the archive', address: addressOf.archive, done: ({ path }) => `The archive is exported to ${path}.` }),
  }));
}

export async function appendFrom(from: string): Promise<void> {
  await doing(async () => ({
    act: 'append',
    result: await runTask('archive.append', { from }, { label: 'Appending records', address: addressOf.archive, done: ({ appended }) => `${counted(appended.length, 'record')} appended.` }),
  }));
}

/** One thing at a time is done with the archive; its end stays until the next. */
async function doing(work: () => Promise<Outcome>): Promise<void> {
  if (useArchive.getState().working) return;
  useArchive.setState({ working: true, outcome: null });
  try {
    const outcome = await work();
    useArchive.setState({ outcome });
  } catch (cause) {
    useArchive.setState({ outcome: { act: 'failed', error: shownError(cause) } });
  } finally {
    useArchive.setState({ working: false });
  }
  await Promise.all([readArchive(), refreshStatus()]);
}

client.on('archive.changed', () => {
  if (useArchive.getState().total !== null) void readArchive();
});

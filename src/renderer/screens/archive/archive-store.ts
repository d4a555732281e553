import { create } from 'zustand';
import type { ArchiveVerification, EntrySummary, KeptFork, LogState, ProofPath, Timeline } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { refreshStatus } from '../../frame/status-store.ts';
import { runTask } from '../../frame/task-store.ts';

/** Something that was done with the archive, and its end. */
export type Outcome =
  | { readonly act: 'verify'; readonly verification: ArchiveVerification; readonly from: string | null; readonly at: string }
  | { readonly act: 'sync'; readonly result: Output<'sync.run'> }
  | { readonly act: 'export'; readonly result: Output<'archive.export'> }
  | { readonly act: 'append'; readonly result: Output<'archive.append'> }
  | { readonly act: 'failed'; readonly error: AppError };

interface ArchiveState {
  /** What the list answers to; as the address has it. */
  readonly query: string;
  readonly total: number | null;
  /** Whether `total` is all, or so many at least. */
  readonly exact: boolean;
  /** Pages of the list by their number; those that are far away are let go. */
  readonly pages: Readonly<Record<number, readonly EntrySummary[]>>;
  readonly logs: readonly LogState[];
  readonly forks: readonly KeptFork[];
  readonly timeline: Timeline | null;
  readonly timelineError: AppError | null;
  readonly error: AppError | null;
  /** A query that could not be read; the list is that of the one before. */
  readonly queryError: AppError | null;
  readonly shown: Output<'archive.show'> | null;
  readonly showError: AppError | null;
  readonly path: ProofPath | null;
  readonly pathError: AppError | null;
  readonly working: boolean;
  readonly outcome: Outcome | null;
}

export const PAGE = 200;
/** Stretches of time that are drawn: each is wide enough to be hit. */
const BINS = 96;
/** Pages kept in memory: a million rows scroll, a few thousand are held. */
const KEPT_PAGES = 24;

export const useArchive = create<ArchiveState>(() => ({
  query: '', total: null, exact: true, pages: {}, logs: [], forks: [], timeline: null, timelineError: null, error: null, queryError: null,
  shown: null, showError: null, path: null, pathError: null, working: false, outcome: null,
}));

const asked = new Set<number>();
let generation = 0;

/** Reads the logs, the first page and the timeline anew. */
export async function readArchive(query = useArchive.getState().query): Promise<void> {
  generation += 1;
  asked.clear();
  const mine = generation;
  const isLatest = (): boolean => mine === generation;
  useArchive.setState({ query });
  await Promise.all([readLogs(isLatest), readList(query, isLatest), readTimeline(query, isLatest)]);
}

async function readLogs(isLatest: () => boolean): Promise<void> {
  try {
    const [{ logs }, { forks }] = await Promise.all([client.call('archive.logs', {}), client.call('archive.forks', {})]);
    if (isLatest()) useArchive.setState({ logs, forks, error: null });
  } catch (cause) {
    if (isLatest()) useArchive.setState({ error: shownError(cause) });
  }
}

async function readList(query: string, isLatest: () => boolean): Promise<void> {
  try {
    asked.add(0);
    const first = await search(query, 0, false);
    if (!isLatest()) return;
    // It may be let go and be read again.
    asked.delete(0);
    useArchive.setState({ total: first.total, exact: first.exact, pages: { 0: first.entries }, queryError: null });
    if (first.exact) return;
    // The first rows are there at once; how many there are in all is counted behind them.
    const { total, exact } = await search(query, 0, true);
    if (isLatest()) useArchive.setState({ total, exact });
  } catch (cause) {
    if (!isLatest()) return;
    const error = shownError(cause);
    if (error.code === 'bad-input') useArchive.setState({ queryError: error });
    else if (error.code !== 'cancelled') useArchive.setState({ error });
  }
}

async function search(query: string, page: number, whole: boolean): Promise<Output<'archive.search'>> {
  const input = { query, offset: page * PAGE, limit: PAGE, whole };
  // Nothing is searched to list everything.
  return query === '' ? client.call('archive.search', input) : runTask('archive.search', input, { label: 'Searching the archive', address: addressOf.archive, done: null });
}

export async function readTimeline(query = useArchive.getState().query, isLatest = (): boolean => true): Promise<void> {
  try {
    const timeline = await runTask('archive.timeline', { query, bins: BINS }, { label: 'Reading the archive over time', address: addressOf.archive, done: null });
    if (isLatest()) useArchive.setState({ timeline, timelineError: null });
  } catch (cause) {
    const error = shownError(cause);
    // Of what is wrong with the query the list tells.
    if (isLatest() && error.code !== 'bad-input') useArchive.setState({ timelineError: error });
  }
}

/** Sees to it that the rows in sight are there. */
export function readRows(first: number, last: number): void {
  for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) void readPage(page);
}

async function readPage(page: number): Promise<void> {
  const { pages, query } = useArchive.getState();
  if (pages[page] !== undefined || asked.has(page)) return;
  asked.add(page);
  const mine = generation;
  try {
    const { entries, total, exact } = await client.call('archive.search', { query, offset: page * PAGE, limit: PAGE, whole: false });
    if (mine !== generation) return;
    useArchive.setState((state) => {
      const kept = Object.entries(state.pages)
        .sort(([a], [b]) => Math.abs(Number(a) - page) - Math.abs(Number(b) - page))
        .slice(0, KEPT_PAGES - 1);
      return { ...(exact ? { total, exact } : {}), pages: { ...Object.fromEntries(kept), [page]: entries } };
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

let showing = 0;

export async function showEntry(id: string | null): Promise<void> {
  showing += 1;
  const mine = showing;
  if (id === null) {
    useArchive.setState({ shown: null, showError: null });
    return;
  }
  try {
    const shown = await client.call('archive.show', { id });
    if (mine === showing) useArchive.setState({ shown, showError: null });
  } catch (cause) {
    if (mine === showing) useArchive.setState({ shown: null, showError: shownError(cause) });
  }
}

let proving = 0;

/** The way from an entry to the root of its log. */
export async function showPath(id: string): Promise<void> {
  proving += 1;
  const mine = proving;
  try {
    const path = await client.call('archive.path', { id });
    if (mine === proving) useArchive.setState({ path, pathError: null });
  } catch (cause) {
    if (mine === proving) useArchive.setState({ path: null, pathError: shownError(cause) });
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

export type ExportFormat = 'tiles' | 'jsonl' | 'csv';

export async function exportTo(format: ExportFormat, out: string): Promise<void> {
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

import { z } from 'zod';
import { SavedRelease, type Settings } from '../contract/contract.ts';
import { AppError } from '../model/errors.ts';
import type { ReleaseDraft } from '../model/release.ts';
import type { Assessment } from '../contract/contract.ts';

/** What this console remembers for convenience; nothing in it is evidence, and losing it loses no record. */
export const Workspace = z.strictObject({
  v: z.literal(1),
  settings: z.strictObject({
    appearance: z.enum(['system', 'light', 'dark']),
    density: z.enum(['comfortable', 'dense']),
    policyFile: z.string().nullable(),
    archives: z.array(z.string()),
    // Workspaces of before there was a seat do not name it.
    idleMinutes: z.number().int().min(1).max(240).default(10),
  }),
  releases: z.array(SavedRelease),
  lastVerified: z.string().nullable(),
  lastSynced: z.string().nullable(),
  /** Entries of this console's own log that the last sync had handed over. */
  syncedEntries: z.number().int().min(0),
});
export type Workspace = z.infer<typeof Workspace>;

export const EMPTY_WORKSPACE: Workspace = {
  v: 1,
  settings: { appearance: 'system', density: 'comfortable', policyFile: null, archives: [], idleMinutes: 10 },
  releases: [],
  lastVerified: null,
  lastSynced: null,
  syncedEntries: 0,
};

export interface WorkspaceStore {
  readonly read: () => Promise<Workspace>;
  /** Reads, changes and writes as one step, so that two windows do not lose each other's change. */
  readonly change: (change: (before: Workspace) => Workspace) => Promise<Workspace>;
}

/** Saves a draft under its own id, or under a new one made from the version. */
export async function saveRelease(store: WorkspaceStore, id: string | null, draft: ReleaseDraft, now: string): Promise<SavedRelease> {
  const after = await store.change((before) => {
    const known = before.releases.find((release) => (id === null ? sameRelease(release.draft, draft) : release.id === id));
    const saved: SavedRelease = { id: known?.id ?? newId(before, draft.version), draft, savedAt: now, last: known?.last ?? null };
    return { ...before, releases: [saved, ...before.releases.filter((release) => release.id !== saved.id)] };
  });
  const saved = after.releases[0];
  if (saved === undefined) throw new AppError('storage-failed', 'The release could not be saved.');
  return saved;
}

export async function forgetRelease(store: WorkspaceStore, id: string): Promise<void> {
  await store.change((before) => {
    if (!before.releases.some((release) => release.id === id)) throw new AppError('not-found', `No release is saved as "${id}".`);
    return { ...before, releases: before.releases.filter((release) => release.id !== id) };
  });
}

/** Keeps the outcome beside the saved release, so that Home can show it without judging again. */
export async function rememberOutcome(store: WorkspaceStore, assessment: Omit<Assessment, 'recorded' | 'difference'>): Promise<void> {
  const { report, steps, draft } = assessment;
  const tally: Record<string, number> = {};
  for (const { status } of report.results) tally[status] = (tally[status] ?? 0) + 1;
  const last = { at: report.at, gate: report.gate, authority: report.authority, tally, steps };
  const before = await store.read();
  if (!before.releases.some((release) => sameRelease(release.draft, draft))) return;
  await store.change((current) => ({
    ...current,
    releases: current.releases.map((release) => (sameRelease(release.draft, draft) ? { ...release, last } : release)),
  }));
}

export async function writeSettings(store: WorkspaceStore, change: { readonly [Key in keyof Settings]?: Settings[Key] | undefined }): Promise<Settings> {
  const after = await store.change((before) => ({ ...before, settings: { ...before.settings, ...definedOnly(change) } }));
  return after.settings;
}

function definedOnly(value: { readonly [Key in keyof Settings]?: Settings[Key] | undefined }): Partial<Settings> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

function sameRelease(a: ReleaseDraft, b: ReleaseDraft): boolean {
  return a.version === b.version && a.repo === b.repo;
}

/** The version itself, so that an address can be read and written; a number behind it where two repositories share one. */
function newId(workspace: Workspace, version: string): string {
  const taken = new Set(workspace.releases.map(({ id }) => id));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? version : `${version}~${number}`;
    if (!taken.has(id)) return id;
  }
}

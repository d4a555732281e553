import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { ReleasePlan } from '../../../core/model/plan.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { client, shownError } from '../../core-client.ts';
import { whenAnotherSits } from '../../frame/seat-store.ts';
import { readRecords } from '../release/records-store.ts';
import { evaluateRelease } from '../release/release-store.ts';
import { PlanDraft } from './plan-draft.ts';

interface Planning {
  /** What is typed; null while nobody changes the plan. */
  readonly draft: PlanDraft | null;
  readonly working: 'proposing' | 'signing' | 'notes' | null;
  readonly error: AppError | null;
  readonly calendar: Output<'release.schedule'> | null;
  readonly calendarError: AppError | null;
  readonly notes: Output<'release.propose'> | null;
  readonly notesFile: string | null;
  readonly signed: Output<'release.plan'> | null;
  /** How many commits a proposal left out. */
  readonly others: number | null;
}

const EMPTY: Planning = { draft: null, working: null, error: null, calendar: null, calendarError: null, notes: null, notesFile: null, signed: null, others: null };

const usePlannings = create<{ readonly of: Readonly<Record<string, Planning>> }>(() => ({ of: {} }));
whenAnotherSits(() => usePlannings.setState({ of: {} }));
const nameOf = (id: string): string => `plan.${id}`;

function change(id: string, what: Partial<Planning>): void {
  usePlannings.setState(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? EMPTY), ...what } } }));
}

export function usePlanning(id: string): Planning {
  return usePlannings(({ of }) => of[id] ?? EMPTY);
}

/** Brings back what was typed, once. */
export function openPlanning(id: string): void {
  if (usePlannings.getState().of[id] !== undefined) return;
  const draft = readKept(nameOf(id), PlanDraft);
  change(id, { draft });
  if (draft !== null) void askCalendar(id, draft);
}

export function edit(id: string, draft: PlanDraft | null): void {
  const before = usePlannings.getState().of[id]?.draft ?? null;
  change(id, { draft, error: null, ...(draft === null ? { others: null } : { signed: null }) });
  keep(nameOf(id), draft);
  if (draft !== null && before === null) void askCalendar(id, draft);
}

/** What the calendar of a draft says now, before a plan rests on it. */
export async function askCalendar(id: string, { calendarFile, calendarText }: Pick<PlanDraft, 'calendarFile' | 'calendarText'>): Promise<void> {
  change(id, { calendarError: null });
  if (calendarFile.trim() === '' && calendarText === null) {
    change(id, { calendar: null });
    return;
  }
  try {
    const calendar = await client.call('release.schedule', { calendar: calendarFile.trim() === '' ? { text: calendarText ?? '' } : { file: calendarFile.trim() } });
    change(id, { calendar });
  } catch (cause) {
    change(id, { calendar: null, calendarError: shownError(cause) });
  }
}

/** What the range brings, as a plan to start from or as notes. */
export async function propose(id: string, { version, repo, since }: ReleaseDraft, notesOut: string | null = null): Promise<Output<'release.propose'> | null> {
  change(id, { working: 'proposing', error: null });
  try {
    const proposal = await client.call('release.propose', { release: version, repo, since, notesOut });
    change(id, { others: proposal.others });
    return proposal;
  } catch (cause) {
    change(id, { error: shownError(cause) });
    return null;
  } finally {
    change(id, { working: null });
  }
}

export async function draftNotes(id: string, draft: ReleaseDraft, file: string | null): Promise<void> {
  const notes = await propose(id, draft, file);
  if (notes !== null) change(id, { notes, notesFile: file, others: null });
}

/** Signs the plan; what it replaces it points at. True once it is recorded. */
export async function signPlan(id: string, release: ReleaseDraft, plan: ReleasePlan, calendarFile: string, signer: ActSigner): Promise<boolean> {
  change(id, { working: 'signing', error: null });
  try {
    const signed = await client.call('release.plan', {
      release: release.version, key: signer.key, passphrase: signer.passphrase, from: null, plan, repo: null, since: null, calendar: calendarFile.trim() === '' ? null : calendarFile.trim(), method: null, rollbackPlan: null, previous: null, securityImpact: null,
    });
    edit(id, null);
    change(id, { signed });
    void readRecords(release);
    void evaluateRelease(id);
    return true;
  } catch (cause) {
    change(id, { error: shownError(cause) });
    return false;
  } finally {
    change(id, { working: null });
  }
}

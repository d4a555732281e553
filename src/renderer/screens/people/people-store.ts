import { z } from 'zod';
import { create } from 'zustand';
import { contract } from '../../../core/contract/contract.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { keep, readKept } from '../../components/kept.ts';
import { client, shownError } from '../../core-client.ts';
import { useRoute } from '../../frame/route-store.ts';
import { readSeat, whenAnotherSits } from '../../frame/seat-store.ts';
import { refreshStatus } from '../../frame/status-store.ts';

export type Shown = Output<'roster.show'>;
export type Verified = Output<'roster.verify'>;
export type Proposed = Output<'roster.propose'>;
export type Codes = Output<'roster.voiceCodes'>['people'][number];
type MadeCodes = Output<'roster.makeVoiceCodes'>;

const Kept = z.strictObject({ changes: z.array(z.strictObject({ words: z.string(), change: contract['roster.propose'].input.shape.changes.partial() })), out: z.string(), draft: z.string(), file: z.string() });
type Typed = z.infer<typeof Kept>;
/** One change of the next version, as a sentence and as the core takes it. */
type Change = Typed['changes'][number];
const BLANK: Typed = { changes: [], out: '', draft: '', file: '' };
const NAME = 'people';

interface PeopleState {
  readonly shown: Shown | null;
  /** This console holds no roster. */
  readonly absent: boolean;
  readonly error: AppError | null;
  readonly open: 'propose' | 'file' | 'codes' | null;
  /** What is left of everybody's voice codes; null until it is known. */
  readonly codes: readonly Codes[] | null;
  /** Whose codes are made; and codes that were made, which are nowhere else and go when one leaves them. */
  readonly codesOf: string | null;
  readonly made: MadeCodes | null;
  readonly codesError: AppError | null;
  /** What the next version has otherwise, where it is written, a draft that somebody edited, and the file that is looked at. */
  readonly typed: Typed;
  readonly working: boolean;
  readonly proposed: Proposed | null;
  readonly proposeError: AppError | null;
  readonly verified: Verified | null;
  readonly fileError: AppError | null;
  /** What the last act with the file came to, in words. */
  readonly done: string | null;
}

export const usePeople = create<PeopleState>(() => ({
  shown: null, absent: false, error: null, open: null, codes: null, codesOf: null, made: null, codesError: null, typed: readKept(NAME, Kept) ?? BLANK, working: false, proposed: null, proposeError: null, verified: null, fileError: null, done: null,
}));
whenAnotherSits(() => usePeople.setState({ typed: BLANK, open: null, codesOf: null, made: null, codesError: null, proposed: null, proposeError: null, verified: null, fileError: null, done: null }));

/** Reads a version of the roster; null is the one that is held. */
export async function readRoster(version: number | null): Promise<void> {
  try {
    usePeople.setState({ shown: await client.call('roster.show', { version }), absent: false, error: null });
    void readCodes();
  } catch (cause) {
    const error = shownError(cause);
    const absent = error.code === 'not-found' && version === null;
    usePeople.setState({ shown: null, absent, error: absent ? null : error });
  }
}

/** Beside the list of people, because what is told in records is hashed for it. */
async function readCodes(): Promise<void> {
  try {
    usePeople.setState({ codes: (await client.call('roster.voiceCodes', {})).people });
  } catch (cause) {
    usePeople.setState({ codes: null, codesError: shownError(cause) });
  }
}

/** Makes codes for somebody, and the next version of the roster with their hashes. */
export async function makeCodes(wanted: { readonly person: string; readonly count: number; readonly replace: boolean; readonly file: string | null; readonly out: string }): Promise<void> {
  usePeople.setState({ working: true, codesError: null, made: null });
  try {
    usePeople.setState({ made: await client.call('roster.makeVoiceCodes', wanted) });
  } catch (cause) {
    usePeople.setState({ codesError: shownError(cause) });
  } finally {
    usePeople.setState({ working: false });
  }
}

/** The codes are on paper: they go from here, and the version that holds their hashes is looked at. */
export async function codesArePrinted(): Promise<void> {
  const { made } = usePeople.getState();
  if (made === null) return;
  usePeople.setState({ made: null, codesOf: null, open: 'file', verified: null });
  typeIn({ file: made.file });
  await verify();
}

export function typeIn(change: Partial<Typed>): void {
  usePeople.setState(({ typed }) => {
    const next = { ...typed, ...change };
    keep(NAME, next);
    return { typed: next };
  });
}

export function addChange(change: Change): void {
  const { changes } = usePeople.getState().typed;
  typeIn({ changes: [...changes.filter(({ words }) => words !== change.words), change] });
}

export function takeOff(words: string): void {
  typeIn({ changes: usePeople.getState().typed.changes.filter((change) => change.words !== words) });
}

/** All changes as one, in the order in which they were made. */
function together(changes: readonly Change[]): Change['change'] {
  const whole: Record<string, unknown> = {};
  for (const { change } of changes) {
    for (const [name, value] of Object.entries(change)) {
      const before = whole[name];
      if (Array.isArray(value)) whole[name] = [...(Array.isArray(before) ? before : []), ...(value as unknown[])];
      else if (typeof value === 'object' && value !== null) whole[name] = { ...(before as object | undefined), ...value };
      else if (value !== null) whole[name] = value;
    }
  }
  return whole as Change['change'];
}

/** Writes the next version as a file to be signed, and looks at that file. */
export async function propose(): Promise<void> {
  const { typed } = usePeople.getState();
  usePeople.setState({ working: true, proposeError: null, proposed: null });
  try {
    const proposed = await client.call('roster.propose', { file: typed.draft.trim() === '' ? null : typed.draft.trim(), changes: together(typed.changes), out: typed.out.trim() });
    usePeople.setState({ proposed });
    typeIn({ changes: [], draft: '', out: '', file: proposed.file });
    await verify();
  } catch (cause) {
    usePeople.setState({ proposeError: shownError(cause) });
  } finally {
    usePeople.setState({ working: false });
  }
}

/** Says of the file whose signatures it has, which thresholds that reaches and what it changes. */
export async function verify(): Promise<void> {
  const file = usePeople.getState().typed.file.trim();
  if (file === '') return;
  usePeople.setState({ working: true, fileError: null, done: null });
  try {
    usePeople.setState({ verified: await client.call('roster.verify', { file }) });
  } catch (cause) {
    usePeople.setState({ verified: null, fileError: shownError(cause) });
  } finally {
    usePeople.setState({ working: false });
  }
}

/** Signs the file that was looked at; true where it was signed. */
export async function signRoster(key: string, passphrase: string | null): Promise<boolean> {
  const file = usePeople.getState().typed.file.trim();
  usePeople.setState({ working: true, fileError: null, done: null });
  try {
    const { person, signature } = await client.call('roster.sign', { file, key, passphrase });
    await verify();
    usePeople.setState({ done: `${person} signed it: ${signature}. Hand the file on with the signatures beside it.` });
    return true;
  } catch (cause) {
    usePeople.setState({ fileError: shownError(cause) });
    return false;
  } finally {
    usePeople.setState({ working: false });
  }
}

/** Takes the file, or what the archive brought; the first of all with the digest that came by another way. */
export async function adopt(file: string | null, digest: string | null): Promise<void> {
  usePeople.setState({ working: true, fileError: null, done: null });
  try {
    const { roster, version } = await client.call('roster.adopt', { file, digest });
    if (file !== null) typeIn({ file: '' });
    usePeople.setState({ verified: null, proposed: null, done: `This console holds ${roster}, version ${version}.` });
    await Promise.all([readRoster(null), refreshStatus(), readSeat()]);
  } catch (cause) {
    usePeople.setState({ fileError: shownError(cause) });
  } finally {
    usePeople.setState({ working: false });
  }
}

/** A sync records one entry after the other; the roster is read again once they have come. */
const SETTLES_MS = 500;
let waiting: number | undefined;

client.on('archive.changed', () => {
  const { route } = useRoute.getState();
  if (route.screen !== 'people') return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void readRoster(route.version), SETTLES_MS);
});

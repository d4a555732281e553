import { z } from 'zod';
import { create } from 'zustand';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import type { Input, Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { keep, readKept } from '../../components/kept.ts';
import type { ActSigner } from '../../components/SignAs.tsx';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { whenAnotherSits, type Seat } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { evaluateRelease, useReleaseScreens } from './release-store.ts';

/** What can be said of a line by signature. */
export type Saying = Input<'statement.who'>['about'];
export type WhoMay = Output<'statement.who'>;

/** What is typed for one statement; every kind uses what it needs of it. */
const Typed = z.strictObject({
  statement: z.string(), files: z.array(z.string()), details: z.record(z.string(), z.string()),
  vulnerabilities: z.string(), packages: z.string(), askedBy: z.string(), control: z.string(), until: z.string(), everyRelease: z.boolean(),
});
export type Typed = z.infer<typeof Typed>;
const BLANK: Typed = { statement: '', files: [], details: {}, vulnerabilities: '', packages: '', askedBy: '', control: '', until: '', everyRelease: false };

interface AttestState {
  readonly typed: Readonly<Record<string, Typed>>;
  readonly who: Readonly<Record<string, WhoMay | AppError>>;
  /** The statement that is being signed. */
  readonly signing: string | null;
  readonly errors: Readonly<Record<string, AppError>>;
  /** What was signed since the release was last judged, by place, with its record. */
  readonly said: Readonly<Record<string, string>>;
  /** The words of the last line that was attested here. */
  readonly lastWords: string | null;
  /** The line to which somebody went on by keyboard, so that its field has the focus. */
  readonly next: string | null;
}

const EMPTY: AttestState = { typed: {}, who: {}, signing: null, errors: {}, said: {}, lastWords: null, next: null };
export const useAttesting = create<AttestState>(() => EMPTY);
whenAnotherSits(() => useAttesting.setState(EMPTY));

/** Where a statement stands while it is typed: one release, one line, one kind. */
export function placeOf(id: string, check: string, about: Saying): string {
  return `attest ${id} ${check} ${about}`;
}

export function useTyped(place: string): Typed {
  const typed = useAttesting((state) => state.typed[place]);
  return typed ?? readKept(place, Typed) ?? BLANK;
}

/** Whether somebody typed or chose something there. */
export function isBegun(place: string): boolean {
  return useAttesting.getState().typed[place] !== undefined || readKept(place, Typed) !== null;
}

export function type(place: string, change: Partial<Typed>): void {
  const before = useAttesting.getState().typed[place] ?? readKept(place, Typed) ?? BLANK;
  const after = { ...before, ...change };
  keep(place, after);
  useAttesting.setState(({ typed }) => ({ typed: { ...typed, [place]: after } }));
}

/** Asks who could say it; it is asked again whenever the release was judged again. */
export async function readWho(place: string, { draft }: Assessment, about: Saying, check: AssessedLine['result']['id']): Promise<void> {
  const answer = await client.call('statement.who', { about, check: about === 'line' ? check : null, repo: draft.repo, release: draft.version, since: draft.since, policyFile: draft.policyFile }).catch((cause: unknown) => shownError(cause));
  useAttesting.setState(({ who }) => ({ who: { ...who, [place]: answer } }));
}

/** Signs a statement, then has the release judged again; true where it was recorded. */
export async function say(id: string, place: string, assessment: Assessment, statement: Input<'statement.sign'>['statement'], signer: ActSigner): Promise<boolean> {
  useAttesting.setState(({ errors }) => {
    const { [place]: _, ...others } = errors;
    return { signing: place, errors: others };
  });
  try {
    const { record } = await runTask('statement.sign', { key: signer.key, passphrase: signer.passphrase, statement }, {
      label: `Signing a statement about ${assessment.report.release}`, address: addressOf.release(id), done: ({ person, record: made }) => `${person} signed it, recorded as ${made}.`,
    });
    keep(place, null);
    useAttesting.setState(({ typed, said, lastWords }) => {
      const { [place]: _, ...others } = typed;
      return { typed: others, said: { ...said, [place]: record }, lastWords: statement.kind === 'line' ? statement.statement : lastWords };
    });
    void judgeAfter(id);
    return true;
  } catch (cause) {
    useAttesting.setState(({ errors }) => ({ errors: { ...errors, [place]: shownError(cause) } }));
    return false;
  } finally {
    useAttesting.setState({ signing: null });
  }
}

const judging = new Set<string>();
const again = new Set<string>();

/** Judges once what was said is recorded; what is said meanwhile is judged right after. */
async function judgeAfter(id: string): Promise<void> {
  again.add(id);
  if (judging.has(id)) return;
  judging.add(id);
  try {
    while (again.delete(id)) {
      await untilJudged(id);
      await evaluateRelease(id);
    }
    // What was judged says itself now what was said.
    useAttesting.setState(({ said }) => ({ said: Object.fromEntries(Object.entries(said).filter(([place]) => !place.startsWith(`attest ${id} `))) }));
  } finally {
    judging.delete(id);
  }
}

function untilJudged(id: string): Promise<void> {
  const isFree = (): boolean => useReleaseScreens.getState().open[id]?.evaluating !== true;
  if (isFree()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = useReleaseScreens.subscribe(() => {
      if (!isFree()) return;
      stop();
      resolve();
    });
  });
}

/** The next line that asks somebody with the roles of whoever sits here, after this one and round again; null where none is left. */
export function nextAsked(id: string, { lines }: Assessment, seat: Seat | null, after: string): AssessedLine | null {
  if (seat === null) return null;
  const { said } = useAttesting.getState();
  const from = lines.findIndex(({ result }) => result.id === after);
  const round = [...lines.slice(from + 1), ...lines.slice(0, Math.max(0, from))];
  return round.find(({ result, attestableBy }) => result.status === 'needs-person' && attestableBy.some((role) => seat.roles.includes(role)) && said[placeOf(id, result.id, 'line')] === undefined) ?? null;
}

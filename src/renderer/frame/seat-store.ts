import { z } from 'zod';
import { create } from 'zustand';
import type { Output } from '../../core/contract/types.ts';
import type { AppError } from '../../core/model/errors.ts';
import { forgetKept, keep, readKept } from '../components/kept.ts';
import { client, shownError } from '../core-client.ts';

type SeatAnswer = Output<'seat.read'>;
/** A key that is here and that the roster in force gives to somebody. */
export type SeatKey = SeatAnswer['keys'][number];
/** Who sits here, as their signature proved and the roster in force says. */
export type Seat = NonNullable<SeatAnswer['seat']>;

interface SeatState {
  readonly seat: Seat | null;
  readonly locked: boolean;
  /** null until the core was asked. */
  readonly keys: readonly SeatKey[] | null;
  /** Why nobody can take the seat. */
  readonly problem: string | null;
  readonly error: AppError | null;
  readonly working: boolean;
  /** The form that takes the seat is open. */
  readonly asking: boolean;
  /** Screens begin anew with each number: another person finds every form empty. */
  readonly turn: number;
}

export const useSeat = create<SeatState>(() => ({ seat: null, locked: false, keys: null, problem: null, error: null, working: false, asking: false, turn: 0 }));

/** Stores that hold what somebody typed for an act say here how they forget it when another person takes the seat. */
const forgetting = new Set<() => void>();
export function whenAnotherSits(forget: () => void): void {
  forgetting.add(forget);
}

/** Reads who sits here and which keys could; the core alone knows. */
export async function readSeat(): Promise<void> {
  try {
    take(await client.call('seat.read', {}));
  } catch (cause) {
    useSeat.setState({ error: shownError(cause) });
  }
}

/** Takes the seat by a signature; true where it was taken. What another person had typed is forgotten first. */
export async function takeSeat(key: string, passphrase: string | null): Promise<boolean> {
  useSeat.setState({ working: true, error: null });
  try {
    const answer = await client.call('seat.take', { key, passphrase });
    if (answer.seat !== null) welcome(answer.seat.person.id);
    take(answer);
    useSeat.setState({ asking: false });
    return true;
  } catch (cause) {
    useSeat.setState({ error: shownError(cause) });
    return false;
  } finally {
    useSeat.setState({ working: false });
  }
}

/** Locks the window; where nobody sits there is nothing to lock. */
export async function lockSeat(): Promise<void> {
  if (useSeat.getState().seat === null) return;
  // What is on the screen is hidden at once, whatever the core has to do first.
  useSeat.setState({ locked: true, asking: false, error: null });
  await client.call('seat.lock', {}).then(take, (cause: unknown) => useSeat.setState({ error: shownError(cause) }));
}

export async function leaveSeat(): Promise<void> {
  await client.call('seat.leave', {}).then(take, (cause: unknown) => useSeat.setState({ error: shownError(cause) }));
}

export function askForSeat(asking = true): void {
  useSeat.setState({ asking, error: null });
  if (asking) void readSeat();
}

/** The window was loaded while it was locked, so that what its screens asked for was refused. */
let begunLocked = false;

function take({ seat, locked, keys, problem }: SeatAnswer): void {
  const before = useSeat.getState();
  if (before.keys === null && locked) begunLocked = true;
  const anew = begunLocked && !locked;
  if (anew) begunLocked = false;
  useSeat.setState({ seat, locked, keys, problem, turn: before.turn + (anew ? 1 : 0) });
}

const LAST = 'seat-last';
/** What is no form of an act: a release that is being loaded, and how a screen is laid out. */
const NOBODYS = /^(?:new-release|release \S+|archive\.timeline|seat-last)$/;

function welcome(id: string): void {
  const before = readKept(LAST, z.string());
  keep(LAST, id);
  if (before === null || before === id) return;
  forgetKept((name) => !NOBODYS.test(name));
  for (const forget of forgetting) forget();
  useSeat.setState(({ turn }) => ({ turn: turn + 1 }));
}

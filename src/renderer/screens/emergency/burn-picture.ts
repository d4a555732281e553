import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';

const HOUR = 3_600_000;
/** Distances between marks of the axis, in hours. */
const DISTANCES = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2_160, 8_760];
const MARKS = 8;

/** A deadline as it is drawn: a number beside its mark, and the words in the list below. */
export interface Deadline {
  readonly number: number;
  readonly at: number;
  readonly words: string;
  readonly state: EmergencyDetail['clocks'][number]['state'];
}

/** What the picture of an emergency is drawn from; all of it in milliseconds of UTC. */
export interface BurnPicture {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** How many things the seven steps ask for in all. */
  readonly total: number;
  /** When one of them was done, and how many were left after it, the oldest first. */
  readonly left: readonly { readonly at: number; readonly count: number; readonly words: string }[];
  /** When a step was done whole. */
  readonly steps: readonly { readonly number: number; readonly at: number; readonly count: number; readonly title: string }[];
  readonly deadlines: readonly Deadline[];
  readonly now: number;
}

/** Works out the burn-down of one emergency at a moment: what was left of its steps, and where its deadlines lie. */
export function burnPictureOf({ emergency, steps, clocks }: Pick<EmergencyDetail, 'emergency' | 'steps' | 'clocks'>, now: number): BurnPicture {
  const from = Date.parse(emergency.sla.from);
  const items = steps.flatMap((step) => step.items.map((item) => ({ ...item, step: step.number })));
  const done = items.flatMap(({ state, at, words }) => (state === 'done' && at !== null ? [{ at: Math.max(from, Date.parse(at)), words }] : [])).sort((a, b) => a.at - b.at);
  const undated = items.filter(({ state, at }) => state === 'done' && at === null).length;
  const left = done.map(({ at, words }, index) => ({ at, words, count: items.length - undated - index - 1 }));
  const leftAt = (at: number): number => left.findLast((one) => one.at <= at)?.count ?? items.length - undated;
  const whole = steps.flatMap(({ number, title, state, items: own }) => {
    const times = own.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]));
    const at = Math.max(from, ...times);
    return state === 'done' && times.length > 0 ? [{ number, title, at, count: leftAt(at) }] : [];
  });
  const deadlines = clocks.flatMap(({ due, words, state }) => (due === null ? [] : [{ at: Date.parse(due), words, state }])).sort((a, b) => a.at - b.at).map((one, index) => ({ ...one, number: index + 1 }));
  const ended = emergency.closed === null ? now : Date.parse(emergency.closed.at);
  const to = Math.max(from + HOUR, ended, ...deadlines.map(({ at }) => at), ...left.map(({ at }) => at));
  return { from, to, ticks: ticksBetween(from, to), total: items.length - undated, left, steps: whole, deadlines, now: Math.min(now, to) };
}

/** Marks of a time axis at whole distances of UTC, not more than can be read. */
export function ticksBetween(from: number, to: number): number[] {
  const distance = (DISTANCES.find((hours) => (to - from) / (hours * HOUR) <= MARKS) ?? (to - from) / HOUR / MARKS) * HOUR;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / distance) * distance; at <= to && ticks.length <= MARKS; at += distance) ticks.push(at);
  return ticks;
}

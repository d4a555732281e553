import type { z } from 'zod';

const OWN = 'countersign.';
/** Names the drill in which this window was loaded; what is typed in a drill is kept apart. */
const MARK = 'countersign-drill';

/** The drill that this window was loaded in, as it remembers; null where it was none, or nothing can be kept. */
export function keptDrill(): string | null {
  try {
    return window.localStorage.getItem(MARK);
  } catch {
    return null;
  }
}

/** Remembers in which drill it is from now on, and forgets what was typed in the one before; true where that could be kept. */
export function keepDrill(id: string | null): boolean {
  try {
    const before = keptDrill();
    if (before !== null) for (const name of Object.keys(window.localStorage).filter((one) => one.startsWith(`${MARK}.`))) window.localStorage.removeItem(name);
    if (id === null) window.localStorage.removeItem(MARK);
    else window.localStorage.setItem(MARK, id);
    return keptDrill() === id;
  } catch {
    return false;
  }
}

function prefix(): string {
  return keptDrill() === null ? OWN : `${MARK}.`;
}

/** Reads what was typed earlier; storage may be forbidden or hold something older, then nothing was kept. */
export function readKept<Kept>(name: string, shape: z.ZodType<Kept>): Kept | null {
  try {
    const text = window.localStorage.getItem(`${prefix()}${name}`);
    if (text === null) return null;
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Keeps what is being typed, so that neither an error nor a restart loses it. Where storage is forbidden, nothing is kept. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(`${prefix()}${name}`);
    else window.localStorage.setItem(`${prefix()}${name}`, JSON.stringify(value));
  } catch {
    // Forbidden or full: the form still works, it only forgets.
  }
}

/** Forgets what was typed under the names that are asked for. */
export function forgetKept(which: (name: string) => boolean): void {
  try {
    const before = prefix();
    const names = Object.keys(window.localStorage).filter((name) => name.startsWith(before));
    for (const name of names) if (which(name.slice(before.length))) window.localStorage.removeItem(name);
  } catch {
    // Storage is forbidden, so nothing was kept.
  }
}

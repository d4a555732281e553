import type { z } from 'zod';

/** Reads what was typed earlier; storage may be forbidden or hold something older, then nothing was kept. */
export function readKept<Kept>(name: string, shape: z.ZodType<Kept>): Kept | null {
  try {
    const text = window.localStorage.getItem(`countersign.${name}`);
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
    if (value === null) window.localStorage.removeItem(`countersign.${name}`);
    else window.localStorage.setItem(`countersign.${name}`, JSON.stringify(value));
  } catch {
    // Forbidden or full: the form still works, it only forgets.
  }
}

/** Forgets what was typed under the names that are asked for. */
export function forgetKept(which: (name: string) => boolean): void {
  try {
    const names = Object.keys(window.localStorage).filter((name) => name.startsWith('countersign.'));
    for (const name of names) if (which(name.slice('countersign.'.length))) window.localStorage.removeItem(name);
  } catch {
    // Storage is forbidden, so nothing was kept.
  }
}

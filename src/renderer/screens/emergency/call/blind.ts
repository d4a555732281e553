/** Words that are typed without being seen, one a place. */
export type Blind = readonly string[];

export function blankOf(count: number): Blind {
  return Array.from({ length: count }, () => '');
}

/**
 * What typing into one place comes to: a space, or a text of several words, goes on to the places after it. `at` is where one types
 * next. Nothing of it is compared with anything: that is done by the core, of the whole.
 */
export function typedAt(words: Blind, place: number, text: string): { readonly words: Blind; readonly at: number } {
  const parts = text.split(/\s+/);
  // A space at the end leaves an empty part, which says: the next place.
  const [first = '', ...rest] = parts;
  const next = [...words];
  next[place] = first;
  let at = place;
  for (const part of rest) {
    if (at + 1 >= words.length) break;
    // A space before any word is typed goes nowhere.
    if (part === '' && next[at] === '') break;
    at += 1;
    if (part !== '') next[at] = part;
  }
  return { words: next, at };
}

export function isWhole(words: Blind): boolean {
  return words.length > 0 && words.every((word) => word.trim() !== '');
}

/** How many are typed: the only thing that is said of them. */
export function countOf(words: Blind): number {
  return words.filter((word) => word.trim() !== '').length;
}

/** Browsers draw nothing that lies further down than some 33 million pixels. */
const TALLEST = 30_000_000;

/**
 * How tall an element is that stands for rows of this height in all, and by how much a step in it is longer than it looks,
 * so that its end is the end of the rows.
 */
export function shrinking(rows: number, view: number): { readonly height: number; readonly factor: number } {
  if (rows <= TALLEST) return { height: rows, factor: 1 };
  return { height: TALLEST, factor: (rows - view) / (TALLEST - view) };
}

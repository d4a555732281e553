import { GrowingTree, type TreeHash } from '../archive/tree.ts';
import type { SignedHead } from './source-log.ts';

/** Leaf hashes of a log by their places, as one holder has them. */
export type Leaves = (seq: number) => TreeHash | null;

/** How much of a log is proved, and by whose entries. */
export interface Proved {
  readonly head: SignedHead | null;
  readonly size: number;
  /** For each place below the size, which of the holders has the entry that was signed. */
  readonly holder: readonly number[];
}

const NOTHING: Proved = { head: null, size: 0, holder: [] };

/**
 * The largest head whose entries are all there, taken from several holders: for each order in which they are asked, the
 * first that has an entry gives it, and only a root that was signed says that all were right. A history that contradicts
 * one of the `held` heads is not another's to replace.
 */
export function prove(orders: readonly (readonly number[])[], holders: readonly Leaves[], heads: readonly SignedHead[], held: ReadonlySet<SignedHead>): Proved {
  let best = NOTHING;
  const largest = Math.max(0, ...heads.map(({ checkpoint }) => checkpoint.size));
  for (const order of orders) {
    const found = proveInOrder(order, holders, heads, held, largest);
    if (found.head !== null && (best.head === null || found.size > best.size)) best = found;
    if (best.head !== null && best.size === largest) break;
  }
  return best;
}

function proveInOrder(order: readonly number[], holders: readonly Leaves[], heads: readonly SignedHead[], held: ReadonlySet<SignedHead>, largest: number): Proved {
  const bySize = Map.groupBy(heads, ({ checkpoint }) => checkpoint.size);
  const tree = new GrowingTree();
  const holder: number[] = [];
  let best: { head: SignedHead; size: number } | null = null;
  for (;;) {
    for (const head of bySize.get(tree.size) ?? []) {
      if (head.checkpoint.root.equals(tree.root())) best = { head, size: tree.size };
      else if (held.has(head)) return upTo(best, holder);
    }
    if (tree.size === largest) return upTo(best, holder);
    const from = order.find((one) => holders[one]?.(tree.size) != null);
    const leaf = from === undefined ? null : (holders[from]?.(tree.size) ?? null);
    if (from === undefined || leaf === null) return upTo(best, holder);
    holder.push(from);
    tree.append(leaf);
  }
}

function upTo(best: { readonly head: SignedHead; readonly size: number } | null, holder: readonly number[]): Proved {
  return best === null ? NOTHING : { ...best, holder: holder.slice(0, best.size) };
}

import { z } from 'zod';
import { signedBytes } from '../approval/personal-signature.ts';
import type { Signer } from '../checks/check.ts';
import type { Entry, EntryRef } from '../model/archive.ts';
import { sha256Of } from './canonical.ts';

/** One entry of any log with what it proves; every state of a release is worked out of these alone. */
export interface Act {
  /** `ORIGIN#SEQ`. */
  readonly id: string;
  readonly entry: Entry;
  readonly leaf: string;
  /** The record's digest with all that is signed with it: the same act copied into another log is the same act. */
  readonly identity: string;
  /** Whose act it is proved to be; nobody's where the entry opens nothing. */
  readonly by: readonly Signer[];
  /** Imported, or of a log whose history was rewritten: it is shown, and opens nothing (FORMATS §4). */
  readonly aside: 'imported' | 'forked' | null;
}

/** An entry as it was read, before anything is made of it. */
export interface ReadEntry {
  readonly id: string;
  readonly entry: Entry;
  readonly leaf: string;
  /** Who is proved to have done it, with the roles that they had when they did (FORMATS §4, §5); nobody where it does not count. */
  readonly by: readonly Signer[];
  readonly forked: boolean;
}

/** Makes acts of entries: each once, by its place, so that the order in which a sync brought them says nothing. */
export function actsOf(entries: readonly ReadEntry[]): Act[] {
  const acts = new Map(entries.map((read) => [read.leaf, actOf(read)]));
  return [...acts.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function actOf({ id, entry, leaf, by, forked }: ReadEntry): Act {
  const aside = entry.record.imported === true ? 'imported' : forked ? 'forked' : null;
  return { id, entry, leaf, identity: sha256Of(signedBytes(entry)), by: aside === null ? by : [], aside };
}

/** Who an act is proved to be of: the person whom it names, by their own signature (FORMATS §4); null where nobody is. */
export function provedBy(act: Act, named: string): Signer | null {
  return act.by.find(({ id }) => id === named) ?? null;
}

/** The acts whose records are of a form, with the records read. */
export function ofForm<Form extends z.ZodType>(acts: readonly Act[], form: Form): { readonly act: Act; readonly record: z.output<Form> }[] {
  return acts.flatMap((act) => {
    const parsed = form.safeParse(act.entry.record);
    return parsed.success ? [{ act, record: parsed.data }] : [];
  });
}

/** What an act points at by a relation, as far as it is among these. */
export function pointedAt(act: Act, rel: string, byLeaf: ReadonlyMap<string, Act>): Act[] {
  return act.entry.refs.filter((ref) => ref.rel === rel).flatMap(({ leaf }) => byLeaf.get(leaf) ?? []);
}

export function byLeafOf(acts: readonly Act[]): ReadonlyMap<string, Act> {
  return new Map(acts.map((act) => [act.leaf, act]));
}

export function refTo(rel: string, { entry: { origin, seq }, leaf }: Act): EntryRef {
  return { rel, origin, seq, leaf };
}

import { byPlace } from '../archive/entry-id.ts';
import { z } from 'zod';
import { signedBytes } from '../approval/personal-signature.ts';
import type { Spoken } from '../approval/spoken.ts';
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
  /** Of a call that somebody took: what the roster under which it was taken says of it; null of every other act. */
  readonly spoken: Spoken | null;
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
  readonly spoken?: Spoken | null;
  readonly forked: boolean;
}

/** Makes acts of entries: each once, by its place, so that the order in which a sync brought them says nothing. */
export function actsOf(entries: readonly ReadEntry[]): Act[] {
  const acts = new Map(entries.map((one) => [one.leaf, actOf(one)]));
  return [...acts.values()].sort((a, b) => byPlace(a.id, b.id));
}

/** Makes one act of one entry. */
export function actOf({ id, entry, leaf, by, spoken = null, forked }: ReadEntry): Act {
  const aside = entry.record.imported === true ? 'imported' : forked ? 'forked' : null;
  return { id, entry, leaf, identity: sha256Of(signedBytes(entry)), by: aside === null ? by : [], spoken: aside === null ? spoken : null, aside };
}

/** Who an act is proved to be of: the person whom it names, by their own signature (FORMATS §4); null where nobody is. */
export function provedBy(act: Act, named: string): Signer | null {
  return act.by.find(({ id }) => id === named) ?? null;
}

/** An act with its record, read as one of a form. */
export interface Read<Form extends z.ZodType> {
  readonly act: Act;
  readonly record: z.output<Form>;
}

/** The acts whose records are of a form, with the records read. Each is read once, and so is each list of acts that is looked through again. */
export function ofForm<Form extends z.ZodType>(acts: readonly Act[], form: Form): readonly Read<Form>[] {
  return workedOut(acts, form, () => {
    const known = read.get(form) ?? new WeakMap<Act, Read<z.ZodType> | null>();
    read.set(form, known);
    const names = namedBy(form);
    return acts.flatMap((act) => {
      if (!names(act.entry.record.event_type)) return [];
      let one = known.get(act);
      if (one === undefined) {
        const parsed = form.safeParse(act.entry.record);
        one = parsed.success ? { act, record: parsed.data } : null;
        known.set(act, one);
      }
      return one === null ? [] : [one];
    });
  }) as readonly Read<Form>[];
}

/** What an act points at by a relation, as far as it is among these. */
export function pointedAt(act: Act, rel: string, byLeaf: ReadonlyMap<string, Act>): Act[] {
  return act.entry.refs.filter((ref) => ref.rel === rel).flatMap(({ leaf }) => byLeaf.get(leaf) ?? []);
}

/** What points at an act by a relation, as far as it is among these; nothing where the act itself is not. */
export function pointingAt(acts: readonly Act[], rel: string, { leaf }: Act): readonly Act[] {
  const index = workedOut(acts, 'pointing', () => {
    const byLeaf = byLeafOf(acts);
    return grouped(acts.flatMap((act) => [...new Set(act.entry.refs.filter((ref) => byLeaf.has(ref.leaf)).map((ref) => `${ref.rel} ${ref.leaf}`))].map((key) => [key, act] as const)));
  });
  return index.get(`${rel} ${leaf}`) ?? [];
}

/** The same act wherever it was copied to, itself among them. */
export function copiesOf(acts: readonly Act[], { identity }: Act): readonly Act[] {
  return workedOut(acts, 'copies', () => grouped(acts.map((act) => [act.identity, act] as const))).get(identity) ?? [];
}

/** The acts that name a release as theirs. */
export function ofRelease(acts: readonly Act[], release: string): readonly Act[] {
  return workedOut(acts, 'releases', () => grouped(acts.flatMap((act) => (typeof act.entry.record['release_version'] === 'string' ? [[act.entry.record['release_version'], act] as const] : [])))).get(release) ?? [];
}

export function byLeafOf(acts: readonly Act[]): ReadonlyMap<string, Act> {
  return workedOut(acts, 'leaves', () => new Map(acts.map((act) => [act.leaf, act])));
}

export function refTo(rel: string, { entry: { origin, seq }, leaf }: Act): EntryRef {
  return { rel, origin, seq, leaf };
}

const read = new WeakMap<z.ZodType, WeakMap<Act, Read<z.ZodType> | null>>();
const kept = new WeakMap<readonly Act[], Map<unknown, unknown>>();

/** Works something out of a list of acts once: the list of an archive in which nothing changed is the same list. */
function workedOut<Value>(acts: readonly Act[], key: unknown, work: () => Value): Value {
  const known = kept.get(acts) ?? new Map<unknown, unknown>();
  kept.set(acts, known);
  if (!known.has(key)) known.set(key, work());
  return known.get(key) as Value;
}

function grouped(pairs: readonly (readonly [string, Act])[]): ReadonlyMap<string, readonly Act[]> {
  const groups = new Map<string, Act[]>();
  for (const [key, act] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [act]);
    else group.push(act);
  }
  return groups;
}

/** Whether a form could be that of a record of some type, by the type that it asks for; where it does not say, of any. */
function namedBy(form: z.ZodType): (type: string) => boolean {
  const asked = form instanceof z.ZodObject ? (form.shape as Readonly<Record<string, z.ZodType | undefined>>)['event_type'] : undefined;
  const known = new Map<string, boolean>();
  return (type) => {
    if (asked === undefined) return true;
    const answer = known.get(type) ?? asked.safeParse(type).success;
    known.set(type, answer);
    return answer;
  };
}

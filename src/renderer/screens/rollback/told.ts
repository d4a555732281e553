import { z } from 'zod';
import type { Input } from '../../../core/contract/types.ts';
import { instantOf } from '../../components/wording.ts';

export type Told = Input<'rollback.notify'>['notified'][number];

const Row = z.object({ who: z.string(), as: z.enum(['incident-team', 'cto', 'ciso']), by: z.string(), at: z.string() });
/** Somebody who was told, as it is typed; without a time it was now. */
export type Row = z.infer<typeof Row>;

export const AS_WORDS: Readonly<Record<Told['as'], string>> = { 'incident-team': 'Incident response team', 'cto': 'CTO', 'ciso': 'CISO' };

/** Rows as they are kept; what cannot be read is none. */
export function rowsIn(kept: string): Row[] {
  try {
    return z.array(Row).max(50).parse(JSON.parse(kept));
  } catch {
    return [];
  }
}

/** A row for everybody whom nobody has told yet, by the name that the roster has for the role. */
export function rowsFor(untold: readonly Told['as'][], people: readonly { readonly name: string; readonly roles: readonly string[]; readonly phones: readonly string[] }[]): Row[] {
  return untold.map((as) => {
    const person = people.find(({ roles }) => roles.includes(as === 'incident-team' ? 'on-call' : as));
    return { who: person?.name ?? '', as, by: person?.phones[0] === undefined ? '' : `telephone, ${person.phones[0]}`, at: '' };
  });
}

/** Rows that say whom and by which way, as they are recorded; null where one has a time that is none. */
export function toldOf(rows: readonly Row[], now: number): Told[] | null {
  const said = rows.filter(({ who, by }) => who.trim() !== '' && by.trim() !== '');
  const told = said.map(({ who, as, by, at }) => ({ who: who.trim(), as, by: by.trim(), at: at.trim() === '' ? instant(now) : instantOf(at) }));
  return told.every((one): one is Told => one.at !== null) ? told : null;
}

export function instant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

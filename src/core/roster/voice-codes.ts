import type { Person, Roster } from '../model/roster.ts';

type Code = Person['voice_codes'][number];

/** A code that was just made, before it has a place in a roster. */
export interface MadeCode {
  readonly words: readonly string[];
  readonly salt: string;
  readonly scrypt: string;
}

/** A code with the name under which it stands on paper and in the roster (FORMATS §5, §7). */
export interface NamedCode extends MadeCode {
  readonly id: string;
  readonly duress: boolean;
}

/** Names a batch of codes; one of them, at a place that chance chose, is for duress. A name that any version ever had is not given again. */
export function namedCodes(made: readonly MadeCode[], duressAt: number, versions: readonly Pick<Roster, 'people'>[], person: string): NamedCode[] {
  const before = versions.flatMap(({ people }) => people).filter(({ id }) => id === person).flatMap(({ voice_codes: codes }) => codes.map(({ id }) => numberOf(id)));
  const last = before.reduce((highest, one) => Math.max(highest, one), 0);
  return made.map((code, place) => ({ ...code, id: `c${String(last + place + 1).padStart(2, '0')}`, duress: place === duressAt }));
}

/** The code that somebody is asked for next: the first that is neither for duress nor burnt; null where none is left (FORMATS §7). */
export function nextCodeOf({ voice_codes: codes }: Pick<Person, 'voice_codes'>, burnt: ReadonlySet<string>): Code | null {
  return codesLeft({ voice_codes: codes }, burnt)[0] ?? null;
}

/** Codes that somebody can still be asked for, in their order on paper. */
export function codesLeft({ voice_codes: codes }: Pick<Person, 'voice_codes'>, burnt: ReadonlySet<string>): Code[] {
  return codes.filter(({ id, duress }) => !duress && !burnt.has(id)).sort((a, b) => numberOf(a.id) - numberOf(b.id) || (a.id < b.id ? -1 : 1));
}

function numberOf(id: string): number {
  return Number(/^c(\d{1,9})$/.exec(id)?.[1] ?? 0);
}

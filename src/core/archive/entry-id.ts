import { AppError } from '../model/errors.ts';
import { Origin } from '../model/primitives.ts';

/** Where an entry stands. */
interface EntryPlace {
  readonly origin: string;
  readonly seq: number;
}

export function entryId({ origin, seq }: EntryPlace): string {
  return `${origin}#${seq}`;
}

/** Reads `ORIGIN#SEQ`, or a bare `SEQ` of this console's own log (FORMATS §1). Errors: `bad-input`. */
export function parseEntryId(id: string, ownOrigin: string): EntryPlace {
  const [, origin, digits = ''] = /^(?:([^#]+)#)?(0|[1-9]\d{0,15})$/.exec(id) ?? [];
  const seq = Number(digits);
  if (digits === '' || !Number.isSafeInteger(seq) || (origin !== undefined && !Origin.safeParse(origin).success)) {
    throw new AppError('bad-input', `"${id}" does not name an entry.`, { hint: 'Write ORIGIN#NUMBER, or the bare NUMBER for this console\'s own log.' });
  }
  return { origin: origin ?? ownOrigin, seq };
}

/** In the order of the logs and of the entries of each: what was written at one second in one log stays as it was written. */
export function byPlace(a: string, b: string): number {
  const [log, seq] = placeIn(a);
  const [other, later] = placeIn(b);
  return log === other ? seq - later : log < other ? -1 : 1;
}

function placeIn(id: string): readonly [origin: string, seq: number] {
  const at = id.lastIndexOf('#');
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

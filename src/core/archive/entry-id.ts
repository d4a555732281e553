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

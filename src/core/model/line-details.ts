import type { CheckId } from './verdict.ts';

/** Something that a line asks for by name beside the words of whoever attests it. */
export interface LineDetail {
  readonly name: string;
  readonly words: string;
  readonly kind: 'text' | 'day';
}

/** What each attested line asks for by name; a line that is not here asks for words alone. */
export const LINE_DETAILS: Readonly<Partial<Record<CheckId, readonly LineDetail[]>>> = {
  'penetration-test': [
    { name: 'firm', words: 'Who tested', kind: 'text' },
    { name: 'tested_on', words: 'Tested on', kind: 'day' },
    { name: 'retested_on', words: 'Findings tested again on', kind: 'day' },
  ],
};

/** Lines of which a word alone is not enough: a file that was looked at has to be named. */
export const LINES_WITH_FILES: ReadonlySet<CheckId> = new Set<CheckId>(['penetration-test']);

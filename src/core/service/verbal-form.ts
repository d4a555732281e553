import type { VerbalRequestShown } from '../contract/verbal-calls.ts';

const BLANK = '________________________________________';

/** The call as a form on paper (FORMATS §7): in the order in which a call goes, to be entered late. */
export function callForm({ record, emergency, release, approver, takenBy, statement, statementSha256, readBack, numbers, nextCode, askedAt }: VerbalRequestShown): string {
  return [
    `APPROVAL BY WORD: ${emergency}, ${release}`,
    `Statement ${record}, logged ${askedAt}`,
    `SHA-256 of what is read: ${statementSha256}`,
    '',
    `1. Call ${approver.name} (${approver.role}) yourself, by one of: ${numbers.join(' / ')}`,
    `   Called: ${BLANK}   I called them: [ ] yes  [ ] no`,
    `2. Who else is on the line (they sign later): ${BLANK}`,
    '3. Read this aloud, down to the empty line:',
    '',
    ...statement.trimEnd().split('\n').map((line) => `   | ${line}`.trimEnd()),
    '',
    `4. Read out these words: ${readBack.join(' ')}`,
    '   What they say back, word by word:',
    `   1 ${BLANK}  2 ${BLANK}`,
    `   3 ${BLANK}  4 ${BLANK}`,
    `5. Their code${nextCode === null ? ' (none is left)' : ` ${nextCode}`}, six words:`,
    `   ${BLANK} ${BLANK}`,
    '6. They say:  [ ] I approve   [ ] I refuse, because:',
    `   ${BLANK}${BLANK}`,
    `7. Said at (UTC): ${BLANK}   They agree to what is recorded: [ ]`,
    `   Taken by ${takenBy}, signature: ${BLANK}`,
    '',
    'Enter it as soon as the console is there: it is marked as entered late.',
    '',
  ].join('\n');
}

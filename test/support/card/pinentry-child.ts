import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The person at the keyboard, as gpg-agent's pinentry (Assuan): types what lies in the file that is named after it,
 * one line a question, the last line over and over; `cancel` presses Cancel. What was asked is kept beside it.
 */
const file = process.argv[2] ?? '';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const CANCELLED = 'ERR 83886179 Operation cancelled <Pinentry>';
let question = '';
say('OK ready');
createInterface({ input: process.stdin }).on('line', (line) => {
  const [word = '', ...rest] = line.split(' ');
  if (word === 'SETDESC') question = decodeURIComponent(rest.join(' ')).replaceAll(/\s*\n\s*/g, ' / ');
  if (word === 'GETPIN') {
    const answer = answerTo(question);
    if (answer !== 'cancel') say(`D ${answer}`);
    say(answer === 'cancel' ? CANCELLED : 'OK');
  } else if (word === 'CONFIRM') {
    // "Please insert the card": whoever does not cancel looks for it, and says that it is in.
    const answer = answerTo(question);
    setTimeout(() => say(answer === 'cancel' ? CANCELLED : 'OK'), 100);
  } else {
    say('OK');
  }
  if (word === 'BYE') process.exit(0);
});

function answerTo(asked: string): string {
  const before = readLines(`${file}.asked`).length;
  appendFileSync(`${file}.asked`, `${asked}\n`);
  const typed = readLines(file);
  return typed[Math.min(before, typed.length - 1)] ?? 'cancel';
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}

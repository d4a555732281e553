import { pgpWords } from '../model/pgp-words.ts';
import { NOT_READ, READ_BACK_WORDS } from '../model/records/verbal.ts';
import { digestOf } from './canonical.ts';

/** What a statement is made from: digests, version and risk (FORMATS §7). */
export interface StatementParts {
  readonly policy: string;
  readonly approver: string;
  readonly role: string;
  readonly taker: string;
  readonly emergency: { readonly id: string; readonly declaredBy: string; readonly declaredAt: string; readonly criterion: string; readonly reason: string };
  readonly release: string;
  readonly commit: string;
  readonly artifacts: readonly { readonly name: string; readonly sha256: string }[];
  readonly subjectDigest: string;
  readonly risk: string;
  readonly skipped: readonly string[];
  readonly askedAt: string;
}

/** How many bytes of a digest are read aloud as words, and of how many files; the rest stands below, and whoever ratifies sees it whole. */
const DIGEST_WORDS = 8;
const FILE_WORDS = 4;
const FILES_READ = 5;

/**
 * The text that is read aloud, and later signed byte by byte: short sentences, each on a line of its own, ended by a line feed. What is
 * below `NOT_READ` is signed with it and is for eyes: whole digests, and every line that is skipped.
 */
export function statementText(parts: StatementParts): string {
  const { emergency, artifacts, skipped, subjectDigest } = parts;
  const more = artifacts.length - FILES_READ;
  return [
    `I ask you for an emergency approval by word, under ${parts.policy}, section 10.2.`,
    `You are ${oneLine(parts.approver)} You are asked as ${parts.role}. I am ${oneLine(parts.taker)}`,
    `The emergency is ${emergency.id}, declared by ${oneLine(emergency.declaredBy)}`,
    `Its criterion: ${emergency.criterion}. ${oneLine(emergency.reason)}`,
    `The patch is ${parts.release}, commit ${parts.commit.slice(0, 12)}. It is deployed to production at once.`,
    `It is ${artifacts.length} ${artifacts.length === 1 ? 'file' : 'files'}:`,
    ...artifacts.slice(0, FILES_READ).map(({ name, sha256 }) => `  ${flat(name)}, whose digest begins ${pgpWords(sha256.slice(0, FILE_WORDS * 2)).join(' ')}.`),
    ...(more > 0 ? [`  And ${more} more, which stand below.`] : []),
    `What could go wrong: ${oneLine(parts.risk)}`,
    skipped.length === 0 ? 'No line of the checklist is skipped.' : `${skipped.length} ${skipped.length === 1 ? 'line of the checklist is' : 'lines of the checklist are'} skipped for now, and owed afterwards.`,
    `The digest of all this begins ${pgpWords(subjectDigest.slice(0, DIGEST_WORDS * 2)).join(' ')}.`,
    'Do you approve that exactly this is deployed now?',
    '',
    NOT_READ,
    `Asked at ${parts.askedAt}; declared at ${emergency.declaredAt}; commit ${parts.commit}.`,
    `SHA-256 of all this: ${subjectDigest}`,
    ...artifacts.map(({ name, sha256 }) => `SHA-256 of ${flat(name)}: ${sha256}`),
    ...skipped.map((line) => `Skipped: ${flat(line)}`),
    '',
  ].join('\n');
}

/** A name or a reason from a record stays on its line, so that it cannot put sentences of its own into the statement. */
function oneLine(words: string): string {
  const line = flat(words);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function flat(words: string): string {
  return [...words].map((character) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? ' ' : character)).join('').replace(/ +/g, ' ').trim();
}

/**
 * The words that the approver says back (FORMATS §7): four, of the digest that was logged, of the entry that logged it, and of the
 * challenge that was drawn after it. Whoever wanted two artifacts with the same words would have to log first and to draw later.
 */
export function readBackWords(statementSha256: string, statementLeaf: string, challenge: string): string[] {
  return pgpWords(digestOf({ context: 'countersign/read-back/v1', statement_sha256: statementSha256, leaf: statementLeaf, challenge }).slice(0, READ_BACK_WORDS * 2));
}

/** Whether words that were heard are those, in whichever case. */
export function sameWords(heard: readonly string[], wanted: readonly string[]): boolean {
  const plain = (words: readonly string[]): string => words.map((word) => word.trim().toLowerCase()).join(' ');
  return heard.length === wanted.length && plain(heard) === plain(wanted);
}

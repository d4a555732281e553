import { pgpWords } from '../model/pgp-words.ts';
import { READ_BACK_WORDS } from '../model/records/verbal.ts';
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

/** How many bytes of the digest are read aloud as words; whoever ratifies sees it whole. */
const DIGEST_WORDS = 8;

/** The text that is read aloud, and later signed byte by byte: short sentences, each on a line of its own, ended by a line feed. */
export function statementText(parts: StatementParts): string {
  const { emergency, artifacts, skipped, subjectDigest } = parts;
  return [
    `I ask you for an emergency approval by word, under ${parts.policy}, section 10.2.`,
    `You are ${parts.approver}, asked as ${parts.role}. I am ${parts.taker}. It is ${parts.askedAt}.`,
    `The emergency is ${emergency.id}, declared by ${emergency.declaredBy} at ${emergency.declaredAt}.`,
    `Its criterion: ${emergency.criterion}. ${oneLine(emergency.reason)}`,
    `The patch is ${parts.release}, commit ${parts.commit.slice(0, 12)}. It is deployed to production at once.`,
    `It is ${artifacts.length} ${artifacts.length === 1 ? 'file' : 'files'}:`,
    ...artifacts.map(({ name, sha256 }) => `  ${name}, SHA-256 ${sha256}`),
    `What could go wrong: ${oneLine(parts.risk)}`,
    skipped.length === 0 ? 'No line of the checklist is skipped.' : `${skipped.length} ${skipped.length === 1 ? 'line of the checklist is' : 'lines of the checklist are'} skipped for now and owed afterwards: ${skipped.join(', ')}.`,
    `The digest of all this begins with the words: ${pgpWords(subjectDigest.slice(0, DIGEST_WORDS * 2)).join(' ')}.`,
    `Whole, it is ${subjectDigest}.`,
    'Do you approve that exactly this is deployed now?',
    '',
  ].join('\n');
}

/** A name or a reason from a record stays on its line, so that it cannot put sentences of its own into the statement. */
function oneLine(words: string): string {
  const flat = [...words].map((character) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? ' ' : character)).join('').replace(/ +/g, ' ').trim();
  return /[.!?]$/.test(flat) ? flat : `${flat}.`;
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

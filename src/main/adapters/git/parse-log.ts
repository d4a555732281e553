import type { Commit, ReviewTrace } from '../../../core/model/release.ts';

/** One commit is eight fields, each ended by NUL, which no field of a commit can hold. */
export const LOG_FORMAT = ['%H', '%P', '%an', '%ae', '%cn', '%ce', '%ct', '%B'].join('%x00');
const FIELDS = 8;

/** More of a message than this is not looked through. */
const MAX_MESSAGE = 64 * 1024;

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Commits with the files that each touched, newest first; a merge names only what its commits name. */
export interface ParsedHistory {
  readonly commits: Commit[];
  readonly touched: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads `git log -z --format=LOG_FORMAT`, with or without `--name-status --no-renames`. Text that is not UTF-8 is shown
 * with replacement characters.
 */
export function parseLog(bytes: Buffer): ParsedHistory {
  const fields = bytes.toString('utf8').split('\0');
  const commits: Commit[] = [];
  const touched = new Map<string, string[]>();
  for (let at = 0; at + FIELDS <= fields.length;) {
    const commit = commitOf(fields, at);
    commits.push(commit);
    // After the message come pairs of a letter and a path, the first after a line end; the next commit begins with an id.
    for (at += FIELDS; at + 1 < fields.length && !ID.test(fields[at] ?? ''); at += 2) {
      const path = fields[at + 1] ?? '';
      const known = touched.get(path);
      if (known === undefined) touched.set(path, [commit.id]);
      else known.push(commit.id);
    }
  }
  return { commits, touched };
}

function commitOf(fields: readonly string[], at: number): Commit {
  const [id = '', parents = '', authorName = '', authorEmail = '', committerName = '', committerEmail = '', seconds = '0', message = ''] =
    fields.slice(at, at + FIELDS);
  const text = message.slice(0, MAX_MESSAGE);
  const subject = (text.split('\n', 1)[0] ?? '').trim();
  const emergencies = trailers(text, 'emergency').filter((named) => named !== '');
  const parentIds = parents.split(' ').filter((parent) => parent !== '');
  return {
    id,
    parents: parentIds,
    author: { name: authorName, email: authorEmail },
    committer: { name: committerName, email: committerEmail },
    coAuthors: trailers(text, 'co-authored-by'),
    time: instant(seconds),
    subject,
    reviews: reviewsOf(text, subject, parentIds.length > 1),
    securityMarks: securityMarksOf(text),
    ...(emergencies.length === 0 ? {} : { emergencies }),
  };
}

/** Reads `git diff-tree -r -z --name-status --no-renames`. What is no addition or deletion is a modification. */
export function parseNameStatus(bytes: Buffer): { path: string; change: 'added' | 'modified' | 'deleted' }[] {
  const fields = bytes.toString('utf8').split('\0');
  const changes: { path: string; change: 'added' | 'modified' | 'deleted' }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const letter = fields[at];
    changes.push({ path: fields[at + 1] ?? '', change: letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified' });
  }
  return changes;
}

/** CVE and GHSA names in a text: a security fix in range makes the release a security release (FORMATS §1). */
export function securityMarksOf(text: string): string[] {
  const found = text.match(/\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3})\b/gi) ?? [];
  return [...new Set(found.map((mark) => (/^cve/i.test(mark) ? mark.toUpperCase() : `GHSA${mark.slice(4).toLowerCase()}`)))].sort();
}

function reviewsOf(message: string, subject: string, isMerge: boolean): ReviewTrace[] {
  const traces: ReviewTrace[] = [
    ...trailers(message, 'reviewed-by').map((who) => ({ kind: 'reviewed-by' as const, who, pullRequest: null })),
    ...trailers(message, 'approved-by').map((who) => ({ kind: 'approved-by' as const, who, pullRequest: null })),
  ];
  const merged = /^Merge pull request #(\d{1,9})\b/.exec(subject) ?? /\bSee merge request [^\s!]*!(\d{1,9})\b/.exec(message);
  if (isMerge && merged !== null) traces.push({ kind: 'merge-commit', who: null, pullRequest: Number(merged[1]) });
  const squashed = /\(#(\d{1,9})\)$/.exec(subject);
  if (!isMerge && squashed !== null) traces.push({ kind: 'squash-merge', who: null, pullRequest: Number(squashed[1]) });
  return traces;
}

/** Values of a trailer in the last paragraph of a message. */
function trailers(message: string, name: string): string[] {
  const paragraph = message.trimEnd().split(/\n[ \t]*\n/).at(-1) ?? '';
  return paragraph.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 && line.slice(0, colon).trim().toLowerCase() === name ? [line.slice(colon + 1).trim()] : [];
  });
}

/** A commit's time is what its maker wrote; one that no calendar holds is shown as the epoch. */
function instant(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(date.getTime()) || year < 0 || year > 9999) return '1970-01-01T00:00:00Z';
  return date.toISOString().replace('.000Z', 'Z');
}

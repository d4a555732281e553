import type { ChangelogVersion } from '../../model/evidence.ts';
import { linesOf, OPAQUE, type TextFormat } from '../format.ts';

/** The version's words are kept for display; more of them than this is cut off. */
const MAX_TEXT = 8_000;
const MAX_GROUPS = 30;
/** A heading is short; what is longer is a paragraph. */
const MAX_HEADING = 200;
/** Groups of Keep a Changelog, and of what writes a CHANGELOG from conventional commits. */
const GROUPS: ReadonlySet<string> = new Set(['added', 'changed', 'deprecated', 'removed', 'fixed', 'security', 'features', 'bug fixes', 'performance improvements', 'breaking changes', '⚠ breaking changes', 'reverts', 'miscellaneous chores', 'patch changes', 'minor changes', 'major changes']);

interface Heading {
  /** Null for the section of what is not released yet. */
  readonly version: string | null;
  readonly date: string | null;
  readonly yanked: boolean;
  /** Nothing else stands in it. */
  readonly plain: boolean;
}

type Open = { -readonly [Key in keyof ChangelogVersion]: ChangelogVersion[Key] } & { groups: Record<string, number> };

/** A CHANGELOG in the form of Keep a Changelog 1.1.0: a section a version, newest first, with groups of changes. */
export const changelog: TextFormat = {
  syntax: 'text',
  kind: 'changelog',
  looksLike: (head) => {
    let titled = false;
    let versions = false;
    let plain = 0;
    let grouped = false;
    for (const line of linesOf(head)) {
      titled ||= /^#\s/.test(line) && /change\s?log/i.test(line.slice(0, MAX_HEADING));
      const heading = headingOf(line);
      versions ||= heading !== null;
      plain += Number(heading?.plain === true && heading.version !== null);
      grouped ||= GROUPS.has((groupOf(line) ?? '').toLowerCase());
      // Three headings that are versions and nothing else are enough by themselves.
      if (plain >= 3 || (versions && (titled || grouped))) return true;
    }
    return false;
  },
  read: (text, limits) => {
    const versions: ChangelogVersion[] = [];
    let open: Open | null = null;
    let group = 'Changed';
    let unreleased = false;
    /** The level of the heading of the version that is open. */
    let within = 2;
    for (const line of linesOf(text)) {
      const heading = headingOf(line);
      const level = /^#{1,6}(?=\s)/.exec(line)?.[0].length ?? 7;
      if (heading !== null || level <= Math.min(2, within)) {
        open = null;
        within = heading === null ? 2 : level;
        group = 'Changed';
        unreleased ||= heading !== null && heading.version === null;
        if (heading === null || heading.version === null) continue;
        open = { version: heading.version, date: heading.date, yanked: heading.yanked, groups: {}, text: '' };
        if (versions.length < limits.kept) versions.push(open);
      } else if (open !== null) {
        group = groupOf(line, within) ?? group;
        if (/^ {0,3}[-*+]\s+\S/.test(line)) count(open.groups, group);
        if (open.text.length < MAX_TEXT) open.text += `${line.slice(0, MAX_TEXT - open.text.length)}\n`;
      }
    }
    return { ...OPAQUE, content: { type: 'changelog', versions, unreleased } };
  },
};

function count(groups: Record<string, number>, group: string): void {
  const known = Object.hasOwn(groups, group) ? (groups[group] ?? 0) : 0;
  if (known === 0 && Object.keys(groups).length >= MAX_GROUPS) return;
  // Defined, not assigned: a group may be named `__proto__`.
  Object.defineProperty(groups, group, { value: known + 1, enumerable: true, writable: true, configurable: true });
}

/**
 * standard-version and semantic-release choose the level by the weight of the change. `## [1.2.3] - 2026-01-31 [YANKED]`, with or without the brackets, a leading v, a link; `## [Unreleased]`.
 */
function headingOf(line: string): Heading | null {
  const level = /^#{1,3} /.exec(line)?.[0].length;
  if (level === undefined || line.length > MAX_HEADING) return null;
  const words = line.slice(level).trim();
  if (/^\[?unreleased\]?(?:\s|\(|$)/i.test(words)) return { version: null, date: null, yanked: false, plain: true };
  const [named, version] = /^\[?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?=[\]\s(:]|$)\]?(?:\([^()\s]*\))?/i.exec(words) ?? [];
  if (named === undefined || version === undefined) return null;
  const [rest, date, yanked] = /^[\s(:–—-]*(\d{4}-\d\d-\d\d)?\)?[\s:–—-]*(\[yanked\])?$/i.exec(words.slice(named.length)) ?? [];
  return { version, date: realDate(date), yanked: yanked !== undefined, plain: rest !== undefined };
}

/** A heading below its version's; commit-based CHANGELOGs have versions of every level from one to three. */
function groupOf(line: string, within = 2): string | null {
  const level = /^#{2,4}(?= )/.exec(line)?.[0].length ?? 0;
  if (level === 0 || (level <= within && level < 3)) return null;
  const name = line.slice(level + 1, level + 41).trim();
  return name === '' ? null : name;
}

function realDate(text: string | undefined): string | null {
  if (text === undefined) return null;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}

import type { ChangelogVersion } from '../../model/evidence.ts';
import { OPAQUE, type TextFormat } from '../format.ts';

const VERSION_HEADING = /^##\s+\[?v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)\]?(?:\([^)]*\))?(?:\s+[-–—:(]?\s*(\d{4}-\d\d-\d\d)\)?)?\s*(\[YANKED\])?\s*$/i;
const GROUP_HEADING = /^###\s+(Added|Changed|Deprecated|Removed|Fixed|Security)\b/im;
const MAX_TEXT = 8_000;

/** A CHANGELOG in the form of Keep a Changelog 1.1.0: a section a version, newest first, with groups of changes. */
export const changelog: TextFormat = {
  kind: 'changelog',
  looksLike: (text) => {
    const lines = text.split(/\r?\n/, 4000);
    const versions = lines.some((line) => VERSION_HEADING.test(line)) || lines.some((line) => /^##\s+\[?unreleased\]?/i.test(line));
    return versions && (lines.some((line) => /^#\s+.*change\s*log/i.test(line)) || GROUP_HEADING.test(text.slice(0, 200_000)));
  },
  read: (text, limits) => {
    const versions: ChangelogVersion[] = [];
    let open: { version: string; date: string | null; yanked: boolean; groups: Record<string, number>; text: string } | null = null;
    let group = 'Changed';
    let unreleased = false;
    for (const line of text.split(/\r?\n/)) {
      const heading = VERSION_HEADING.exec(line);
      if (heading !== null) {
        open = { version: heading[1] ?? '', date: realDate(heading[2]), yanked: heading[3] !== undefined, groups: {}, text: '' };
        group = 'Changed';
        if (versions.length < limits.kept) versions.push(open);
      } else if (/^##?\s/.test(line)) {
        if (/^##\s+\[?unreleased\]?/i.test(line)) unreleased = true;
        open = null;
      } else if (open !== null) {
        group = /^###\s+(.{1,40})/.exec(line)?.[1]?.trim() ?? group;
        if (/^\s{0,3}[-*+]\s+\S/.test(line)) open.groups[group] = (Object.hasOwn(open.groups, group) ? (open.groups[group] ?? 0) : 0) + 1;
        if (open.text.length < MAX_TEXT) open.text += `${line}\n`;
      }
    }
    return { ...OPAQUE, content: { type: 'changelog', versions, unreleased } };
  },
};

function realDate(text: string | undefined): string | null {
  if (text === undefined) return null;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}

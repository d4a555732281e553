import { AppError } from '../model/errors.ts';
import { ReleasePlan } from '../model/plan.ts';

/** A plan as people write it; what stands in no file of theirs is filled in by whoever plans. */
export type PlanDraft = Omit<ReleasePlan, 'calendar'>;

const HEADINGS = {
  features: 'Features', fixes: 'Fixes', security: 'Security patches', timeline: 'Timeline', rollback_plan: 'Rollback plan', security_impact: 'Security impact',
} as const;
type Heading = keyof typeof HEADINGS;

/** A plan as Markdown that `readPlan` reads back. */
export function writePlan(draft: PlanDraft): string {
  const list = (items: readonly string[]): string[] => (items.length === 0 ? [] : ['', ...items.map((item) => `- ${item}`)]);
  const words = (text: string): string[] => (text === '' ? [] : ['', text]);
  const { scope } = draft;
  return `${[
    `# Plan of ${draft.release}`, '', `Method: ${draft.method}`, `Previous: ${draft.previous ?? 'none'}`,
    '', `## ${HEADINGS.features}`, ...list(scope.features), '', `## ${HEADINGS.fixes}`, ...list(scope.fixes), '', `## ${HEADINGS.security}`, ...list(scope.security),
    '', `## ${HEADINGS.timeline}`, ...list(draft.timeline.map(({ on, what }) => `${on} ${what}`)),
    '', `## ${HEADINGS.rollback_plan}`, ...words(draft.rollback_plan), '', `## ${HEADINGS.security_impact}`, ...words(draft.security_impact),
  ].join('\n')}\n`;
}

/** Reads a plan from JSON or from Markdown. Error: `malformed`, naming the file and the line or the field. */
export function readPlan(text: string, file: string): PlanDraft {
  const value = text.trimStart().startsWith('{') ? jsonOf(text, file) : markdownOf(text, file);
  const parsed = ReleasePlan.omit({ calendar: true }).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('malformed', `${file}: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it is no plan'}.`, { hint: 'countersign release plan --draft writes one to start from.', details: { path: file } });
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('malformed', `${file} is not JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : ''}.`, { details: { path: file }, cause });
  }
}

function markdownOf(text: string, file: string): unknown {
  const lines = text.split(/\r?\n/);
  const facts = new Map<string, string>();
  const sections = new Map<Heading, string[]>();
  let current: Heading | null = null;
  let release: string | null = null;
  for (const [index, line] of lines.entries()) {
    const title = /^# Plan of (\S+)\s*$/.exec(line);
    const heading = /^##\s+(.+?)\s*$/.exec(line);
    if (title !== null) release = title[1] ?? null;
    else if (heading !== null) {
      const named = (Object.keys(HEADINGS) as Heading[]).find((key) => HEADINGS[key].toLowerCase() === heading[1]?.toLowerCase());
      if (named === undefined) throw at(file, index, `"${heading[1] ?? ''}" is no part of a plan; its parts are ${Object.values(HEADINGS).join(', ')}`);
      if (sections.has(named)) throw at(file, index, `"${HEADINGS[named]}" stands here a second time`);
      sections.set(named, []);
      current = named;
    } else if (current !== null) sections.get(current)?.push(line);
    else {
      const fact = /^(Method|Previous):\s*(.+?)\s*$/.exec(line);
      if (fact !== null) facts.set(fact[1] ?? '', fact[2] ?? '');
      else if (line.trim() !== '') throw at(file, index, 'a plan begins with “# Plan of VERSION”, “Method:” and “Previous:”');
    }
  }
  const items = (heading: Heading): string[] => (sections.get(heading) ?? []).flatMap((line) => {
    if (line.trim() === '') return [];
    const item = /^\s*[-*]\s+(.+?)\s*$/.exec(line);
    if (item === null) throw new AppError('malformed', `${file}: under “${HEADINGS[heading]}” every line begins with “- ”; this one does not: ${line.trim().slice(0, 80)}.`, { details: { path: file } });
    return [item[1] ?? ''];
  });
  const words = (heading: Heading): string => (sections.get(heading) ?? []).join('\n').trim();
  const previous = facts.get('Previous') ?? 'none';
  return {
    release, previous: previous === 'none' ? null : previous, method: facts.get('Method'),
    scope: { features: items('features'), fixes: items('fixes'), security: items('security') },
    timeline: items('timeline').map((item) => {
      const space = item.indexOf(' ');
      return { on: space < 0 ? item : item.slice(0, space), what: space < 0 ? '' : item.slice(space + 1) };
    }),
    rollback_plan: words('rollback_plan'), security_impact: words('security_impact'),
  };
}

function at(file: string, index: number, why: string): AppError {
  return new AppError('malformed', `${file}, line ${index + 1}: ${why}.`, { details: { path: file, line: index + 1 } });
}

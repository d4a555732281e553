import { AppError } from '../model/errors.ts';
import { isUtcTime } from '../model/primitives.ts';

/** What a post-mortem says, beside its timeline (policy §10.2, step 7). */
export interface PostMortem {
  readonly heldAt: string;
  readonly heldBy: readonly string[];
  readonly rootCause: string;
  readonly contributing: readonly string[];
  readonly lessons: string;
  readonly actions: readonly { readonly what: string; readonly who: string; readonly until: string }[];
}

/** What stands above it, told by the archive. */
export interface PostMortemHead {
  readonly id: string;
  /** Name and value, such as `Detected` and a time. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly timeline: readonly { readonly at: string; readonly words: string; readonly by: string | null; readonly record: string }[];
}

const SECTIONS = ['Root cause', 'Contributing factors', 'Lessons', 'Actions'] as const;
type Section = (typeof SECTIONS)[number];
const MAX_WORDS = 4_000;
const MAX_FACTORS = 100;
const MAX_ACTIONS = 100;
const PERSON = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const END_OF_DAY = 'T23:59:59Z';

/** A post-mortem in Markdown, as it is read back line by line; what others wrote cannot break out of its place. */
export function postMortemText({ id, facts, timeline }: PostMortemHead, { heldAt, heldBy, rootCause, contributing, lessons, actions }: PostMortem): string {
  return [
    `# Post-mortem of ${onOneLine(id)}`, '', ...facts.map(([name, value]) => `- ${onOneLine(name)}: ${onOneLine(value)}`), `- Held: ${heldAt}`, `- Held by: ${heldBy.join(', ')}`, '',
    '## Timeline', '', ...timeline.map(({ at, words, by, record }) => `- ${at} ${onOneLine(words)}${by === null ? '' : ` (${onOneLine(by)})`} [${onOneLine(record)}]`), '',
    '## Root cause', '', ...block(rootCause), '## Contributing factors', '', ...(contributing.length === 0 ? [] : [...contributing.map((one) => `- ${onOneLine(one)}`), '']),
    '## Lessons', '', ...block(lessons), '## Actions', '', ...actions.map(({ what, who, until }) => `- [ ] ${onOneLine(what)} — ${who} — until ${until.endsWith(END_OF_DAY) ? until.slice(0, 10) : until}`), ...(actions.length === 0 ? [] : ['']),
  ].join('\n');
}

function block(text: string): string[] {
  return text === '' ? [''] : [...text.split('\n').map((line) => (/^\\*## /.test(line) ? `\\${line}` : line)), ''];
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * Reads a post-mortem. Every section is asked for once, and says something, but for factors and actions, of which there may be none;
 * sections of other names may follow, and stay in the text. Error: `malformed`, with the line.
 */
export function readPostMortem(text: string, file: string): PostMortem {
  const wrong = (number: number, message: string, hint?: string): AppError => new AppError('malformed', `${file}, line ${number}: ${message}`, { ...(hint === undefined ? {} : { hint }), details: { path: file, line: number } });
  const lines: Line[] = text.replaceAll('\r\n', '\n').split('\n').map((line, index) => ({ text: line, number: index + 1 }));
  const first = lines.find((line) => line.text.trim() !== '');
  if (first === undefined || !/^# \S/.test(first.text)) throw wrong(first?.number ?? 1, 'it does not begin with a title.', 'Begin with a draft: countersign emergency post-mortem draft.');
  const starts = lines.filter((line) => line.text.startsWith('## '));
  const head = lines.slice(0, (starts[0]?.number ?? lines.length + 1) - 1);
  const sections = new Map<string, { readonly heading: Line; readonly lines: readonly Line[] }>();
  for (const [index, heading] of starts.entries()) {
    const name = heading.text.slice(3).trim();
    if (sections.has(name)) throw wrong(heading.number, `the section "${name}" stands here a second time.`);
    sections.set(name, { heading, lines: lines.slice(heading.number, (starts[index + 1]?.number ?? lines.length + 1) - 1) });
  }
  const section = (name: Section): { readonly heading: Line; readonly lines: readonly Line[] } => {
    const found = sections.get(name);
    if (found === undefined) throw wrong(lines.length, `the section "## ${name}" is not there.`, 'Leave every heading of the draft in its place.');
    return found;
  };
  const words = (name: Section): string => {
    const { heading, lines: of } = section(name);
    const said = of.map((line) => line.text.replace(/^\\(\\*## )/, '$1')).join('\n').trim();
    if (said === '') throw wrong(heading.number, `"${name}" says nothing.`);
    if (said.length > MAX_WORDS) throw wrong(heading.number, `"${name}" has ${said.length} characters, and the record holds ${MAX_WORDS}.`, 'What is longer can stand in a section of its own, which is attached.');
    return said;
  };
  const items = (name: Section, most: number): Line[] => {
    const of = section(name).lines.filter((line) => line.text.trim() !== '');
    const other = of.find((line) => !line.text.startsWith('- '));
    if (other !== undefined) throw wrong(other.number, `"${name}" is a list, and this line does not begin with "- ".`);
    const over = of[most];
    if (over !== undefined) throw wrong(over.number, `"${name}" has more than ${most} lines.`);
    return of;
  };
  return {
    heldAt: heldAtIn(head, wrong), heldBy: heldByIn(head, wrong), rootCause: words('Root cause'),
    contributing: items('Contributing factors', MAX_FACTORS).map((line) => {
      const said = line.text.slice(2).trim();
      if (said === '' || said.length > MAX_WORDS) throw wrong(line.number, said === '' ? 'the factor says nothing.' : `the factor has ${said.length} characters, and the record holds ${MAX_WORDS}.`);
      return said;
    }),
    lessons: words('Lessons'),
    actions: items('Actions', MAX_ACTIONS).map((line) => actionIn(line, wrong)),
  };
}

type Wrong = (number: number, message: string, hint?: string) => AppError;

function factIn(head: readonly Line[], name: string, wrong: Wrong): { readonly line: Line; readonly value: string } {
  const found = head.filter((line) => line.text.startsWith(`- ${name}:`));
  const [line] = found;
  if (line === undefined || found.length > 1) throw wrong(found[1]?.number ?? head.length, line === undefined ? `no line says "- ${name}: …" above the first section.` : `"${name}" stands here a second time.`);
  return { line, value: line.text.slice(name.length + 3).trim() };
}

function heldAtIn(head: readonly Line[], wrong: Wrong): string {
  const { line, value } = factIn(head, 'Held', wrong);
  if (!isUtcTime(value)) throw wrong(line.number, `"${value}" is no time in UTC, such as 2026-01-13T10:00:00Z.`);
  return value;
}

function heldByIn(head: readonly Line[], wrong: Wrong): string[] {
  const { line, value } = factIn(head, 'Held by', wrong);
  const people = value.split(',').map((one) => one.trim());
  const other = people.find((one) => !PERSON.test(one));
  if (other !== undefined) throw wrong(line.number, other === '' ? 'it says who held it, by their ids in the roster, with commas between.' : `"${other}" is no id of the roster.`);
  if (new Set(people).size < people.length) throw wrong(line.number, 'somebody is named twice.');
  return people;
}

function actionIn({ text, number }: Line, wrong: Wrong): PostMortem['actions'][number] {
  const [, what, who, until] = /^- \[ \] (.*\S) — (\S+) — until (\S+)\s*$/.exec(text) ?? [];
  if (what === undefined || who === undefined || until === undefined) throw wrong(number, 'it is not "- [ ] what — who — until 2026-02-01".', 'What is done already is closed afterwards: countersign emergency action.');
  if (!PERSON.test(who)) throw wrong(number, `"${who}" is no id of the roster.`);
  if (what.length > MAX_WORDS) throw wrong(number, `the action has ${what.length} characters, and the record holds ${MAX_WORDS}.`);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(until) ? `${until}${END_OF_DAY}` : until;
  if (!isUtcTime(time)) throw wrong(number, `"${until}" is no day, such as 2026-02-01, nor a time in UTC.`);
  return { what: what.trim(), who, until: time };
}

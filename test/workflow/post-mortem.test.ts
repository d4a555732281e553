import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postMortemText, readPostMortem, type PostMortem, type PostMortemHead } from '../../src/core/workflow/post-mortem.ts';

const HEAD: PostMortemHead = { id: 'emergency-20260112-001', facts: [['Severity', 'critical']], timeline: [{ at: '2026-01-12T12:00:00Z', words: 'Detected.\n## Root cause', by: 'otto', record: 'a.example#0' }] };
const WRITTEN: PostMortem = {
  heldAt: '2026-01-13T10:00:00Z', heldBy: ['otto', 'ines'], rootCause: 'The export asked for no session.\n\n## Lessons\n\\## neither', contributing: ['It was night', '- and late'], lessons: 'Ask everywhere.',
  actions: [{ what: 'Test exports — all of them', who: 'quinn', until: '2026-01-20T23:59:59Z' }, { what: 'Rest', who: 'otto', until: '2026-01-21T08:00:00Z' }],
};

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter((text) => text !== '');
const word = fc.oneof(line, fc.constantFrom('## Actions', '\\## x', '- [ ] a — b — until c', '# t', '## ', '- Held: x'));
const block = fc.array(fc.oneof(word, fc.constant('')), { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n').trim()).filter((text) => text !== '');
const person = fc.constantFrom('otto', 'ines', 'quinn', 'a.b-c_d');
const written: fc.Arbitrary<PostMortem> = fc.record({
  heldAt: fc.constant('2026-01-13T10:00:00Z'), heldBy: fc.uniqueArray(person, { minLength: 1 }), rootCause: block, contributing: fc.array(word.map((text) => text.trim()).filter((text) => text !== ''), { maxLength: 4 }), lessons: block,
  actions: fc.array(fc.record({ what: word.map((text) => text.trim()).filter((text) => text !== ''), who: person, until: fc.constantFrom('2026-02-01T23:59:59Z', '2026-02-01T10:30:00Z') }), { maxLength: 4 }),
});

describe('a post-mortem in Markdown', () => {
  test('is read back as it was written, and what others wrote stays in its place', () => {
    const text = postMortemText(HEAD, WRITTEN);
    expect(text.split('\n').filter((one) => one.startsWith('## '))).toEqual(['## Timeline', '## Root cause', '## Contributing factors', '## Lessons', '## Actions']);
    expect(text).toContain('- [ ] Test exports — all of them — quinn — until 2026-01-20\n- [ ] Rest — otto — until 2026-01-21T08:00:00Z\n');
    expect(readPostMortem(text, 'f.md')).toEqual(WRITTEN);
  });

  test('is read back whatever was written', () => {
    fc.assert(fc.property(written, (one) => {
      expect(readPostMortem(postMortemText(HEAD, one), 'f.md')).toEqual(one);
      expect(readPostMortem(postMortemText(HEAD, one).replaceAll('\n', '\r\n'), 'f.md')).toEqual(one);
    }), { numRuns: 200 });
  });

  test('may have more sections, which stay in the text', () => {
    expect(readPostMortem(`${postMortemText(HEAD, WRITTEN)}\n## Costs\n\nNone.\n`, 'f.md')).toEqual(WRITTEN);
  });

  const lines = postMortemText(HEAD, { ...WRITTEN, rootCause: 'One.' }).split('\n');
  const at = (start: string): number => lines.findIndex((one) => one.startsWith(start)) + 1;
  test.each<[what: string, change: (text: string) => string, error: RegExp]>([
    ['nothing', () => '', /^f\.md, line 1: it does not begin with a title/],
    ['no title', (text) => text.replace('# Post', 'Post'), /^f\.md, line 1: it does not begin with a title/],
    ['no section of lessons', (text) => text.replace('## Lessons', '## Lesson'), /the section "## Lessons" is not there/],
    ['a section twice', (text) => `${text}\n## Lessons\n`, new RegExp(`^f\\.md, line ${lines.length + 1}: the section "Lessons" stands here a second time`)],
    ['no root cause', (text) => text.replace('One.', ''), new RegExp(`^f\\.md, line ${at('## Root')}: "Root cause" says nothing`)],
    ['a root cause that is too long', (text) => text.replace('One.', 'x'.repeat(4_001)), /has 4001 characters, and the record holds 4000/],
    ['a factor that is no line of a list', (text) => text.replace('- It was', 'It was'), new RegExp(`^f\\.md, line ${at('- It was')}: "Contributing factors" is a list`)],
    ['an action without a day', (text) => text.replace(' — until 2026-01-20', ''), new RegExp(`^f\\.md, line ${at('- [ ] Test')}: it is not "- \\[ \\] what — who — until 2026-02-01"`)],
    ['an action until a day that does not exist', (text) => text.replace('2026-01-20', '2026-02-30'), new RegExp(`^f\\.md, line ${at('- [ ] Test')}: "2026-02-30" is no day`)],
    ['an action that is ticked', (text) => text.replace('- [ ] Test', '- [x] Test'), new RegExp(`^f\\.md, line ${at('- [ ] Test')}: it is not`)],
    ['an action of somebody who is no id', (text) => text.replace('— quinn —', '— Quinn —'), /"Quinn" is no id of the roster/],
    ['a time that is none', (text) => text.replace('- Held: 2026-01-13T10:00:00Z', '- Held: yesterday'), new RegExp(`^f\\.md, line ${at('- Held:')}: "yesterday" is no time`)],
    ['nobody who held it', (text) => text.replace('- Held by: otto, ines', '- Held by:'), new RegExp(`^f\\.md, line ${at('- Held by')}: it says who held it`)],
    ['somebody twice', (text) => text.replace('otto, ines', 'otto, otto'), /somebody is named twice/],
  ])('names the line of what is wrong: %s', (_, change, error) => {
    expect(() => readPostMortem(change(postMortemText(HEAD, { ...WRITTEN, rootCause: 'One.' })), 'f.md')).toThrow(error);
  });
});

import { describe, expect, test } from 'vitest';
import { clashOf, deploysAlone, MUST_DIFFER, samePerson, type MustDiffer, type Party } from '../../src/core/roster/differ.ts';

const who = (id: string, ...emails: string[]): Party => ({ id, name: id, emails: emails.length === 0 ? [`${id}@example.com`] : emails });
const [ada, grace, alan] = [who('ada'), who('grace'), who('alan')];

describe('who must differ from whom', () => {
  test.each<[rule: MustDiffer, together: (Party | null)[], apart: (Party | null)[]]>([
    ['risk', [ada, ada], [ada, grace]],
    ['types', [ada, ada], [ada, grace]],
    ['approval', [ada, ada], [ada, grace]],
    ['cto-and-ciso', [ada, ada], [ada, grace]],
    ['qa', [ada, ada], [ada, grace]],
    ['deployment', [ada, ada], [ada, grace]],
    ['verbal', [ada, grace, ada], [ada, grace, alan]],
    ['verbal', [ada, grace, grace], [ada, grace, null]],
  ])('%s', (rule, together, apart) => {
    expect(clashOf(rule, together)).toMatch(/^\w+ is .* and .*, who have to be different people$/);
    expect(clashOf(rule, apart)).toBeNull();
  });

  test('every rule of the list has at least two parts', () => {
    expect(Object.values(MUST_DIFFER).every(({ parts }) => parts.length >= 2)).toBe(true);
  });

  test('one person under two ids is one, by an address of whatever case', () => {
    expect(samePerson(who('ada', 'ada@example.com'), who('ada-2', 'ADA@Example.com'))).toBe(true);
    expect(samePerson(ada, grace)).toBe(false);
  });

  test('who deploys may have approved, as long as somebody else did too', () => {
    expect(deploysAlone(ada, [ada])).toMatch(/^ada is who deploys and the only approver/);
    expect([deploysAlone(ada, [ada, grace]), deploysAlone(ada, [grace]), deploysAlone(ada, [])]).toEqual([null, null, null]);
  });
});

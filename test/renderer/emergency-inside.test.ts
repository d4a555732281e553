import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EmergencyClock, EmergencyItem } from '../../src/core/contract/emergency-calls.ts';
import { addressOf, EMERGENCY_PARTS, parseRoute, railPlaceOf } from '../../src/renderer/frame/routes.ts';
import { burnPictureOf, ticksBetween } from '../../src/renderer/screens/emergency/burn-picture.ts';
import { blankOf, countOf, isWhole, typedAt } from '../../src/renderer/screens/emergency/call/blind.ts';
import { BLANK_CALL, channelIn, stageOf } from '../../src/renderer/screens/emergency/call/call-fields.ts';
import { asksOf, clockLeft, clockState, owedInOrder, placeOfOwed, sourceWords, unratifiedWords, verbalBadge, wayOf } from '../../src/renderer/screens/emergency/step-words.ts';
import { nextOf } from '../../src/renderer/screens/emergency/emergency-words.ts';
import { callsKept, detailOf } from './preview-emergency-detail.ts';
import { emergencyAnswers } from './preview-emergency.ts';
import { verbalOf } from './preview-verbal.ts';

const at = (time: string): number => Date.parse(time);
const item = (id: string, more: Partial<EmergencyItem> = {}): EmergencyItem => ({ id, words: id, source: '§10.2', state: 'open', by: null, at: null, record: null, note: '', begun: null, roles: [], ...more });
const clock = (more: Partial<EmergencyClock> = {}): EmergencyClock => ({ id: 'sla', words: 'The patch is deployed', source: '§10.3', from: '2026-03-02T00:00:00Z', due: '2026-03-03T00:00:00Z', state: 'running', secondsLeft: 0, met: null, roles: [], reason: null, ...more });

describe('words that are typed blind', () => {
  test('a space goes to the next place, and a text of several words fills the places after it', () => {
    expect(typedAt(blankOf(4), 0, 'tissue ')).toEqual({ words: ['tissue', '', '', ''], at: 1 });
    expect(typedAt(['a', '', '', ''], 1, 'b c  d')).toEqual({ words: ['a', 'b', 'c', 'd'], at: 3 });
    expect(typedAt(blankOf(4), 0, ' ')).toEqual({ words: ['', '', '', ''], at: 0 });
    expect(typedAt(['a', 'b', 'c', ''], 3, 'd e')).toEqual({ words: ['a', 'b', 'c', 'd'], at: 3 });
  });

  test('typed key by key, words with one space between come to themselves, and no text makes more places', () => {
    const word = fc.stringMatching(/^[a-zA-Z]{1,12}$/);
    fc.assert(fc.property(fc.array(word, { minLength: 4, maxLength: 4 }), (words) => {
      let [typed, place] = [blankOf(4), 0];
      for (const key of words.join(' ')) {
        const next = typedAt(typed, place, `${typed[place] ?? ''}${key}`);
        [typed, place] = [next.words, next.at];
      }
      expect(typed).toEqual(words);
      expect([isWhole(typed), countOf(typed)]).toEqual([true, 4]);
    }));
    fc.assert(fc.property(fc.string({ maxLength: 60 }), fc.nat({ max: 5 }), (text, place) => {
      const { words, at: next } = typedAt(blankOf(6), place, text);
      expect(words).toHaveLength(6);
      expect(next).toBeGreaterThanOrEqual(place);
      expect(next).toBeLessThan(6);
      expect(words.join('')).not.toMatch(/\s/);
    }));
  });

  test('after a reload, which forgets what was heard, the words are heard anew before anything that rests on them', () => {
    const called = { ...BLANK_CALL, called: '+1', stage: '7' };
    expect(stageOf(called, true)).toBe(7);
    expect(stageOf(called, false)).toBe(4);
    expect(stageOf({ ...called, decision: 'refuse' }, false)).toBe(7);
    expect(stageOf({ ...called, called: '' }, true)).toBe(2);
    expect(['9', '-1', '2.5', 'x', ''].map((stage) => stageOf({ ...called, stage }, true))).toEqual([2, 2, 2, 2, 2]);
    expect([channelIn('radio'), channelIn('pigeon')]).toEqual(['radio', 'phone']);
  });
});

describe('clocks in words', () => {
  test('what runs is breached one second after its end, and a watch never', () => {
    expect(clockState(clock(), at('2026-03-03T00:00:00Z'))).toBe('running');
    expect(clockState(clock(), at('2026-03-03T00:00:01Z'))).toBe('breached');
    expect(clockState(clock({ id: 'watch', state: 'at-risk' }), at('2026-03-09T00:00:00Z'))).toBe('at-risk');
    expect(clockState(clock({ state: 'met', met: '2026-03-02T04:00:00Z' }), at('2026-03-09T00:00:00Z'))).toBe('met');
  });

  test('remaining, over, met in time and late, not begun', () => {
    const now = at('2026-03-02T20:48:00Z');
    expect(clockLeft(clock(), now)).toBe('3 h 12 min left');
    expect(clockLeft(clock({ due: '2026-03-02T17:36:00Z' }), now)).toBe('3 h 12 min over');
    expect(clockLeft(clock({ met: '2026-03-02T23:00:00Z', state: 'met' }), now)).toBe('Met with 1 h 00 min left');
    expect(clockLeft(clock({ met: '2026-03-03T00:30:00Z', state: 'breached' }), now)).toBe('Met 30 min 00 s late');
    expect(clockLeft(clock({ due: null, from: null, state: 'not-begun' }), now)).toBe('Not begun');
    expect(clockLeft(clock({ id: 'watch', due: '2026-03-02T17:36:00Z' }), now)).toBe('Over: it is to be closed');
    expect([sourceWords('house'), sourceWords('§10.3')]).toEqual(['house rule', '§10.3']);
  });

  test('what is unratified says until when, and by how much it is over', () => {
    expect(unratifiedWords({ count: 1, due: '2026-03-02T23:00:00Z' }, at('2026-03-02T21:00:00Z'))).toBe('Unratified: 1 approval by word, 2 h 00 min left');
    expect(unratifiedWords({ count: 2, due: '2026-03-02T20:00:00Z' }, at('2026-03-02T21:00:00Z'))).toBe('Unratified: 2 approvals by word, overdue by 1 h 00 min');
  });
});

describe('what is asked', () => {
  test('each item leads to where it is done, and one that is done to nowhere', () => {
    expect(wayOf(item('cto-told'))).toEqual({ do: 'notify', as: 'cto' });
    expect(wayOf(item('ciso-approval', { state: 'bad' }))).toEqual({ do: 'call', role: 'ciso' });
    expect(wayOf(item('qa-test'))).toEqual({ do: 'step', step: 'qa-test-begun' });
    expect(wayOf(item('qa-test', { begun: '2026-03-02T01:00:00Z' }))).toEqual({ do: 'step', step: 'qa-test' });
    expect(wayOf(item('review', { state: 'done' }))).toBeNull();
    expect(wayOf(item('something-new'))).toBeNull();
  });

  test('before the deployment comes what the present step asks for, and a rollback in its place asks for no version', () => {
    const terms = { declarers: ['cto'], deployers: ['devops'] };
    const steps = (number: number, ...items: EmergencyItem[]): Parameters<typeof nextOf>[2] => ({ rollBack: null, steps: [{ number, title: '', source: '§10.2', state: 'current', items }] });
    const known = { severity: 'critical', release: 'v1.1.1' } as const;
    expect(nextOf(known, terms, steps(4, item('cto-approval', { state: 'done' }), item('ciso-approval', { roles: ['ciso'] })))).toEqual({ act: 'item', words: 'Ask the CISO to approve it', roles: ['ciso'], step: 4 });
    expect(nextOf(known, terms, steps(1, item('affected'), item('cto-told')))).toMatchObject({ words: 'Tell the CTO' });
    expect(nextOf(known, terms, steps(5, item('deployed'), item('smoke')))).toEqual({ act: 'deploy', words: 'Deploy v1.1.1 to production', roles: ['devops'] });
    expect(nextOf({ severity: 'unknown', release: null }, terms, steps(1, item('cto-told'))).act).toBe('severity');
    const instead = { ...steps(5, item('rolled-back')), rollBack: { answer: 'instead', by: 'Mara', at: '2026-03-02T00:00:00Z', reason: 'Quicker.' } } as Parameters<typeof nextOf>[2];
    expect(nextOf({ severity: 'unknown', release: null }, terms, instead)).toMatchObject({ words: 'Go back to the version before', step: 5 });
  });

  test('the approver is asked to ratify and the witness to sign, and nobody else', () => {
    const spoken = verbalOf(1, 'grace', 'cto', { witness: { id: 'will', name: 'Will', state: 'overdue', due: '2026-03-02T00:00:00Z', at: null, record: null } });
    expect(asksOf({ verbal: [spoken] }, 'grace').map(({ kind }) => kind)).toEqual(['ratify']);
    expect(asksOf({ verbal: [spoken] }, 'will').map(({ kind }) => kind)).toEqual(['witness']);
    expect(asksOf({ verbal: [spoken] }, 'eve')).toEqual([]);
    expect(asksOf({ verbal: [spoken] }, null)).toEqual([]);
    expect(asksOf({ verbal: [{ ...spoken, ratification: { ...spoken.ratification, state: 'ratified' } }] }, 'grace')).toEqual([]);
  });

  test('a word that opens nothing never looks like an approval', () => {
    const spoken = verbalOf(1, 'grace', 'cto');
    expect(verbalBadge(spoken)).toEqual({ status: 'stale', words: 'Unratified' });
    expect(verbalBadge({ ...spoken, opens: false }).words).toBe('Opens nothing');
    expect(verbalBadge({ ...spoken, decision: 'refuse', opens: false }).words).toBe('Refused');
    expect(verbalBadge({ ...spoken, ratification: { ...spoken.ratification, state: 'disputed' } })).toEqual({ status: 'failed', words: 'Disputed' });
    expect(verbalBadge({ ...spoken, opens: false, ratification: { ...spoken.ratification, state: 'ratified' } }).words).toBe('Opens nothing');
  });

  test('what is overdue is owed first, then what has a deadline', () => {
    const owed = (id: string, due: string | null, overdue = false): Parameters<typeof owedInOrder>[0][number] => ({ id, words: id, due, overdue, roles: [], people: [] });
    expect(owedInOrder([owed('later', '2026-03-04T00:00:00Z'), owed('none', null), owed('over', '2026-03-01T00:00:00Z', true), owed('next', '2026-03-03T00:00:00Z')]).map(({ id }) => id)).toEqual(['over', 'next', 'later', 'none']);
    expect(['ratification-1a', 'breach-sla', 'hand-over-1', 'action-2', 'incident-1', 'item-watch'].map((id) => placeOfOwed(id)?.part ?? null)).toEqual(['calls', 'clocks', 'shift', 'story', 'post-mortem', null]);
  });
});

describe('the picture of an emergency', () => {
  test('what is left falls with each thing that is done, and every deadline lies in it', async () => {
    const { emergencies, terms } = await emergencyAnswers('rich')['emergency.status']({ emergency: null }, {} as never);
    expect(terms.declarers.length).toBeGreaterThan(0);
    for (const emergency of emergencies.filter(({ by }) => by !== null)) {
      const now = at('2026-03-02T21:44:09Z');
      const picture = burnPictureOf(detailOf(emergency, callsKept()), now);
      const counts = picture.left.map(({ count }) => count);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      expect(counts.every((count) => count >= 0 && count < picture.total)).toBe(true);
      expect([...picture.left, ...picture.deadlines, ...picture.steps].every((one) => one.at >= picture.from && one.at <= picture.to)).toBe(true);
      expect(picture.deadlines.map(({ number }) => number)).toEqual(picture.deadlines.map((_, index) => index + 1));
      expect(picture.now).toBeLessThanOrEqual(picture.to);
    }
  });

  test('the axis has marks at whole distances, few enough to be read, over any length', () => {
    fc.assert(fc.property(fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }), fc.integer({ min: 1, max: 40_000_000 }), (from, length) => {
      const ticks = ticksBetween(from * 1_000, (from + length) * 1_000);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.every((tick) => tick >= from * 1_000 && tick <= (from + length) * 1_000)).toBe(true);
    }));
  });
});

test('every place in an emergency has its address, whatever its records are called', () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), (of, other) => {
    for (const part of EMERGENCY_PARTS) expect(parseRoute(addressOf.emergency(of, part))).toEqual({ screen: 'emergency', of, act: null, ...(part === 'steps' ? {} : { part }) });
    expect(parseRoute(addressOf.call(of, other, 'cto'))).toEqual({ screen: 'call', of, who: other, role: 'cto', request: null });
    expect(parseRoute(addressOf.callOf(of, other))).toEqual({ screen: 'call', of, who: null, role: null, request: other });
    expect(parseRoute(addressOf.callForm(of, other))).toEqual({ screen: 'call-form', of, request: other });
    expect(parseRoute(addressOf.ratify(of, other))).toEqual({ screen: 'word', of, verbal: other, act: 'ratify' });
    expect(parseRoute(addressOf.witness(of, other))).toEqual({ screen: 'word', of, verbal: other, act: 'witness' });
    expect(parseRoute(addressOf.postMortem(of))).toEqual({ screen: 'post-mortem', of });
    expect(railPlaceOf(parseRoute(addressOf.postMortem(of)))).toBe('emergency');
  }));
});

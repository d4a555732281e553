import { describe, expect, test } from 'vitest';
import { locationOf } from '../../src/core/model/evidence-location.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { administratorsOf, afterLossOf } from '../../src/renderer/screens/people/administrators.ts';

const key = (use: 'admin' | 'approve'): Roster['people'][number]['keys'][number] => ({ fingerprint: 'A'.repeat(40), cert: '-----BEGIN PGP PUBLIC KEY BLOCK-----', use: [use], on: 'file' });
const person = (id: string, use: 'admin' | 'approve', status: 'active' | 'left' = 'active'): Roster['people'][number] => ({ id, name: id, emails: [], roles: [], status, deputies: [], phones: [], voice_codes: [], keys: [key(use)] });
const roster = (admin: number, ...people: Roster['people']): Roster => ({ v: 1, roster: 'example', version: 3, expires: '2999-01-01T00:00:00Z', policy_digests: [], thresholds: { admin }, people, consoles: [] });

describe('a lost administrator', () => {
  const three = [person('ada', 'admin'), person('grace', 'admin'), person('ines', 'admin'), person('quinn', 'approve'), person('leo', 'admin', 'left')];
  test('only who is active and signs the roster is one', () => {
    expect(administratorsOf(roster(2, ...three)).map(({ id }) => id)).toEqual(['ada', 'grace', 'ines']);
  });

  test.each<[string, Roster, string, { left: string[]; possible: boolean; lastLoss: boolean }]>([
    ['one of three with a threshold of one', roster(1, ...three), 'ada', { left: ['grace', 'ines'], possible: true, lastLoss: false }],
    ['one of three with a threshold of two', roster(2, ...three), 'ada', { left: ['grace', 'ines'], possible: true, lastLoss: true }],
    ['one of three with a threshold of three', roster(3, ...three), 'ada', { left: ['grace', 'ines'], possible: false, lastLoss: false }],
    ['the only one', roster(1, person('ada', 'admin')), 'ada', { left: [], possible: false, lastLoss: false }],
  ])('%s', (_, held, lost, { left, possible, lastLoss }) => {
    const after = afterLossOf(held, lost);
    expect({ left: after.left.map(({ id }) => id), possible: after.possible, lastLoss: after.lastLoss }).toEqual({ left, possible, lastLoss });
  });
});

describe('where evidence lies', () => {
  test.each([
    ['one folder', { folder: '/srv/outputs', path: 'reports/unit.xml' }, 1, '/srv/outputs/reports/unit.xml'],
    ['several folders, whose names the paths begin with', { folder: '/srv/outputs', path: 'outputs/reports/unit.xml' }, 2, '/srv/outputs/reports/unit.xml'],
    ['several folders of one name', { folder: '/srv/b/outputs/', path: '2-outputs/unit.xml' }, 2, '/srv/b/outputs/unit.xml'],
  ])('in %s', (_, file, folders, path) => {
    expect(locationOf(file, folders)).toBe(path);
  });
});

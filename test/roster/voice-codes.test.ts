import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCode, makeCode, normalisedCode } from '../../src/core/approval/voice-code.ts';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import { hexOfWords } from '../../src/core/model/pgp-words.ts';
import { Roster } from '../../src/core/model/roster.ts';
import { codesLeft, namedCodes, nextCodeOf } from '../../src/core/roster/voice-codes.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { PASSPHRASE, TwoPeople } from '../support/two-people.ts';

const made = (count: number): { words: string[]; salt: string; scrypt: string }[] => Array.from({ length: count }, () => ({ words: ['aardvark'], salt: '0'.repeat(32), scrypt: '0'.repeat(64) }));
const withCodes = (ids: readonly string[], duress = ''): Roster['people'][number]['voice_codes'] => ids.map((id) => ({ id, salt: '0'.repeat(32), scrypt: '0'.repeat(64), duress: id === duress }));
const somebody = (id: string, ids: readonly string[]): Pick<Roster, 'people'> => ({ people: [{ id, name: id, emails: [], roles: [], status: 'active', deputies: [], keys: [], phones: [], voice_codes: withCodes(ids) }] });

describe('a code', () => {
  test('is six words of the PGP list, and known however they are typed', async () => {
    const { words, salt, scrypt } = await makeCode();
    expect(words).toHaveLength(6);
    expect(hexOfWords(words)).toHaveLength(12);
    expect(normalisedCode([' Aardvark', 'ADROITNESS  absurd '])).toBe('aardvark adroitness absurd');
    expect(checkCode(`  ${words.join('  ').toUpperCase()} `, { salt, scrypt })).toBe(true);
    const [first = '', second = ''] = words;
    expect(checkCode([second, first, ...words.slice(2)].join(' '), { salt, scrypt })).toBe(first === second);
    expect(checkCode(words.slice(1).join(' '), { salt, scrypt })).toBe(false);
    expect(checkCode('', { salt, scrypt })).toBe(false);
  });

  test('has a name that no version gave before, of which nobody can tell the one for duress', () => {
    expect(namedCodes(made(3), 1, [], 'cleo').map(({ id, duress }) => [id, duress])).toEqual([['c01', false], ['c02', true], ['c03', false]]);
    expect(namedCodes(made(2), 0, [somebody('cleo', ['c01', 'c12']), somebody('cleo', []), somebody('ines', ['c40'])], 'cleo').map(({ id }) => id)).toEqual(['c13', 'c14']);
    expect(namedCodes(made(1), 0, [somebody('cleo', ['c99', 'mine'])], 'cleo')[0]?.id).toBe('c100');
  });

  test('is asked for in order, once, and never the one for duress', () => {
    const person = { voice_codes: withCodes(['c100', 'c02', 'c01', 'c03'], 'c01') };
    expect(nextCodeOf(person, new Set())?.id).toBe('c02');
    expect(nextCodeOf(person, new Set(['c02']))?.id).toBe('c03');
    expect(codesLeft(person, new Set(['c03'])).map(({ id }) => id)).toEqual(['c02', 'c100']);
    expect(nextCodeOf(person, new Set(['c02', 'c03', 'c100']))).toBeNull();
  });
});

describe('codes of somebody', () => {
  const people = new TwoPeople();
  let core: Core;
  let client: Client;
  beforeAll(async () => {
    await people.prepare();
    await people.adopt();
    core = compose({ shell: 'test', home: people.home });
    client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  });
  afterAll(async () => {
    await core.close();
    people.remove();
  });

  const at = (name: string): string => join(people.folder.path, name);
  const take = async (file: string): Promise<void> => {
    await client.call('roster.sign', { file, key: people.files['grace'] ?? '', passphrase: PASSPHRASE });
    await client.call('roster.adopt', { file, digest: null });
  };
  const ofInes = async (): Promise<unknown> => (await client.call('roster.voiceCodes', {})).people.find(({ id }) => id === 'ines');

  test('are made once, held as hashes, burnt by the record that tells one, and never named twice', async () => {
    const first = await client.call('roster.makeVoiceCodes', { person: 'ines', count: 2, replace: false, file: null, out: at('codes-2.json') });
    expect(first).toMatchObject({ person: 'ines', name: 'Inés Núñez', version: 2 });
    expect(first.codes.map(({ id }) => id)).toEqual(['c01', 'c02', 'c03']);
    expect(first.codes.filter(({ duress }) => duress)).toHaveLength(1);
    const text = readFileSync(first.file, 'utf8');
    const written = Roster.parse(JSON.parse(text)).people.find(({ id }) => id === 'ines')?.voice_codes ?? [];
    for (const { id, words, duress } of first.codes) {
      const kept = written.find((one) => one.id === id);
      expect(kept?.duress).toBe(duress);
      expect(kept === undefined ? false : checkCode(words.join(' '), kept)).toBe(true);
      expect(text).not.toContain(words.join(' '));
    }

    // A number goes into the same version.
    const { file } = await client.call('roster.propose', { file: first.file, changes: { addPhones: [{ id: 'ines', phone: '+49 555 0100' }] }, out: at('phones-2.json') });
    await take(file);
    expect(await ofInes()).toMatchObject({ left: 2, phones: ['+49 555 0100'], codes: [{ id: 'c01', burntBy: null }, { id: 'c02', burntBy: null }, { id: 'c03', burntBy: null }] });

    const [told] = first.codes.filter(({ duress }) => !duress);
    const record = {
      event_type: 'verbal_approval', imported: true, release_version: 'v1.0.0', subject_digest: 'a'.repeat(64), approver: 'ines', approver_role: 'ciso', spoken_at: '2026-01-12T03:00:00Z', channel: 'phone', called: '+49 555 0100',
      taken_by: 'quinn', witness: null, words: 'Yes.', read_back: ['aardvark'], challenge: '0'.repeat(32), identified_by: 'coded', voice_code: told?.words.join(' '),
    };
    const lines = [record, { ...record, voice_code: 'aardvark adroitness aardvark adroitness aardvark adroitness' }, { ...record, voice_code: 'no code at all' }, { ...record, approver: 'quinn' }];
    writeFileSync(at('told.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const { appended } = await client.call('archive.append', { from: at('told.jsonl') });
    expect(await ofInes()).toMatchObject({ left: 1 });
    expect((await client.call('roster.voiceCodes', {})).people.flatMap(({ codes }) => codes).filter(({ burntBy }) => burntBy !== null)).toEqual([{ id: told?.id, burntBy: appended[0]?.id }]);

    const second = await client.call('roster.makeVoiceCodes', { person: 'ines', count: 1, replace: true, file: null, out: at('codes-3.json') });
    expect(second.codes.map(({ id }) => id)).toEqual(['c04', 'c05']);
    await take(second.file);
    expect(await ofInes()).toMatchObject({ left: 1, codes: [{ id: 'c04' }, { id: 'c05' }] });
  });

  test('are refused for nobody, for somebody who left, and into a file that is there', async () => {
    const make = (person: string, out: string): Promise<unknown> => client.call('roster.makeVoiceCodes', { person, count: 1, replace: false, file: null, out });
    await expect(make('nobody', at('x.json'))).rejects.toMatchObject({ code: 'bad-input', message: 'Nobody in the roster is called "nobody".' });
    await expect(make('leo', at('x.json'))).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('Leo Gone left') as unknown });
    await expect(make('ines', people.rosterFile)).rejects.toMatchObject({ code: 'already-exists' });
    await expect(client.call('roster.makeVoiceCodes', { person: 'ines', count: 51, replace: false, file: null, out: at('x.json') })).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(/^count: /) as unknown });
  });
});

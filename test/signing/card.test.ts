import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CardBench } from '../support/card/card-bench.ts';
import { cardIsMissing, SigningPlace, statusOf } from '../support/card/card-suite.ts';
import { CARD_ALGORITHMS, generateOnCard, importToCard } from '../support/card/make-keys.ts';

describe.skipIf(cardIsMissing())('a key on a card', () => {
  let bench: CardBench;
  beforeAll(async () => {
    bench = await CardBench.start();
  });
  afterAll(() => bench.stop());

  const cases = CARD_ALGORITHMS.flatMap((algorithm) => [[algorithm, 'made on it', generateOnCard], [algorithm, 'moved to it', importToCard]] as const);
  test.each(cases)('%s, %s: signs, counts, and verifies elsewhere', async (algorithm, how, make) => {
    const serial = String(cases.findIndex(([a, h]) => a === algorithm && h === how) + 1).padStart(8, '0');
    await bench.insertNew(serial);
    const key = await make(bench, algorithm, `${algorithm} ${how} <card@example.com>`);
    const before = await statusOf(bench);
    expect(before).toMatchObject({ state: 'ready', card: { serial, keys: { sign: key }, tries: { user: 3, reset: 0, admin: 3 }, touch: 'off', pinEachTime: true, version: '3.4' } });
    const place = new SigningPlace(bench, `${algorithm} ${how}`);
    expect(await place.sign(key)).toMatchObject({ code: 0 });
    expect((await statusOf(bench)).card?.signatures).toBe((before.card?.signatures ?? 0) + 1);
    const { gpg, countersign } = place.verifiedElsewhere(await bench.must(['gpg', '--armor', '--export', key]));
    expect(gpg).toContain(`VALIDSIG ${key}`);
    expect(countersign).toBe('good');
  });

  test('its counter is recorded with what it signed, and what it signed elsewhere shows as a gap', async () => {
    await bench.insertNew('00000009');
    const key = await generateOnCard(bench, 'Ed25519', 'Counted <counted@example.com>');
    const shown = async (): Promise<string> => (await bench.countersign(['cards'])).stdout;
    expect(await shown()).toContain('No signing by this card is recorded here');
    expect(await new SigningPlace(bench, 'counted').sign(key)).toMatchObject({ code: 0 });
    expect(await shown()).toContain('it has signed nothing since');
    await bench.must(['gpg', '--batch', '--yes', '--local-user', key, '--detach-sign', '--output', `${bench.folder}/elsewhere.sig`, `${bench.folder}/counted/a.zip`]);
    expect(await shown()).toContain('It has signed once since');
  });

  test.each([['generated', generateOnCard], ['imported', importToCard]] as const)('is enrolled with what it says of its key: %s', async (origin, make) => {
    await bench.insertNew(origin === 'generated' ? '00000030' : '00000031');
    const key = await make(bench, 'Ed25519', `Enrolled ${origin} <enrolled@example.com>`);
    const { code, stdout } = await bench.countersign(['cards', 'enrol', '--person', 'cleo', '--spare', '--revocation-sealed', 'safe 2, envelope 7', '--json']);
    expect(code).toBe(0);
    const enrolled = JSON.parse(stdout) as { record: string; facts: object; warnings: string[] };
    expect(enrolled.facts).toEqual({ keyOrigin: origin, firmware: null });
    expect(enrolled.warnings.some((words) => words.includes('was moved to the card'))).toBe(origin === 'imported');
    const { entry } = JSON.parse((await bench.countersign(['archive', 'show', enrolled.record, '--json'])).stdout) as { entry: { record: object } };
    expect(entry.record).toMatchObject({ event_type: 'card_enrolment', person: 'cleo', purpose: 'spare', key_fingerprint: key, key_origin: origin, revocation_sealed: 'safe 2, envelope 7', card: { touch: 'off' } });
  });

  test('waits for a touch where the card wants one, and signs after it', async () => {
    await bench.insertNew('00000010');
    const key = await generateOnCard(bench, 'Ed25519', 'Touched <touch@example.com>');
    await bench.alter('00000010', (card) => void (card.touch = true));
    expect((await statusOf(bench)).card?.touch).toBe('on');
    const place = new SigningPlace(bench, 'touched');
    const signing = place.sign(key);
    await bench.untilTouchAwaited();
    expect(place.left().filter((name) => !name.startsWith('.'))).toEqual([]);
    await bench.touch();
    expect(await signing).toMatchObject({ code: 0 });
    expect(place.left()).toContain('SHA256SUMS.asc');
  });

  test('two readers at once do not get in each other’s way', async () => {
    const sign = async (name: string): Promise<number | null> => {
      const own = await CardBench.start();
      try {
        await own.insertNew('00000020');
        const key = await generateOnCard(own, 'P-256', `${name} <parallel@example.com>`);
        return (await new SigningPlace(own, name).sign(key)).code;
      } finally {
        await own.stop();
      }
    };
    expect(await Promise.all([sign('one'), sign('two')])).toEqual([0, 0]);
  });
});

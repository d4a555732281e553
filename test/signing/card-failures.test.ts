import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CardBench } from '../support/card/card-bench.ts';
import { FULL_TRIES, newCard, USER_PIN } from '../support/card/card-state.ts';
import { cardIsMissing, failureOf, SigningPlace, statusOf } from '../support/card/card-suite.ts';
import { generateOnCard } from '../support/card/make-keys.ts';

const SERIAL = '0000A001';
const OTHER = '0000A002';

describe.skipIf(cardIsMissing())('a signature that a card does not make', () => {
  let bench: CardBench;
  let key: string;
  let place: SigningPlace;
  let count = 0;
  beforeAll(async () => {
    bench = await CardBench.start();
    await bench.insertNew(OTHER);
    await bench.insertNew(SERIAL);
    key = await generateOnCard(bench, 'Ed25519', 'Failing <fail@example.com>');
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    bench.type(USER_PIN);
    count += 1;
    place = new SigningPlace(bench, `failure ${count}`);
    await bench.alter(SERIAL, (card) => Object.assign(card, { tries: { ...newCard(SERIAL).tries }, touch: false, forced: true }));
  });
  const says = (message: string): unknown => expect.stringContaining(message);
  const nothingLeft = (): void => expect(place.left()).toEqual([]);

  test('a wrong PIN: says how many tries are left, then that it is blocked', async () => {
    bench.type('654321');
    expect(await failureOf(place, key)).toMatchObject({ code: 'pin-failed', message: says('2 tries are left'), details: { state: 'pin-wrong', triesLeft: FULL_TRIES - 1 } });
    nothingLeft();
    expect((await statusOf(bench)).card?.tries.user).toBe(2);
    expect(await failureOf(place, key)).toMatchObject({ details: { state: 'pin-wrong', triesLeft: 1 }, message: says('1 try is left') });
    await failureOf(place, key);
    const blocked = await failureOf(place, key);
    expect(blocked).toMatchObject({ code: 'pin-failed', message: says('blocked'), hint: says('admin PIN'), details: { state: 'pin-blocked' } });
    expect(await statusOf(bench)).toMatchObject({ state: 'pin-blocked', card: { tries: { user: 0 } } });
    nothingLeft();
  });

  test('a PIN that is too short costs no try', async () => {
    bench.type('12');
    expect(await failureOf(place, key)).toMatchObject({ details: { state: 'pin-wrong', triesLeft: FULL_TRIES } });
    nothingLeft();
  });

  test('cancelled at the PIN', async () => {
    bench.type('cancel');
    expect(await failureOf(place, key)).toMatchObject({ code: 'cancelled', details: { state: 'pinentry-cancelled' } });
    nothingLeft();
  });

  test('no card', async () => {
    await bench.pull();
    bench.type('cancel');
    expect(await failureOf(place, key)).toMatchObject({ code: 'key-unusable', message: says(SERIAL), hint: says('Insert the card'), details: { state: 'no-card', wanted: SERIAL } });
    expect(bench.asked()[0]).toContain('insert the card');
    expect(await statusOf(bench)).toMatchObject({ state: 'no-card', card: null });
    nothingLeft();
  });

  test('the wrong card: says which is wanted and which is there', async () => {
    await bench.insert(OTHER);
    bench.type('cancel');
    expect(await failureOf(place, key)).toMatchObject({ code: 'key-unusable', details: { state: 'wrong-card', wanted: SERIAL, inserted: OTHER } });
    expect(await statusOf(bench)).toMatchObject({ state: 'no-signing-key', card: { serial: OTHER } });
    nothingLeft();
  });

  test('removed in the middle', async () => {
    await bench.pullWhileSigning();
    expect(await failureOf(place, key)).toMatchObject({ code: 'gpg-failed', message: says('removed'), hint: says('Put it in'), details: { state: 'card-removed' } });
    nothingLeft();
  });

  test('a touch that is not given', async () => {
    await bench.alter(SERIAL, (card) => void (card.touch = true));
    const failing = failureOf(place, key);
    await bench.untilTouchAwaited();
    await bench.touch(false);
    expect(await failing).toMatchObject({ code: 'cancelled', message: says('touched'), details: { state: 'touch-refused' } });
    nothingLeft();
  });

  test('a failure of its memory', async () => {
    await bench.breakMemory();
    expect(await failureOf(place, key)).toMatchObject({ code: 'gpg-failed', message: says('memory'), details: { state: 'card-failed' } });
    nothingLeft();
  });

  test('another key in the place of this one', async () => {
    const before = bench.card(SERIAL).slots;
    await bench.agent('SCD SERIALNO openpgp', 'SCD GENKEY --force 1');
    bench.type('cancel');
    expect(await failureOf(place, key)).toMatchObject({ code: 'key-unusable', message: says('another key'), details: { state: 'key-replaced' } });
    nothingLeft();
    await bench.alter(SERIAL, (card) => void (card.slots = before));
  });

  test('a mute card is ended by our own time limit', async () => {
    await bench.must(['gpg', '--card-status']);
    await bench.mute();
    expect(await failureOf(place, key, { environment: { COUNTERSIGN_KEY_TIMEOUT: '2' } })).toMatchObject({ code: 'gpg-failed', details: { state: 'no-answer' } });
    nothingLeft();
    await bench.mute(false);
  });

  test('no pinentry, and one without a terminal', async () => {
    const withPinentry = `pinentry-program ${join(bench.folder, 'pinentry')}`;
    bench.configure('gpg-agent', 'pinentry-program /nonexistent/pinentry');
    await bench.restart();
    expect(await failureOf(place, key)).toMatchObject({ code: 'gpg-failed', message: says('pinentry'), details: { state: 'pinentry-missing' } });
    bench.configure('gpg-agent', 'pinentry-program /usr/bin/pinentry-curses');
    await bench.restart();
    expect(await failureOf(place, key, { environment: { GPG_TTY: '', DISPLAY: '' } })).toMatchObject({ code: 'gpg-failed', hint: says('GPG_TTY'), details: { state: 'pinentry-no-terminal' } });
    nothingLeft();
    bench.configure('gpg-agent', withPinentry);
  });

  test('no card daemon, no agent, no gpg, no card service', async () => {
    const agent = `pinentry-program ${join(bench.folder, 'pinentry')}`;
    bench.configure('gpg-agent', agent, 'scdaemon-program /nonexistent/scdaemon');
    await bench.restart();
    expect(await statusOf(bench)).toMatchObject({ state: 'no-scdaemon', parts: { scdaemon: 'missing' } });
    expect(await failureOf(place, key)).toMatchObject({ details: { state: 'no-scdaemon' }, hint: says('scdaemon') });
    bench.configure('gpg-agent', agent);
    await bench.restart();
    bench.configure('gpg', 'agent-program /nonexistent/gpg-agent');
    expect(await statusOf(bench)).toMatchObject({ state: 'no-agent' });
    expect(await failureOf(place, key)).toMatchObject({ details: { state: 'no-agent' } });
    bench.configure('gpg');
    const nowhere = { environment: { PATH: join(bench.folder, 'nowhere') } };
    expect(await failureOf(place, key, nowhere)).toMatchObject({ code: 'gpg-unavailable', hint: says('Install GnuPG') });
    await bench.pull();
    await bench.stopPcscd();
    await bench.restart();
    bench.type('cancel');
    expect(await statusOf(bench)).toMatchObject({ state: 'no-pcscd' });
    expect(await failureOf(place, key)).toMatchObject({ details: { state: 'no-pcscd' } });
    await bench.startPcscd();
    nothingLeft();
  });

  test('a key that is revoked, has expired, or may not sign, before anybody is asked', async () => {
    const made = async (user: string, usage: string, expires: string): Promise<string> => {
      await bench.must(['gpg', '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', '--quick-gen-key', user, 'ed25519', usage, expires]);
      return /^fpr:+([0-9A-F]{40}):/m.exec(await bench.must(['gpg', '--list-secret-keys', '--with-colons', `=${user}`]))?.[1] ?? '';
    };
    const expired = await made('Old <old@example.com>', 'cert,sign', 'seconds=1');
    const certifies = await made('Certifies <cert@example.com>', 'cert', '0');
    const revoked = await made('Gone <gone@example.com>', 'cert,sign', '0');
    const revocation = join(bench.folder, 'revocation.asc');
    writeFileSync(revocation, (await bench.must(['sed', 's/^:-----/-----/', join(bench.gnupgHome, 'openpgp-revocs.d', `${revoked}.rev`)])));
    await bench.must(['gpg', '--batch', '--import', revocation]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await failureOf(place, expired)).toMatchObject({ code: 'key-unusable', message: says('expired'), details: { state: 'key-expired' } });
    expect(await failureOf(place, certifies)).toMatchObject({ code: 'key-unusable', message: says('may not sign'), details: { state: 'key-may-not-sign' } });
    expect(await failureOf(place, revoked)).toMatchObject({ code: 'key-unusable', message: says('revoked'), details: { state: 'key-revoked' } });
    nothingLeft();
  });
});

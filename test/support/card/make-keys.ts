import { ADMIN_PIN, USER_PIN } from './card-state.ts';
import type { CardBench } from './card-bench.ts';

/** Algorithms as the card daemon names them in KEY-ATTR (algorithm number and curve or size), and as gpg makes keys of them. */
const ALGORITHMS = {
  'Ed25519': { attributes: '22 ed25519', made: 'ed25519' },
  'RSA-2048': { attributes: '1 rsa2048', made: 'rsa2048' },
  'P-256': { attributes: '19 nistp256', made: 'nistp256' },
} as const;

export type CardAlgorithm = keyof typeof ALGORITHMS;
export const CARD_ALGORITHMS = Object.keys(ALGORITHMS) as CardAlgorithm[];

/** Makes a signing key on the card that is in, with a certificate around it; gives its fingerprint. */
export async function generateOnCard(bench: CardBench, algorithm: CardAlgorithm, user: string): Promise<string> {
  // The fingerprint that the card keeps has the second in it in which it made the key; gpg may take the next one for its own.
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await bench.agent('SCD SERIALNO openpgp', `SCD SETATTR KEY-ATTR --force 1 ${ALGORITHMS[algorithm].attributes}`, 'SCD GENKEY --force 1');
    // Leaves the stub by which gpg knows that the secret is on this card.
    await bench.must(['gpg', '--card-status']);
    bench.type(USER_PIN);
    await bench.must(['gpg', '--batch', '--yes', '--quick-gen-key', user, 'card', 'cert,sign', '0']);
    const [, kept = ''] = /^fpr:([0-9A-F]{40}):/m.exec(await bench.must(['gpg', '--batch', '--with-colons', '--card-status'])) ?? [];
    const listing = await bench.must(['gpg', '--batch', '--list-secret-keys', '--with-colons', `=${user}`]);
    if (kept !== '' && listing.includes(`:${kept}:`)) return kept;
  }
  throw new Error(`card and gpg never agreed on the fingerprint of ${user}`);
}

/** Makes a key in software and moves it to the card that is in (`keytocard`); gives its fingerprint. */
export async function importToCard(bench: CardBench, algorithm: CardAlgorithm, user: string): Promise<string> {
  const { attributes, made } = ALGORITHMS[algorithm];
  await bench.must(['gpg', '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', '--quick-gen-key', user, made, 'cert,sign', '0']);
  const fingerprint = await fingerprintOf(bench, user);
  await bench.agent('SCD SERIALNO openpgp', `SCD SETATTR KEY-ATTR --force 1 ${attributes}`);
  bench.type(ADMIN_PIN);
  await bench.must(['gpg', '--no-tty', '--command-fd', '0', '--edit-key', fingerprint], { input: 'keytocard\ny\n1\nsave\n' });
  bench.type(USER_PIN);
  return fingerprint;
}

async function fingerprintOf(bench: CardBench, user: string): Promise<string> {
  const listing = await bench.must(['gpg', '--batch', '--list-secret-keys', '--with-colons', `=${user}`]);
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
  if (fingerprint === undefined) throw new Error(`gpg knows no key of ${user}`);
  return fingerprint;
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppErrorShape } from '../../../src/core/model/errors.ts';
import type { CardStatus } from '../../../src/core/model/card.ts';
import { whyNoCard, type CardBench, type RunOptions } from './card-bench.ts';
import type { Ended } from './bench-messages.ts';

/** Whether tests that need a card are skipped here, which is then said; `npm test` does not let them be skipped. */
export function cardIsMissing(): boolean {
  const why = whyNoCard();
  if (why === null) return false;
  if (process.env['COUNTERSIGN_CARD_SUITE'] === 'required') throw new Error(`The card's tests have to run here and cannot: ${why}.`);
  process.stderr.write(`The card's tests are skipped: ${why}.\n`);
  return true;
}

/** A folder in which something is signed by the product's own command line, beside the card. */
export class SigningPlace {
  readonly bench: CardBench;
  readonly path: string;
  readonly artifact: string;
  readonly release: string;

  constructor(bench: CardBench, name: string) {
    this.bench = bench;
    this.path = join(bench.folder, name.replaceAll(/[^A-Za-z0-9]+/g, '-'));
    this.artifact = join(this.path, 'a.zip');
    this.release = join(this.path, 'release');
    mkdirSync(this.path);
    writeFileSync(this.artifact, `what is signed for ${name}`);
  }

  sign(key: string, options: RunOptions = {}): Promise<Ended> {
    return this.bench.countersign(['sign', '--key', key, '--manifest-only', '--out', this.release, this.artifact], options);
  }

  /** Everything in the release folder. */
  left(): string[] {
    return existsSync(this.release) ? readdirSync(this.release).sort() : [];
  }

  /** What gpg says of `SHA256SUMS.asc` in a home that has this public key and no card. */
  verifiedElsewhere(publicKey: string): { readonly gpg: string; readonly countersign: string } {
    const home = join(this.path, 'elsewhere');
    mkdirSync(home, { mode: 0o700 });
    const keyring = join(this.path, 'key.asc');
    writeFileSync(keyring, publicKey);
    const environment = { ...process.env, GNUPGHOME: home, COUNTERSIGN_HOME: join(home, 'console') };
    const gpg = (args: readonly string[]): string => spawnSync('gpg', ['--batch', '--no-autostart', '--trust-model', 'always', '--status-fd', '1', ...args], { env: environment, encoding: 'utf8' }).stdout;
    gpg(['--import', keyring]);
    const said = gpg(['--verify', join(this.release, 'SHA256SUMS.asc'), join(this.release, 'SHA256SUMS')]);
    const own = spawnSync(join(import.meta.dirname, '../../../bin/countersign'), ['verify', join(this.release, 'a.zip'), '--keyring', keyring, '--json'], { env: environment, encoding: 'utf8' });
    return { gpg: said, countersign: (JSON.parse(own.stdout) as { verdict: string }).verdict };
  }
}

/** What a signing that failed told: the core is asked itself, for the whole of its error. */
export async function failureOf(place: SigningPlace, key: string, options: RunOptions = {}): Promise<AppErrorShape> {
  const request = { key, files: [place.artifact], out: place.release, release: null, replace: false, cover: 'manifest' };
  const { stdout, stderr } = await place.bench.run([process.execPath, join(import.meta.dirname, 'dispatch-child.ts'), 'signing.sign', JSON.stringify(request)], options);
  const answer = JSON.parse(stdout || JSON.stringify({ ok: true, stderr })) as { ok: boolean; error?: AppErrorShape };
  if (answer.error === undefined) throw new Error(`It did not fail: ${stdout}${stderr}`);
  return answer.error;
}

/** The card's status as the product gives it. */
export async function statusOf(bench: CardBench, options: RunOptions = {}): Promise<CardStatus> {
  return JSON.parse((await bench.countersign(['cards', '--json'], options)).stdout) as CardStatus;
}

import type { Candidate, Keyring } from './keyring.ts';
import { judgeSignature, unjudged, type JudgedSignature } from './judge-signature.ts';
import { RunningCheck } from './running-check.ts';
import type { SignatureFile } from './signature-file.ts';

interface Attempt {
  readonly candidate: Candidate;
  readonly check: RunningCheck;
}

/** More keys than this of one key id are no accident. */
const MAX_CANDIDATES = 16;

/** Keys of a keyring that the signatures of a file name as theirs. */
export function candidatesFor({ signatures }: SignatureFile, keyring: Keyring): Candidate[] {
  return signatures.flatMap((signature) => ('unreadable' in signature ? [] : keyring.candidates(signature.issuers).slice(0, MAX_CANDIDATES)));
}

/** Signatures that were checked, to be judged at whatever time: what was signed does not change, what it is worth does. */
export interface CheckedSignatures {
  /** One verdict a signature, in the order of the file; the time in seconds. */
  readonly judge: (now: number) => JudgedSignature[];
}

/** Checks every signature of a file over bytes that are given once, piece by piece. */
export class SignaturesCheck {
  readonly #keyring: Keyring;
  readonly #running: readonly { readonly signature: SignatureFile['signatures'][number]; readonly attempts: readonly Attempt[] }[];

  constructor({ signatures }: SignatureFile, keyring: Keyring) {
    this.#keyring = keyring;
    this.#running = signatures.map((signature) => ({
      signature,
      attempts: 'unreadable' in signature ? [] : keyring.candidates(signature.issuers).slice(0, MAX_CANDIDATES).map((candidate) => ({ candidate, check: new RunningCheck(signature, candidate.key) })),
    }));
  }

  update(bytes: Uint8Array): void {
    for (const { attempts } of this.#running) for (const { check } of attempts) check.update(bytes);
  }

  finish(): CheckedSignatures {
    const checked = this.#running.map(({ signature, attempts }) => {
      const outcomes = attempts.map(({ candidate, check }) => ({ candidate, outcome: check.finish() }));
      // Two keys can have one key id; the one that made it is the one whose check comes out.
      return { signature, made: outcomes.find(({ outcome }) => outcome.good) ?? outcomes[0] ?? null };
    });
    const judged = ({ signature, made }: (typeof checked)[number], now: number): JudgedSignature =>
      made === null || 'unreadable' in signature ? unjudged(signature) : judgeSignature(signature, made.candidate, made.outcome, this.#keyring, now);
    return { judge: (now) => checked.map((one) => judged(one, now)) };
  }
}

import { linesOf, UnusableEvidence, type Reading, type TextFormat } from '../format.ts';
import { coverageReading, FileCoverages } from '../coverage.ts';

const CLAIMS = ['LF', 'LH', 'BRF', 'BRH'] as const;
type Claim = (typeof CLAIMS)[number];

/**
 * lcov trace files (geninfo(1), "TRACEFILE FORMAT"). `DA` and `BRDA` are counted, each line of a record once; `LF`,
 * `LH`, `BRF` and `BRH` are what the tool says of them, and must fit.
 */
export const lcov: TextFormat = {
  syntax: 'text',
  kind: 'lcov',
  looksLike: (head) => {
    for (const line of linesOf(head)) {
      if (line.startsWith('SF:')) return true;
      if (line.trim() !== '' && !line.startsWith('TN:') && !line.startsWith('#')) return false;
    }
    return false;
  },
  read: (text) => {
    const trace = new Trace();
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from);
      const end = newline === -1 ? text.length : newline;
      // Most lines are of hits or empty: they are read in place.
      if (end > from && !trace.hit(text, from, end)) trace.line(text.slice(from, end));
      from = end + 1;
    }
    return trace.read();
  },
};

class Trace {
  readonly #counted: Record<Claim, number> = { LF: 0, LH: 0, BRF: 0, BRH: 0 };
  readonly #said: Record<Claim, number> = { LF: 0, LH: 0, BRF: 0, BRH: 0 };
  readonly #given = new Set<Claim>();
  /** Every `DA`, also of a line that was listed before: some tools write these sums. */
  readonly #listed: Record<Claim, number> = { LF: 0, LH: 0, BRF: 0, BRH: 0 };
  /** Lines of the open record, each as twice its number, and one more where it was hit: numbers cost the least. */
  #record: number[] = [];
  #open = false;
  readonly #files = new FileCoverages();
  #file = '';
  #taken = { covered: 0, total: 0 };

  /** Reads `DA:line,hits` with nothing behind it; says whether it was that. */
  hit(text: string, from: number, end: number): boolean {
    if (text.charCodeAt(from) !== 0x44 || text.charCodeAt(from + 1) !== 0x41 || text.charCodeAt(from + 2) !== 0x3a || !this.#open) return false;
    let at = from + 3;
    let line = 0;
    for (let digit = digitAt(text, at); digit !== -1; digit = digitAt(text, at)) {
      line = line * 10 + digit;
      at += 1;
    }
    if (at === from + 3 || at > from + 12 || text.charCodeAt(at) !== 0x2c) return false;
    const hitsFrom = at + 1;
    let hit = false;
    for (at = hitsFrom; at < end; at += 1) {
      const digit = digitAt(text, at);
      if (digit === -1) return false;
      hit ||= digit > 0;
    }
    if (at === hitsFrom) return false;
    this.#record.push(line * 2 + Number(hit));
    return true;
  }

  line(line: string): void {
    const colon = line.indexOf(':');
    const word = colon === -1 ? line.trim() : line.slice(0, colon);
    const rest = colon === -1 ? '' : line.slice(colon + 1);
    if (word === 'DA') this.#hit(rest);
    else if (word === 'BRDA') this.#branch(rest);
    else if (word === 'SF') {
      this.#open = true;
      this.#file = rest.trim();
      this.#taken = { covered: this.#counted.BRH, total: this.#counted.BRF };
    }
    else if (word === 'end_of_record') this.#close();
    else this.#claim(word, rest.trim());
  }

  read(): Reading {
    if (this.#open) throw new UnusableEvidence('truncated', 'the last record has no end_of_record');
    const { LF: total, LH: covered, BRF: branches, BRH: taken } = this.#counted;
    const differing = CLAIMS.find((claim) => this.#given.has(claim) && this.#said[claim] !== this.#counted[claim] && this.#said[claim] !== this.#listed[claim]);
    return {
      ...coverageReading({ covered, total }, branches === 0 ? null : { covered: taken, total: branches }, this.#files.list()),
      problem: differing === undefined ? null : { code: 'counts-disagree', message: `${differing} says ${this.#said[differing]} in all, but ${this.#counted[differing]} are listed` },
    };
  }

  #hit(rest: string): void {
    const [, line, hits] = /^(\d{1,9}),(-?\d{1,18})(?:,|\s*$)/.exec(rest) ?? [];
    if (line === undefined || hits === undefined || !this.#open) throw new UnusableEvidence('malformed', `"DA:${rest.slice(0, 40)}" is no line of coverage`);
    this.#record.push(Number(line) * 2 + Number(Number(hits) > 0));
  }

  #branch(rest: string): void {
    // A block or a branch may be named with an expression, so the count is what stands after the last comma.
    const taken = /,(-|\d{1,18})\s*$/.exec(rest.slice(-30))?.[1];
    if (taken === undefined || !this.#open) throw new UnusableEvidence('malformed', `"BRDA:${rest.slice(0, 40)}" is no branch of coverage`);
    const hit = Number(taken !== '-' && Number(taken) > 0);
    for (const counts of [this.#counted, this.#listed]) {
      counts.BRF += 1;
      counts.BRH += hit;
    }
  }

  #close(): void {
    const before = { covered: this.#counted.LH, total: this.#counted.LF };
    const lines = Float64Array.from(this.#record).sort();
    for (let index = 0; index < lines.length; index += 1) {
      const entry = lines[index] ?? 0;
      const next = lines[index + 1];
      this.#listed.LF += 1;
      this.#listed.LH += entry % 2;
      // Of a line that is listed twice the greater entry, that is the one that was hit, comes last.
      if (next !== undefined && Math.floor(next / 2) === Math.floor(entry / 2)) continue;
      this.#counted.LF += 1;
      this.#counted.LH += entry % 2;
    }
    const { LF, LH, BRF, BRH } = this.#counted;
    this.#files.add(this.#file, { covered: LH - before.covered, total: LF - before.total }, { covered: BRH - this.#taken.covered, total: BRF - this.#taken.total });
    this.#record = [];
    this.#open = false;
  }

  #claim(word: string, rest: string): void {
    const claim = CLAIMS.find((known) => known === word);
    if (claim === undefined || !/^\d{1,15}$/.test(rest)) return;
    this.#given.add(claim);
    this.#said[claim] += Number(rest);
  }
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
}

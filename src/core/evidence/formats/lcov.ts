import { OPAQUE, UnusableEvidence, type TextFormat } from '../format.ts';

/**
 * lcov trace files (geninfo(1)). `DA` and `BRDA` are counted; `LF`, `LH`, `BRF` and `BRH` are what the tool says of
 * them, and must fit.
 */
export const lcov: TextFormat = {
  kind: 'lcov',
  looksLike: (text) => /^(?:TN:[^\n]*\r?\n)?\s*(?:TN:[^\n]*\r?\n)*SF:/.test(text),
  read: (text) => {
    const lines = { covered: 0, total: 0 };
    const branches = { covered: 0, total: 0 };
    const claimed = { LF: 0, LH: 0, BRF: 0, BRH: 0 };
    const claims = new Set<string>();
    let open = false;
    let inFile = new Map<string, boolean>();
    for (const line of text.split('\n')) {
      const colon = line.indexOf(':');
      const word = colon === -1 ? line.trim() : line.slice(0, colon);
      const rest = colon === -1 ? '' : line.slice(colon + 1).trim();
      if (word === 'SF') {
        open = true;
        inFile = new Map();
      } else if (word === 'end_of_record') {
        for (const covered of inFile.values()) lines.covered += Number(covered);
        lines.total += inFile.size;
        open = false;
        inFile = new Map();
      } else if (word === 'DA') {
        const [number = '', hits = ''] = rest.split(',');
        if (!/^\d+$/.test(number) || !/^-?\d+$/.test(hits)) throw new UnusableEvidence('malformed', `"DA:${rest.slice(0, 40)}" is no line of coverage`);
        inFile.set(number, (inFile.get(number) ?? false) || Number(hits) > 0);
      } else if (word === 'BRDA') {
        branches.total += 1;
        const taken = rest.split(',')[3] ?? '-';
        branches.covered += Number(/^\d+$/.test(taken) && Number(taken) > 0);
      } else if (Object.hasOwn(claimed, word) && /^\d{1,15}$/.test(rest)) {
        claims.add(word);
        claimed[word as keyof typeof claimed] += Number(rest);
      }
    }
    if (open) throw new UnusableEvidence('truncated', 'the last record has no end_of_record');
    const counted = { LF: lines.total, LH: lines.covered, BRF: branches.total, BRH: branches.covered };
    const differing = (Object.keys(counted) as (keyof typeof counted)[]).find((key) => claims.has(key) && claimed[key] !== counted[key]);
    return {
      ...OPAQUE,
      content: { type: 'coverage', lines, branches: branches.total === 0 ? null : branches },
      counts: branches.total === 0 ? { lines } : { lines, branches },
      problem: differing === undefined ? null : { code: 'counts-disagree', message: `${differing} says ${claimed[differing]} in all, but ${counted[differing]} are listed` },
    };
  },
};

import { exact, isLess, least, minus, ONE, plus, power, rounded, roundedUp, TEN, times, ZERO, type Exact } from './exact.ts';
import type { Scores } from './score-2.ts';

/** Weights of the metrics (specification 3.1, section 7.4); the same in 3.0. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AV: { N: '0.85', A: '0.62', L: '0.55', P: '0.2' }, AC: { L: '0.77', H: '0.44' }, UI: { N: '0.85', R: '0.62' }, impact: { H: '0.56', L: '0.22', N: '0' },
  PR: { N: '0.85', L: '0.62', H: '0.27' }, PRofChanged: { N: '0.85', L: '0.68', H: '0.5' }, need: { X: '1', L: '0.5', M: '1', H: '1.5' },
  E: { X: '1', U: '0.91', P: '0.94', F: '0.97', H: '1' }, RL: { X: '1', O: '0.95', T: '0.96', W: '0.97', U: '1' }, RC: { X: '1', U: '0.92', R: '0.96', C: '1' },
};

/** The three scores of 3.0 or 3.1, each rounded up where its equation says so (sections 7.1 to 7.3). */
export function scores3(values: ReadonlyMap<string, string>, version: '3.0' | '3.1'): Scores {
  const answer = (id: string): string => values.get(id) ?? '';
  const weight = (table: string, code: string): Exact => exact(WEIGHTS[table]?.[code] ?? '0');
  const up = version === '3.0' ? (score: Exact): Exact => roundedUp(score, 1) : roundup;
  const exploitability = (of: (id: string) => string): Exact =>
    times(exact('8.22'), weight('AV', of('AV')), weight('AC', of('AC')), weight(of('S') === 'C' ? 'PRofChanged' : 'PR', of('PR')), weight('UI', of('UI')));
  const total = (impact: Exact, of: (id: string) => string): Exact => {
    if (!isLess(ZERO, impact)) return ZERO;
    const sum = plus(impact, exploitability(of));
    return up(least(of('S') === 'C' ? times(exact('1.08'), sum) : sum, TEN));
  };
  const untouched = (of: (id: string) => string, need: (id: string) => Exact): Exact => times(...['C', 'I', 'A'].map((id) => minus(ONE, times(weight('impact', of(id)), need(`${id}R`)))));

  const subscore = minus(ONE, untouched(answer, () => ONE));
  const changed = (lost: Exact, tail: Exact): Exact => minus(times(exact('7.52'), minus(lost, exact('0.029'))), times(exact('3.25'), tail));
  const base = total(answer('S') === 'C' ? changed(subscore, power(minus(subscore, exact('0.02')), 15)) : times(exact('6.42'), subscore), answer);
  const threat = times(weight('E', answer('E')), weight('RL', answer('RL')), weight('RC', answer('RC')));

  const modified = (id: string): string => (answer(`M${id}`) === 'X' ? answer(id) : answer(`M${id}`));
  const lost = least(minus(ONE, untouched(modified, (id) => weight('need', answer(id)))), exact('0.915'));
  const tail = version === '3.0' ? power(minus(lost, exact('0.02')), 15) : power(minus(times(lost, exact('0.9731')), exact('0.02')), 13);
  const here = total(modified('S') === 'C' ? changed(lost, tail) : times(exact('6.42'), lost), modified);
  return { base, temporal: up(times(base, threat)), environmental: up(times(here, threat)) };
}

/** "Roundup" of 3.1: what differs from one decimal place in the sixth only is taken for it (appendix A). */
function roundup(score: Exact): Exact {
  return roundedUp(rounded(score, 5), 1);
}

import { exact, isLess, least, minus, ONE, plus, rounded, TEN, times, ZERO, type Exact } from './exact.ts';

type Weights = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Weights of the metrics (A Complete Guide to CVSS 2.0, section 3.2). */
const WEIGHTS: Weights = {
  AV: { L: '0.395', A: '0.646', N: '1.0' }, AC: { H: '0.35', M: '0.61', L: '0.71' }, Au: { M: '0.45', S: '0.56', N: '0.704' },
  C: { N: '0', P: '0.275', C: '0.660' }, I: { N: '0', P: '0.275', C: '0.660' }, A: { N: '0', P: '0.275', C: '0.660' },
  E: { ND: '1', U: '0.85', POC: '0.9', F: '0.95', H: '1' }, RL: { ND: '1', OF: '0.87', TF: '0.90', W: '0.95', U: '1' }, RC: { ND: '1', UC: '0.90', UR: '0.95', C: '1' },
  CDP: { ND: '0', N: '0', L: '0.1', LM: '0.3', MH: '0.4', H: '0.5' }, TD: { ND: '1', N: '0', L: '0.25', M: '0.75', H: '1' },
  CR: { ND: '1', L: '0.5', M: '1', H: '1.51' }, IR: { ND: '1', L: '0.5', M: '1', H: '1.51' }, AR: { ND: '1', L: '0.5', M: '1', H: '1.51' },
};

export interface Scores {
  readonly base: Exact;
  readonly temporal: Exact;
  readonly environmental: Exact;
}

/** The three scores, each rounded to one decimal place where its equation says so (section 3.2.1 to 3.2.3). */
export function scores2(values: ReadonlyMap<string, string>): Scores {
  const weight = (id: string): Exact => exact(WEIGHTS[id]?.[values.get(id) ?? ''] ?? '0');
  const untouched = (needs: readonly Exact[]): Exact => times(...(['C', 'I', 'A'] as const).map((id, at) => minus(ONE, times(weight(id), needs[at] ?? ONE))));
  const exploitability = times(exact('20'), weight('AV'), weight('AC'), weight('Au'));
  const scored = (impact: Exact): Exact => rounded(isLess(ZERO, impact) ? times(minus(plus(times(exact('0.6'), impact), times(exact('0.4'), exploitability)), exact('1.5')), exact('1.176')) : ZERO, 1);
  const temporalOf = (score: Exact): Exact => rounded(times(score, weight('E'), weight('RL'), weight('RC')), 1);
  const impact = times(exact('10.41'), minus(ONE, untouched([])));
  const adjusted = least(TEN, times(exact('10.41'), minus(ONE, untouched([weight('CR'), weight('IR'), weight('AR')]))));
  const base = scored(impact);
  const here = temporalOf(scored(adjusted));
  const environmental = rounded(times(plus(here, times(minus(TEN, here), weight('CDP'))), weight('TD')), 1);
  // Low requirements can bring the equation below 0, and a score lies from 0 to 10 (section 1.3).
  return { base, temporal: temporalOf(base), environmental: isLess(environmental, ZERO) ? ZERO : environmental };
}

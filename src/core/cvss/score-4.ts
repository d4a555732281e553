import { dividedBy, exact, isLess, minus, plus, rounded, TEN, times, ZERO, type Exact } from './exact.ts';
import { macroScore } from './macro-scores-4.ts';

type Answers = (id: string) => string;

/** Answers from the gravest on; each is a tenth from the next (specification 4.0, section 8.2, severity distances). */
const GRAVITY: Readonly<Record<string, readonly string[]>> = {
  AV: ['N', 'A', 'L', 'P'], PR: ['N', 'L', 'H'], UI: ['N', 'P', 'A'], AC: ['L', 'H'], AT: ['N', 'P'],
  VC: ['H', 'L', 'N'], VI: ['H', 'L', 'N'], VA: ['H', 'L', 'N'], SC: ['S', 'H', 'L', 'N'], SI: ['S', 'H', 'L', 'N'], SA: ['S', 'H', 'L', 'N'],
  CR: ['H', 'M', 'L'], IR: ['H', 'M', 'L'], AR: ['H', 'M', 'L'],
};

/** An equivalence class of metrics: the gravest vectors of each of its levels, and how many steps lie within one (table of depths). */
interface Class {
  readonly gravest: Readonly<Record<string, readonly string[]>>;
  readonly depth: Readonly<Record<string, number>>;
}

const EQ1: Class = { gravest: { 0: ['AV:N/PR:N/UI:N'], 1: ['AV:A/PR:N/UI:N', 'AV:N/PR:L/UI:N', 'AV:N/PR:N/UI:P'], 2: ['AV:P/PR:N/UI:N', 'AV:A/PR:L/UI:P'] }, depth: { 0: 1, 1: 4, 2: 5 } };
const EQ2: Class = { gravest: { 0: ['AC:L/AT:N'], 1: ['AC:H/AT:N', 'AC:L/AT:P'] }, depth: { 0: 1, 1: 2 } };
/** The third and the sixth class hang together, and are looked at as one. */
const EQ36: Class = {
  gravest: {
    '00': ['VC:H/VI:H/VA:H/CR:H/IR:H/AR:H'], '01': ['VC:H/VI:H/VA:L/CR:M/IR:M/AR:H', 'VC:H/VI:H/VA:H/CR:M/IR:M/AR:M'],
    '10': ['VC:L/VI:H/VA:H/CR:H/IR:H/AR:H', 'VC:H/VI:L/VA:H/CR:H/IR:H/AR:H'],
    '11': ['VC:L/VI:H/VA:L/CR:H/IR:M/AR:H', 'VC:L/VI:H/VA:H/CR:H/IR:M/AR:M', 'VC:H/VI:L/VA:H/CR:M/IR:H/AR:M', 'VC:H/VI:L/VA:L/CR:M/IR:H/AR:H', 'VC:L/VI:L/VA:H/CR:H/IR:H/AR:M'],
    '21': ['VC:L/VI:L/VA:L/CR:H/IR:H/AR:H'],
  },
  depth: { '00': 7, '01': 6, '10': 8, '11': 8, '21': 10 },
};
const EQ4: Class = { gravest: { 0: ['SC:H/SI:S/SA:S'], 1: ['SC:H/SI:H/SA:H'], 2: ['SC:L/SI:L/SA:L'] }, depth: { 0: 6, 1: 5, 2: 4 } };

/** The score of a whole vector, with whatever it says of threat and environment (section 8.2). */
export function score4(values: ReadonlyMap<string, string>): Exact {
  const answer = inForce(values);
  if (['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].every((id) => answer(id) === 'N')) return ZERO;
  const levels = macroVector(answer);
  const score = scoreOf(levels);
  if (score === null) throw new Error(`no vector is of the macrovector ${levels.join('')}`);
  const [one = 0, two = 0, three = 0, four = 0, five = 0, six = 0] = levels;
  const steps = [
    step(EQ1, String(one), answer, score, [[one + 1, two, three, four, five, six]]),
    step(EQ2, String(two), answer, score, [[one, two + 1, three, four, five, six]]),
    step(EQ36, `${three}${six}`, answer, score, lowerOf(three, six).map(([low3, low6]) => [one, two, low3, four, five, low6])),
    step(EQ4, String(four), answer, score, [[one, two, three, four + 1, five, six]]),
    // Within the fifth class there is one vector a level.
    scoreOf([one, two, three, four, five + 1, six]) === null ? null : ZERO,
  ].filter((found) => found !== null);
  const mean = steps.length === 0 ? ZERO : dividedBy(steps.reduce(plus, ZERO), steps.length);
  const whole = minus(score, mean);
  return rounded(isLess(whole, ZERO) ? ZERO : isLess(TEN, whole) ? TEN : whole, 1);
}

/** What counts: the modified answer where there is one, and the worst where nothing is known of threat or need. */
function inForce(values: ReadonlyMap<string, string>): Answers {
  return (id) => {
    const modified = values.get(`M${id}`) ?? 'X';
    if (modified !== 'X') return modified;
    const said = values.get(id) ?? 'X';
    if (said !== 'X') return said;
    return id === 'E' ? 'A' : 'H';
  };
}

/** The levels of the six classes (tables 24 to 29). */
function macroVector(answer: Answers): number[] {
  const is = (id: string, code: string): boolean => answer(id) === code;
  const open = [is('AV', 'N'), is('PR', 'N'), is('UI', 'N')].filter(Boolean).length;
  const one = open === 3 ? 0 : open > 0 && !is('AV', 'P') ? 1 : 2;
  const two = is('AC', 'L') && is('AT', 'N') ? 0 : 1;
  const three = is('VC', 'H') && is('VI', 'H') ? 0 : is('VC', 'H') || is('VI', 'H') || is('VA', 'H') ? 1 : 2;
  const four = is('SI', 'S') || is('SA', 'S') ? 0 : is('SC', 'H') || is('SI', 'H') || is('SA', 'H') ? 1 : 2;
  const five = ['A', 'P', 'U'].indexOf(answer('E'));
  const six = (is('CR', 'H') && is('VC', 'H')) || (is('IR', 'H') && is('VI', 'H')) || (is('AR', 'H') && is('VA', 'H')) ? 0 : 1;
  return [one, two, three, four, five, six];
}

/** The macrovectors that are next below in the third and sixth class. */
function lowerOf(three: number, six: number): [number, number][] {
  if (three === 0 && six === 0) return [[0, 1], [1, 0]];
  if (three === 1 && six === 0) return [[1, 1]];
  return [[three + 1, six]];
}

/** How far below the gravest vector of its level a class lies, as the share of what the next level below would cost; null where there is none below. */
function step({ gravest, depth }: Class, level: string, answer: Answers, score: Exact, below: readonly (readonly number[])[]): Exact | null {
  const scores = below.map(scoreOf).filter((found) => found !== null);
  const [first] = scores;
  if (first === undefined) return null;
  const next = scores.reduce((highest, found) => (isLess(highest, found) ? found : highest), first);
  return dividedBy(times(minus(score, next), exact(String(distance(gravest[level] ?? [], answer)))), depth[level] ?? 1);
}

/** Steps from the gravest vector that is at least as grave in every metric. */
function distance(gravest: readonly string[], answer: Answers): number {
  for (const vector of gravest) {
    const steps = vector.split('/').map((part) => {
      const [id = '', code = ''] = part.split(':');
      const order = GRAVITY[id] ?? [];
      return order.indexOf(answer(id)) - order.indexOf(code);
    });
    if (steps.every((one) => one >= 0)) return steps.reduce((sum, one) => sum + one, 0);
  }
  return 0;
}

function scoreOf(levels: readonly number[]): Exact | null {
  const found = macroScore(levels);
  return found === null ? null : exact(found);
}

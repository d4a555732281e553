/** A number that is never rounded before it is asked to be: a fraction with a positive denominator. */
export interface Exact {
  readonly over: bigint;
  readonly under: bigint;
}

/** Reads a decimal number, such as `-0.029`. */
export function exact(decimal: string): Exact {
  const [whole = '', parts = ''] = decimal.split('.');
  return { over: BigInt(whole + parts), under: 10n ** BigInt(parts.length) };
}

export const ZERO: Exact = exact('0');
export const ONE: Exact = exact('1');
export const TEN: Exact = exact('10');

export function plus(a: Exact, b: Exact): Exact {
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

export function minus(a: Exact, b: Exact): Exact {
  return { over: a.over * b.under - b.over * a.under, under: a.under * b.under };
}

export function times(...factors: readonly Exact[]): Exact {
  return factors.reduce((product, { over, under }) => ({ over: product.over * over, under: product.under * under }), ONE);
}

export function dividedBy(a: Exact, whole: number): Exact {
  return { over: a.over, under: a.under * BigInt(whole) };
}

export function power(base: Exact, exponent: number): Exact {
  return { over: base.over ** BigInt(exponent), under: base.under ** BigInt(exponent) };
}

export function isLess(a: Exact, b: Exact): boolean {
  return a.over * b.under < b.over * a.under;
}

export function least(a: Exact, b: Exact): Exact {
  return isLess(b, a) ? b : a;
}

/** The smallest number with so many decimal places that is not less. */
export function roundedUp(a: Exact, places: number): Exact {
  const scale = 10n ** BigInt(places);
  return { over: -floor(-a.over * scale, a.under), under: scale };
}

/** The nearest number with so many decimal places; a half goes up. */
export function rounded(a: Exact, places: number): Exact {
  const scale = 10n ** BigInt(places);
  return { over: floor(2n * a.over * scale + a.under, 2n * a.under), under: scale };
}

/** As it is printed with one decimal place, which it has. */
export function asNumber({ over, under }: Exact): number {
  return Number((over * 10n) / under) / 10;
}

function floor(over: bigint, under: bigint): bigint {
  const quotient = over / under;
  return over % under !== 0n && over < 0n ? quotient - 1n : quotient;
}

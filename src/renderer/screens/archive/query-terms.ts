/** A condition of a query, as it was typed: `-type:drift`, `"a phrase"`. */
const TERMS = /-?(?:[A-Za-z][A-Za-z0-9_-]*:)?(?:"(?:\\.|[^"\\])*"?\*?|[^\s"]+)/g;

/** What a query says of a field, where it says it once and of what must be there; else null. */
export function termOf(query: string, field: string): string | null {
  const found = termsOf(query).filter((term) => isOf(term, field));
  const [only] = found;
  if (only === undefined || found.length > 1 || only.startsWith('-')) return null;
  const value = only.slice(field.length + 1);
  return value.startsWith('"') ? value.replace(/^"|"\*?$/g, '').replaceAll(/\\(["\\])/g, '$1') : value;
}

/** A query that says this of a field and nothing else; null takes the field out of it. */
export function withTerm(query: string, field: string, value: string | null): string {
  const others = termsOf(query).filter((term) => !isOf(term, field));
  return [...others, ...(value === null ? [] : [`${field}:${spelled(value)}`])].join(' ');
}

/** A query of the same, within a stretch of time; null for all of it. Hours in UTC. */
export function withPeriod(query: string, period: { readonly from: string; readonly before: string } | null): string {
  const whole = withTerm(withTerm(query, 'after', null), 'before', null);
  return period === null ? whole : withTerm(withTerm(whole, 'after', hour(period.from)), 'before', hour(period.before));
}

function termsOf(query: string): string[] {
  return query.match(TERMS) ?? [];
}

function isOf(term: string, field: string): boolean {
  return term.replace(/^-/, '').toLowerCase().startsWith(`${field}:`);
}

function spelled(value: string): string {
  return /^[^\s"\\*:-][^\s"\\*]*$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A whole day where it begins one. */
function hour(time: string): string {
  return time.slice(11, 13) === '00' ? time.slice(0, 10) : time.slice(0, 13);
}

const DAY = 86_400_000;

/** A stretch of time that a bar stands for. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly failed: number;
}

/** How long a bar's stretch is, so that no plot has more than some thirty bars: a day, a week, or four weeks. */
export function bucketDays(days: number): 1 | 7 | 28 {
  return days <= 31 ? 1 : days <= 220 ? 7 : 28;
}

export const BUCKET_WORDS = { 1: 'day', 7: 'week', 28: 'four weeks' } as const;

/** Deployments by the stretch in which they ended; the last ends where the whole does, so it may be the only one that is cut at its beginning. */
export function bucketsOf(shipped: readonly { readonly at: string; readonly failed: boolean }[], from: number, to: number): Bucket[] {
  const length = bucketDays((to - from) / DAY) * DAY;
  const many = Math.max(1, Math.ceil((to - from) / length));
  const buckets = Array.from({ length: many }, (_, index) => ({ from: Math.max(from, to - (many - index) * length), to: to - (many - index - 1) * length, count: 0, failed: 0 }));
  for (const { at, failed } of shipped) {
    const bucket = buckets[Math.min(many - 1, Math.max(0, many - 1 - Math.floor((to - 1 - Date.parse(at)) / length)))];
    if (bucket === undefined) continue;
    bucket.count += 1;
    if (failed) bucket.failed += 1;
  }
  return buckets;
}

/** Round numbers from 0 up that hold the highest value, at most six of them; `whole`: of things that are counted there are no halves. */
export function ticksTo(highest: number, whole = false): number[] {
  if (highest <= 0) return [0, 1];
  const raw = Math.max(highest / 4, whole ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= raw) ?? power * 10;
  const many = Math.ceil(highest / step);
  return Array.from({ length: many + 1 }, (_, index) => Math.round(index * step * 1e6) / 1e6);
}

/** Up to five days to be written under a plot, evenly apart. */
export function daysBetween(from: number, to: number): number[] {
  return Array.from({ length: 5 }, (_, index) => from + ((to - from) * index) / 4);
}

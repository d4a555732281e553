import { create } from 'zustand';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

export type Metrics = Output<'metrics.read'>;

/** From when to when; null is the 90 days before now. */
export interface Stretch {
  readonly from: string | null;
  readonly to: string | null;
}

interface MetricsState {
  readonly stretch: Stretch;
  readonly metrics: Metrics | null;
  /** The same as a table, to be copied. */
  readonly csv: string | null;
  readonly error: AppError | null;
  readonly saved: string | null;
}

export const useMetrics = create<MetricsState>(() => ({ stretch: { from: null, to: null }, metrics: null, csv: null, error: null, saved: null }));

let asked = 0;

/** Works the figures out anew, for another stretch of time or for what is new in the archive. */
export async function readMetrics(stretch = useMetrics.getState().stretch): Promise<void> {
  asked += 1;
  const mine = asked;
  useMetrics.setState({ stretch, saved: null });
  try {
    const metrics = await client.call('metrics.read', stretch);
    const { text } = await client.call('metrics.export', { from: metrics.from, to: metrics.to, format: 'csv', folder: null });
    if (mine === asked) useMetrics.setState({ metrics, csv: text, error: null });
  } catch (cause) {
    if (mine === asked) useMetrics.setState({ error: shownError(cause) });
  }
}

/** Writes what is shown into a folder; what is there already is never replaced. */
export async function saveMetrics(format: 'json' | 'csv', folder: string): Promise<void> {
  const { metrics } = useMetrics.getState();
  if (metrics === null) return;
  try {
    const { path } = await client.call('metrics.export', { from: metrics.from, to: metrics.to, format, folder });
    useMetrics.setState({ saved: path, error: null });
  } catch (cause) {
    useMetrics.setState({ error: shownError(cause), saved: null });
  }
}

client.on('archive.changed', () => {
  if (useMetrics.getState().metrics !== null) void readMetrics();
});

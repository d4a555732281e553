import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import { metricsOf, metricsTable, type EmergencyFigure, type Metrics } from '../workflow/metrics.ts';
import { factsOf } from '../workflow/emergency-facts.ts';
import { emergenciesIn } from './emergency-shown.ts';
import { situationOf, type Situation, type WorkflowPorts } from './workflow-ports.ts';

const DAY = 86_400_000;
const DAYS = 90;

export interface MetricsPorts extends WorkflowPorts {
  /** Writes a file where none is. Error: `already-exists`. */
  readonly writeNew: (folder: string, name: string, text: string) => Promise<{ readonly path: string }>;
}

/** DORA's four figures and the share of emergencies, from the records of all logs. */
export function metricsHandlers(ports: MetricsPorts): Pick<Handlers, 'metrics.read' | 'metrics.export'> {
  const read = async (from: string | null, to: string | null, signal: AbortSignal): Promise<Metrics> => {
    const situation = await situationOf(ports, null, null, signal);
    const { acts, rules, at } = situation;
    const end = to ?? at;
    const start = from ?? `${new Date(Date.parse(end) - DAYS * DAY).toISOString().slice(0, 19)}Z`;
    if (Date.parse(start) >= Date.parse(end)) throw new AppError('bad-input', `${start} is not before ${end}.`, { hint: 'Name a stretch of time that has a length.' });
    return metricsOf(acts, rules, { from: start, to: end }, figuresOf(situation));
  };
  return {
    'metrics.read': async ({ from, to }, { signal }) => {
      const metrics = await read(from, to, signal);
      return { ...metrics, shipped: metrics.shipped.map((one) => ({ ...one })), restored: metrics.restored.map((one) => ({ ...one })), emergencies: { ...metrics.emergencies, releases: { ...metrics.emergencies.releases } } };
    },
    'metrics.export': async ({ from, to, format, folder }, { signal }) => {
      const metrics = await read(from, to, signal);
      const text = format === 'json' ? `${JSON.stringify(metrics, null, 2)}\n` : metricsTable(metrics);
      const name = `metrics-${metrics.from.slice(0, 10)}-${metrics.to.slice(0, 10)}.${format}`;
      return { text, path: folder === null ? null : (await ports.writeNew(folder, name, text)).path };
    },
  };
}

function figuresOf(situation: Situation): EmergencyFigure[] {
  const { all, ground } = emergenciesIn(situation);
  return all.filter(({ by, mergedInto }) => by !== null && mergedInto === null).map((one) => ({
    declaredAt: one.record.declared_at, release: one.release, denied: factsOf(one, ground).spoken.some(({ ratification }) => ratification.criterionConfirmed === false),
  }));
}

import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import { metricsOf } from '../workflow/metrics.ts';
import { situationOf, type WorkflowPorts } from './workflow-ports.ts';

const DAY = 86_400_000;
const DAYS = 90;

/** DORA's four figures, from the records of all logs. */
export function metricsHandlers(ports: WorkflowPorts): Pick<Handlers, 'metrics.read'> {
  return {
    'metrics.read': async ({ from, to }, { signal }) => {
      const { acts, rules, at } = await situationOf(ports, null, null, signal);
      const end = to ?? at;
      const start = from ?? `${new Date(Date.parse(end) - DAYS * DAY).toISOString().slice(0, 19)}Z`;
      if (Date.parse(start) >= Date.parse(end)) throw new AppError('bad-input', `${start} is not before ${end}.`, { hint: 'Name a stretch of time that has a length.' });
      const metrics = metricsOf(acts, rules, { from: start, to: end });
      return { ...metrics, shipped: metrics.shipped.map((one) => ({ ...one })), restored: metrics.restored.map((one) => ({ ...one })) };
    },
  };
}

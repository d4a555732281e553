import type { EvidenceLimits, Measurement, Tool } from '../../model/evidence.ts';
import { OPAQUE, type Reading } from '../format.ts';

const MAX_NAME = 500;

/** Collects what a performance tool measured, as many figures as the policy says are kept. */
export class MeasurementCollector {
  readonly #measurements: Measurement[] = [];
  readonly #thresholds: { name: string; met: boolean }[] = [];
  readonly #limit: number;

  constructor(limits: EvidenceLimits) {
    this.#limit = limits.kept;
  }

  /** A figure that is no finite number was not measured. */
  add(measured: Omit<Measurement, 'value' | 'samples' | 'deviation'> & { readonly value: unknown; readonly samples?: unknown; readonly deviation?: unknown }): void {
    const { value } = measured;
    if (typeof value !== 'number' || !Number.isFinite(value) || this.#measurements.length >= this.#limit) return;
    this.#measurements.push({ ...measured, name: measured.name.slice(0, MAX_NAME), unit: measured.unit.slice(0, 50), value, samples: finite(measured.samples), deviation: finite(measured.deviation) });
  }

  threshold(name: string, met: boolean): void {
    if (this.#thresholds.length < this.#limit) this.#thresholds.push({ name: name.slice(0, MAX_NAME), met });
  }

  reading(tool: Tool, rest: Partial<Reading> = {}): Reading {
    return { ...OPAQUE, content: { type: 'performance', measurements: this.#measurements, thresholds: this.#thresholds }, tool, ...rest };
  }
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

import type { WriteStream } from 'node:tty';
import type { Payload } from '../../core/contract/types.ts';

const EVERY = 100;
const MIB = 1024 * 1024;

/** One line of progress on a terminal; where there is none, nothing is shown. */
export class ProgressLine {
  readonly #out: WriteStream;
  #last = 0;
  #shown = false;
  #started = 0;
  #label = '';

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(step: Payload<'task.progress'>): void {
    const now = Date.now();
    if (step.label !== this.#label) {
      this.#label = step.label;
      this.#started = now;
    }
    if (!this.#out.isTTY || now - this.#last < EVERY) return;
    this.#last = now;
    this.#shown = true;
    const text = [step.label, amount(step), this.#rate(step, now), step.item].filter((part) => part !== null).join('  ');
    this.#out.write(`\r\u001b[K${printable(text).slice(0, Math.max(20, this.#out.columns - 1))}`);
  }

  clear(): void {
    if (this.#shown) this.#out.write('\r\u001b[K');
    this.#shown = false;
  }

  #rate(step: Payload<'task.progress'>, now: number): string | null {
    const seconds = (now - this.#started) / 1000;
    if (step.unit !== 'bytes' || seconds < 0.5 || step.done === 0) return null;
    const perSecond = step.done / seconds;
    const left = step.total === null ? null : Math.ceil((step.total - step.done) / perSecond);
    return `${(perSecond / MIB).toFixed(0)} MiB/s${left === null ? '' : `  ${left} s left`}`;
  }
}

function amount({ done, total, unit }: Payload<'task.progress'>): string {
  const shown = (value: number): string => (unit === 'bytes' ? `${(value / MIB).toFixed(1)} MiB` : String(value));
  return total === null ? `${shown(done)} ${unit === 'bytes' ? '' : unit}`.trim() : `${shown(done)} of ${shown(total)}${unit === 'bytes' ? '' : ` ${unit}`}`;
}

/** Names from a hostile folder must not move the cursor. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}

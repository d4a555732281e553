import { useId, type ReactElement } from 'react';
import { daysBetween, ticksTo } from './buckets.ts';
import styles from './metrics.module.css';

const [WIDTH, HEIGHT] = [520, 200] as const;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 8, 12, 40] as const;

/** Something that stands over a stretch of time: the whole, and the part of it that failed. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** Hatched, at its foot; null where it has no parts. */
  readonly part: number | null;
  readonly words: string;
}

/** Something at a moment; a failed one is a cross. */
export interface Dot {
  readonly at: number;
  readonly value: number;
  readonly failed: boolean;
  readonly words: string;
}

interface PlotProps {
  /** What is drawn, for those who do not see it; the table holds the same. */
  readonly label: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly bars?: readonly Bar[];
  readonly dots?: readonly Dot[];
  /** Drawn across, with its name. */
  readonly line?: { readonly value: number; readonly name: string } | null;
  /** The highest that there can be, such as 100 for a share. */
  readonly top?: number;
  /** What is drawn is counted. */
  readonly whole?: boolean;
}

/** A plot over time with its axes, their units, and shapes that are told apart without colour. */
export function Plot({ label, unit, from, to, bars = [], dots = [], line = null, top, whole = false }: PlotProps): ReactElement {
  const hatch = useId();
  const ticks = ticksTo(top ?? Math.max(line?.value ?? 0, ...bars.map(({ value }) => value), ...dots.map(({ value }) => value)), whole);
  const highest = ticks.at(-1) ?? 1;
  const x = (time: number): number => LEFT + ((time - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / highest) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg className={styles['plot']} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className={styles['hatchGround']} />
          <rect width="2" height="5" className={styles['hatchLine']} />
        </pattern>
      </defs>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className={tick === 0 ? styles['axis'] : styles['grid']} />
          <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end" className={styles['tick']}>{tick.toLocaleString('en-GB')}</text>
        </g>
      ))}
      {daysBetween(from, to).map((day, index, all) => <text key={day} x={x(day)} y={HEIGHT - BOTTOM + 16} textAnchor={index === 0 ? 'start' : index === all.length - 1 ? 'end' : 'middle'} className={styles['tick']}>{new Date(day).toISOString().slice(0, 10)}</text>)}
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle" className={styles['axisName']}>Day, in UTC</text>
      <text x={12} y={(HEIGHT - BOTTOM + TOP) / 2} textAnchor="middle" transform={`rotate(-90 12 ${(HEIGHT - BOTTOM + TOP) / 2})`} className={styles['axisName']}>{unit}</text>
      {bars.map(({ from: since, to: until, value, part, words }) => {
        const width = Math.max(1, x(until) - x(since) - 2);
        return (
          <g key={since}>
            <title>{words}</title>
            {value === 0 ? null : <rect x={x(since) + 1} y={y(value)} width={width} height={y(0) - y(value)} className={styles['bar']} />}
            {part === null || part === 0 ? null : <rect x={x(since) + 1} y={y(part)} width={width} height={y(0) - y(part)} fill={`url(#${hatch})`} className={styles['part']} />}
          </g>
        );
      })}
      {line === null ? null : (
        <g>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(line.value)} y2={y(line.value)} className={styles['median']} />
          <text x={WIDTH - RIGHT} y={y(line.value) - 4} textAnchor="end" className={styles['tick']}>{line.name}</text>
        </g>
      )}
      {dots.map(({ at, value, failed, words }, index) => (
        // Two may have ended in the same second.
        <g key={index} transform={`translate(${x(at)} ${y(value)})`}>
          <title>{words}</title>
          {failed ? <path d="M-4-4 4 4M4-4-4 4" className={styles['cross']} /> : <circle r="4" className={styles['dot']} />}
        </g>
      ))}
    </svg>
  );
}

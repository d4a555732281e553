import type { ReactElement } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import { TimeText } from '../../components/TimeText.tsx';
import { utc } from '../../components/wording.ts';
import { burnPictureOf, type BurnPicture } from './burn-picture.ts';
import styles from './clocks.module.css';
import { CLOCK_STATES } from './step-words.ts';

const [WIDTH, HEIGHT] = [680, 250] as const;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 16, 34, 44] as const;

const isoOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The whole emergency as a picture: what is left of its steps over time, and where its deadlines lie. The table says the same. */
export function BurnDown({ detail, now }: { readonly detail: EmergencyDetail; readonly now: number }): ReactElement {
  const picture = burnPictureOf(detail, now);
  const last = picture.left.at(-1);
  const words = `${last === undefined ? picture.total : last.count} of ${picture.total} things are left at ${utc(isoOf(picture.now))} UTC; ${picture.steps.length} of ${detail.steps.length} steps are done. The table below says when.`;
  return (
    <figure className={styles['figure']} data-testid="burn-picture">
      <figcaption className={styles['soft']}>What is left of the seven steps, from the detection on. A diamond is a step that is done, a dashed line a deadline.</figcaption>
      <Drawing picture={picture} words={words} />
      {picture.deadlines.length === 0 ? null : <ol className={styles['legend']} aria-label="Deadlines, by the number in the picture">{picture.deadlines.map(({ number, words: what, state }) => <li key={number}><b>{number}</b> <span dir="auto">{what}</span> <span className={styles['soft']}>{CLOCK_STATES[state].toLowerCase()}</span></li>)}</ol>}
      <details>
        <summary>The same as a table</summary>
        <div className={styles['scroll']} tabIndex={0} role="group" aria-label="The burn-down as a table">
          <table className={styles['table']} data-testid="burn-table">
            <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Left after it</th></tr></thead>
            <tbody>
              {picture.left.map(({ at, words: what, count }, index) => <tr key={index}><td><TimeText time={isoOf(at)} short /></td><td dir="auto">{what}</td><td className={styles['number']}>{count}</td></tr>)}
              {picture.deadlines.map(({ number, at, words: what, state }) => <tr key={`deadline-${number}`}><td><TimeText time={isoOf(at)} short /></td><td>Deadline {number}: {what}, {CLOCK_STATES[state].toLowerCase()}</td><td /></tr>)}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Drawing({ picture: { from, to, ticks, total, left, steps, deadlines, now }, words }: { readonly picture: BurnPicture; readonly words: string }): ReactElement {
  const x = (at: number): number => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / Math.max(1, total)) * (HEIGHT - TOP - BOTTOM);
  const path = [`M${x(from)} ${y(total)}`, ...left.map(({ at, count }) => `H${x(at)}V${y(count)}`), `H${x(Math.max(now, left.at(-1)?.at ?? now))}`].join('');
  const halves = total < 4 ? [0, total] : [0, Math.round(total / 2), total];
  return (
    <svg className={styles['plot']} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      {halves.map((count) => (
        <g key={count}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(count)} y2={y(count)} className={count === 0 ? styles['axis'] : styles['grid']} />
          <text x={LEFT - 8} y={y(count) + 4} textAnchor="end" className={styles['tick']}>{count}</text>
        </g>
      ))}
      {ticks.map((at, index) => (
        <g key={at}>
          <line x1={x(at)} x2={x(at)} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM + 4} className={styles['axis']} />
          <text x={x(at)} y={HEIGHT - BOTTOM + 16} textAnchor={x(at) > WIDTH - 60 ? 'end' : x(at) < LEFT + 20 ? 'start' : 'middle'} className={styles['tick']}>{tickWords(at, ticks[index - 1])}</text>
        </g>
      ))}
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6} textAnchor="middle" className={styles['axisName']}>Time, in UTC</text>
      <text x={12} y={(HEIGHT - BOTTOM + TOP) / 2} textAnchor="middle" transform={`rotate(-90 12 ${(HEIGHT - BOTTOM + TOP) / 2})`} className={styles['axisName']}>Things left</text>
      {deadlines.map(({ number, at, words: what, state }) => (
        <g key={number}>
          <title>{`${number}. ${what}: ${utc(isoOf(at))} UTC, ${CLOCK_STATES[state].toLowerCase()}`}</title>
          <line x1={x(at)} x2={x(at)} y1={TOP - 6} y2={HEIGHT - BOTTOM} className={state === 'breached' ? styles['missed'] : styles['deadline']} />
          <text x={x(at)} y={TOP - (deadlineRow(deadlines, number) === 0 ? 10 : 22)} textAnchor={x(at) > WIDTH - 20 ? 'end' : 'middle'} className={styles['mark']}>{number}</text>
        </g>
      ))}
      <path d={path} className={styles['burnt']} />
      {steps.map(({ number, at, count, title }) => (
        <g key={number} transform={`translate(${x(at)} ${y(count)})`}>
          <title>{`Step ${number}, ${title}: done ${utc(isoOf(at))} UTC`}</title>
          <path d="M0-6 6 0 0 6-6 0Z" className={styles['diamond']} />
          <text y={-10} textAnchor="middle" className={styles['mark']}>{number}</text>
        </g>
      ))}
      <line x1={x(now)} x2={x(now)} y1={TOP} y2={HEIGHT - BOTTOM} className={styles['now']} />
      <text x={x(now)} y={TOP + 8} dx={x(now) > WIDTH - 60 ? -4 : 4} textAnchor={x(now) > WIDTH - 60 ? 'end' : 'start'} className={styles['mark']}>now</text>
    </svg>
  );
}

/** Deadlines that lie close to the one before stand a row higher, so that both numbers are read. */
function deadlineRow(deadlines: BurnPicture['deadlines'], number: number): 0 | 1 {
  let row: 0 | 1 = 0;
  for (const [index, one] of deadlines.entries()) {
    const before = deadlines[index - 1];
    row = before !== undefined && one.at - before.at < ((deadlines.at(-1)?.at ?? 0) - (deadlines[0]?.at ?? 0)) / 40 ? (row === 0 ? 1 : 0) : 0;
    if (one.number === number) return row;
  }
  return row;
}

/** "04:00", and the day with it where it is the first mark of that day. */
function tickWords(at: number, before: number | undefined): string {
  const [day, time] = [isoOf(at).slice(5, 10), isoOf(at).slice(11, 16)];
  return before !== undefined && isoOf(before).slice(5, 10) === day ? time : `${day} ${time}`;
}

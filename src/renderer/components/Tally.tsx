import type { ReactElement } from 'react';
import { STATUSES, type Status } from '../../core/model/verdict.ts';
import { STATUS_WORDS, StatusSign } from './StatusSign.tsx';
import styles from './status.module.css';

export type TallyCounts = Readonly<Partial<Record<string, number>>>;

/** Counts statuses. */
export function tallyOf(results: readonly { readonly status: Status }[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { status } of results) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}

function presentIn(tally: TallyCounts): { status: Status; count: number }[] {
  return STATUSES.map((status) => ({ status, count: tally[status] ?? 0 })).filter(({ count }) => count > 0);
}

/** A tally in words, for titles and screen readers. */
export function tallyWords(tally: TallyCounts): string {
  const present = presentIn(tally);
  return present.length === 0 ? 'Nothing judged yet' : present.map(({ status, count }) => `${count} ${STATUS_WORDS[status].toLowerCase()}`).join(', ');
}

/** A small stacked bar: how the lines divide. Numbers stand beside it, never a percentage alone. */
export function TallyBar({ tally }: { readonly tally: TallyCounts }): ReactElement {
  return (
    <div className={styles['bar']} role="img" aria-label={tallyWords(tally)} title={tallyWords(tally)}>
      {presentIn(tally).map(({ status, count }) => (
        <span key={status} className={styles['part']} data-status={status} style={{ flexGrow: count }} />
      ))}
    </div>
  );
}

/** The numbers of a tally, each with its sign. */
export function TallyNumbers({ tally, words = false }: { readonly tally: TallyCounts; readonly words?: boolean }): ReactElement {
  return (
    <ul className={styles['numbers']}>
      {presentIn(tally).map(({ status, count }) => (
        <li key={status} className={styles['number']} title={`${count} ${STATUS_WORDS[status].toLowerCase()}`}>
          <StatusSign status={status} silent />
          <b>{count}</b>
          <span className={words ? undefined : 'unseen'}>{STATUS_WORDS[status].toLowerCase()}</span>
        </li>
      ))}
    </ul>
  );
}

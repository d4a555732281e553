import type { ReactElement } from 'react';
import { local, relative, utc } from './wording.ts';
import styles from './text.module.css';

/** UTC first, local beside, relative in grey. `short` leaves the relative part to the hover. */
export function TimeText({ time, short = false }: { readonly time: string; readonly short?: boolean }): ReactElement {
  const beside = local(time);
  const same = beside === time.slice(11, 16);
  const whole = `${utc(time)} UTC, ${beside} local, ${relative(time)}`;
  return (
    <time dateTime={time} title={whole} className={styles['time']}>
      {utc(time)} UTC
      {same ? null : <span className={styles['local']}> {beside} local</span>}
      {short ? null : <span className={styles['relative']}> {relative(time)}</span>}
    </time>
  );
}

/** Only how long ago, where the line has no room; the whole is on hover. */
export function Ago({ time }: { readonly time: string }): ReactElement {
  return <time dateTime={time} title={`${utc(time)} UTC, ${local(time)} local`} className={styles['relative']}>{relative(time)}</time>;
}

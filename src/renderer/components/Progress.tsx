import { useEffect, useState, type ReactElement } from 'react';
import { cancelTask, type Task } from '../frame/task-store.ts';
import { Button } from './Button.tsx';
import { Cut } from './Cut.tsx';
import styles from './progress.module.css';
import { counted, lasting, numbered, sized } from './wording.ts';

/** Under this, nothing is shown: a flash of progress says less than none. */
const QUIET_MS = 300;

/** True once a task has gone on long enough to be worth showing. */
export function useIsLong(task: Task | null): boolean {
  const [long, setLong] = useState(false);
  const startedAt = task?.startedAt ?? null;
  useEffect(() => {
    if (startedAt === null) {
      setLong(false);
      return undefined;
    }
    const timer = window.setTimeout(() => setLong(true), Math.max(0, startedAt + QUIET_MS - performance.now()));
    return () => window.clearTimeout(timer);
  }, [startedAt]);
  return long;
}

/** What goes on: what, how much, how fast, how long, and the way to stop it. */
export function ProgressPanel({ task, children }: { readonly task: Task; readonly children?: React.ReactNode }): ReactElement | null {
  const long = useIsLong(task);
  if (!long) return null;
  const { progress } = task;
  const share = progress?.total == null || progress.total === 0 ? null : Math.min(1, progress.done / progress.total);
  return (
    <section className={styles['panel']} aria-label={task.label} aria-live="off" data-testid="progress">
      <div className={styles['top']}>
        <div className={styles['words']}>
          <p className={styles['label']} role="status">{progress?.label ?? task.label}</p>
          {progress?.item == null ? null : <Cut className={styles['item']}>{progress.item}</Cut>}
        </div>
        <Button disabled={task.cancelling} onClick={() => void cancelTask(task.id)} testId="cancel-task">
          {task.cancelling ? 'Cancelling' : 'Cancel'}
        </Button>
      </div>
      <progress className={styles['bar']} aria-label={task.label} {...(share === null ? {} : { value: share, max: 1 })} />
      <p className={styles['numbers']}>{progress === null ? 'Starting' : progressWords(task)}</p>
      {children}
    </section>
  );
}

/** "12.4 MiB of 96.1 MiB · 48.2 MB/s · 2 s left". */
export function progressWords({ progress, rate }: Pick<Task, 'progress' | 'rate'>): string {
  if (progress === null) return '';
  const { done, total, unit } = progress;
  const amount = unit === 'bytes' ? sized(done) : numbered(done);
  const all = total === null ? '' : unit === 'bytes' ? ` of ${sized(total)}` : ` of ${counted(total, UNITS[unit].one, UNITS[unit].many)}`;
  const speed = rate === null ? null : unit === 'bytes' ? `${(rate / 1e6).toFixed(1)} MB/s` : unit === 'steps' ? null : `${numbered(Math.round(rate))} ${UNITS[unit].many}/s`;
  const left = rate === null || total === null || done >= total ? null : `${lasting((total - done) / rate)} left`;
  return [`${amount}${all}`, speed, left].filter((part) => part !== null).join(' · ');
}

const UNITS = {
  bytes: { one: 'byte', many: 'bytes' },
  files: { one: 'file', many: 'files' },
  entries: { one: 'entry', many: 'entries' },
  steps: { one: 'step', many: 'steps' },
} as const;

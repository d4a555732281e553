import { useEffect, type ReactElement, type ReactNode } from 'react';
import styles from './screen.module.css';

interface ScreenProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Forms and settings read better in a column; lists use the width. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** A screen with its one heading. */
export function Screen({ title, lead, actions, narrow = false, children }: ScreenProps): ReactElement {
  useEffect(() => {
    document.title = `${title} · Countersign`;
  }, [title]);
  return (
    <div className={`${styles['screen'] ?? ''} ${narrow ? styles['narrow'] ?? '' : ''}`}>
      <header className={styles['header']}>
        <div className={styles['words']}>
          <h1>{title}</h1>
          {lead === undefined ? null : <div className={styles['lead']}>{lead}</div>}
        </div>
        {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled part of a screen. */
export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }): ReactElement {
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['sectionHead']}>
        <h2>{title}</h2>
        {aside === undefined ? null : <div className={styles['aside']}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}

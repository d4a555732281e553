import type { ReactElement, ReactNode } from 'react';
import styles from './text.module.css';

/** Says in one sentence that nothing is here, and what would bring something. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }): ReactElement {
  return (
    <div className={styles['empty']}>
      <p>{children}</p>
      {action === undefined ? null : <p>{action}</p>}
    </div>
  );
}

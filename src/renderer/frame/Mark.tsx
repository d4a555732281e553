import type { ReactElement } from 'react';
import styles from './frame.module.css';

/** The product's mark. */
export function Mark(): ReactElement {
  return (
    <svg className={styles['mark']} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <rect className={styles['markGround']} width="24" height="24" rx="6" />
      <path className={styles['markLine']} d="M12 4.2 18.4 6.7v5c0 4.1-2.6 6.9-6.4 8.2-3.8-1.3-6.4-4.1-6.4-8.2v-5z" />
      <path className={styles['markTick']} d="m8.8 11.9 2.4 2.4 4.1-4.7" />
    </svg>
  );
}

import type { ReactElement } from 'react';
import styles from './text.module.css';

/** One line that ends in … where it does not fit, with the whole on hover. */
export function Cut({ children, className }: { readonly children: string; readonly className?: string | undefined }): ReactElement {
  return <span className={`${styles['cut'] ?? ''} ${className ?? ''}`} title={children} dir="auto">{children}</span>;
}

/** A path in the monospaced face, wrapped rather than cut. */
export function PathText({ path }: { readonly path: string }): ReactElement {
  return <span className={styles['path']} title={path}>{path}</span>;
}

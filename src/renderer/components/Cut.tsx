import type { ReactElement } from 'react';
import styles from './text.module.css';

/** One line that ends in … where it does not fit, with the whole on hover; a short name can stand for a longer whole. */
export function Cut({ children, className, whole = children }: { readonly children: string; readonly className?: string | undefined; readonly whole?: string }): ReactElement {
  return <span className={`${styles['cut'] ?? ''} ${className ?? ''}`} title={whole} dir="auto">{children}</span>;
}

/** A path in the monospaced face, wrapped rather than cut. */
export function PathText({ path }: { readonly path: string }): ReactElement {
  return <span className={styles['path']} title={path}>{path}</span>;
}

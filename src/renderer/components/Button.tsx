import type { ButtonHTMLAttributes, ReactElement } from 'react';
import styles from './controls.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly testId?: string;
}

/** A button says a verb and its object. */
export function Button({ kind = 'plain', testId, className, type = 'button', ...rest }: ButtonProps): ReactElement {
  const classes = [styles['button'], styles[kind], className].filter((name) => name !== undefined).join(' ');
  return <button type={type} className={classes} data-testid={testId} {...rest} />;
}

/** An address that looks like a button, because following it is the next act. */
export function ButtonLink({ href, kind = 'plain', testId, children }: {
  readonly href: string; readonly kind?: 'primary' | 'plain' | 'quiet'; readonly testId?: string; readonly children: React.ReactNode;
}): ReactElement {
  return <a href={href} className={`${styles['button'] ?? ''} ${styles[kind] ?? ''}`} data-testid={testId}>{children}</a>;
}

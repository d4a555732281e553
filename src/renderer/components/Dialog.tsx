import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** The title is for screen readers only, where the content says it already. */
  readonly bare?: boolean;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** A modal dialog on the platform's own: focus stays inside, Escape closes, and focus returns to where it was. */
export function Dialog({ title, onClose, wide = false, bare = false, children, footer }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`${styles['dialog'] ?? ''} ${wide ? styles['wide'] ?? '' : ''} ${bare ? styles['bare'] ?? '' : ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles['frame']}>
        <header className={bare ? 'unseen' : styles['header']}>
          <h2 id={heading} className={styles['title']}>{title}</h2>
          {bare ? null : (
            <button type="button" className={styles['close']} aria-label={`Close ${title.toLowerCase()}`} onClick={onClose}>
              <X aria-hidden="true" />
            </button>
          )}
        </header>
        {children}
        {footer === undefined ? null : <footer className={styles['footer']}>{footer}</footer>}
      </div>
    </dialog>
  );
}

import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
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

/**
 * A modal dialog on the platform's own: focus stays inside, Escape closes, and focus returns to where it was. It begins
 * at what is marked `data-first`, also where that comes later than the dialog, as long as nothing was pressed in it. It
 * hangs on the body, because a form of its own may not lie inside another's.
 */
export function Dialog({ title, onClose, wide = false, bare = false, children, footer }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    const leave = element === null ? null : beginAtFirst(element);
    return () => {
      leave?.();
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return createPortal(
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
      // React lets events out of a portal to where it was opened; a form there is not what is sent here.
      onSubmit={(event) => event.stopPropagation()}
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
    </dialog>,
    document.body,
  );
}

/** Puts the focus on what is marked `data-first`, and on what is marked so later, until somebody presses something; answers how to stop. */
function beginAtFirst(dialog: HTMLDialogElement): () => void {
  const begin = (): void => dialog.querySelector<HTMLElement>('[data-first]')?.focus();
  const changes = new MutationObserver(begin);
  const stop = (): void => {
    changes.disconnect();
    dialog.removeEventListener('keydown', stop);
    dialog.removeEventListener('pointerdown', stop);
  };
  begin();
  changes.observe(dialog, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-first'] });
  dialog.addEventListener('keydown', stop);
  dialog.addEventListener('pointerdown', stop);
  return stop;
}

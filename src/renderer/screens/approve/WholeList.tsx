import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../../components/Button.tsx';
import { numbered } from '../../components/wording.ts';
import styles from './approve.module.css';

/** Drawn at once; a page of thousands is read no sooner. */
const MOST = 200;

/** A list that is drawn whole when it is asked for, and whenever the page is printed. */
export function WholeList<Item>({ items, what, children }: { readonly items: readonly Item[]; readonly what: string; readonly children: (item: Item) => ReactNode }): ReactElement {
  const [all, setAll] = useState(false);
  useEffect(() => {
    // Paper cannot be asked for the rest.
    const draw = (): void => flushSync(() => setAll(true));
    window.addEventListener('beforeprint', draw);
    return () => window.removeEventListener('beforeprint', draw);
  }, []);
  const shown = all ? items : items.slice(0, MOST);
  return (
    <>
      <ul className={styles['list']}>{shown.map(children)}</ul>
      {shown.length === items.length ? null : <p className={styles['soft']}>The first {numbered(shown.length)} of {numbered(items.length)}; all are printed. <Button kind="quiet" onClick={() => setAll(true)}>Show all {numbered(items.length)} {what}</Button></p>}
    </>
  );
}

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useRef, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { numbered } from '../../components/wording.ts';
import { moved } from './plan-draft.ts';
import styles from './plan.module.css';

const MOST = 200;

/** A list of short texts that is edited in place: Enter adds one below, Alt with an arrow moves one. */
export function ItemList({ title, one, items, testId, onChange }: { readonly title: string; readonly one: string; readonly items: readonly string[]; readonly testId: string; readonly onChange: (items: string[]) => void }): ReactElement {
  const list = useRef<HTMLUListElement>(null);
  // The row is there only after it was drawn.
  const focus = (index: number): void => void requestAnimationFrame(() => list.current?.querySelectorAll<HTMLInputElement>('input')[index]?.focus());
  const add = (after: number): void => {
    if (items.length >= MOST) return;
    onChange([...items.slice(0, after + 1), '', ...items.slice(after + 1)]);
    focus(after + 1);
  };
  const move = (index: number, by: -1 | 1): void => {
    onChange(moved(items, index, by));
    focus(Math.min(items.length - 1, Math.max(0, index + by)));
  };
  const remove = (index: number): void => {
    onChange(items.filter((_, at) => at !== index));
    focus(Math.max(0, index - 1));
  };
  return (
    <fieldset className={styles['group']} data-testid={testId}>
      <legend className={controls['label']}>{title} <span className={styles['soft']}>{numbered(items.length)}</span></legend>
      <ul ref={list} className={styles['items']}>
        {items.map((item, index) => (
          <li key={index} className={styles['item']}>
            <input
              className={controls['input']}
              aria-label={`${one} ${index + 1}`}
              aria-invalid={item.trim().length > 200}
              dir="auto"
              value={item}
              title={item}
              onChange={(event) => onChange(items.map((old, at) => (at === index ? event.target.value : old)))}
              onKeyDown={(event) => {
                if (event.key === 'Enter') {
                  event.preventDefault();
                  add(index);
                } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
                  event.preventDefault();
                  move(index, event.key === 'ArrowUp' ? -1 : 1);
                }
              }}
            />
            <button type="button" className={styles['icon']} aria-label={`Move ${one.toLowerCase()} ${index + 1} up`} title="Move up" disabled={index === 0} onClick={() => move(index, -1)}><ArrowUp aria-hidden="true" /></button>
            <button type="button" className={styles['icon']} aria-label={`Move ${one.toLowerCase()} ${index + 1} down`} title="Move down" disabled={index === items.length - 1} onClick={() => move(index, 1)}><ArrowDown aria-hidden="true" /></button>
            <button type="button" className={styles['icon']} aria-label={`Remove ${one.toLowerCase()} ${index + 1}`} title="Remove" onClick={() => remove(index)}><X aria-hidden="true" /></button>
          </li>
        ))}
      </ul>
      <div><Button kind="quiet" disabled={items.length >= MOST} testId={`${testId}-add`} onClick={() => add(items.length - 1)}><Plus aria-hidden="true" />Add a {one.toLowerCase()}</Button></div>
    </fieldset>
  );
}

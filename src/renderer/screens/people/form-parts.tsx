import { useId, type ReactElement, type ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import styles from './people.module.css';

/** A field with its name. */
export function Labelled({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: (id: string) => ReactNode }): ReactElement {
  const id = useId();
  return <div className={controls['field']}><label className={controls['label']} htmlFor={id}>{label}</label>{children(id)}{hint === undefined ? null : <p className={controls['hint']}>{hint}</p>}</div>;
}

export function Text({ label, hint, value, onChange, testId, type = 'text', list }: {
  readonly label: string; readonly hint?: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId?: string; readonly type?: 'text' | 'date' | 'email' | 'number' | 'password'; readonly list?: string;
}): ReactElement {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })}>
      {(id) => <input id={id} className={controls['input']} type={type} list={list} dir="auto" autoComplete="off" spellCheck={false} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)} />}
    </Labelled>
  );
}

/** One of several; empty until somebody chose. */
export function Choice({ label, value, options, onChange, testId }: {
  readonly label: string; readonly value: string; readonly options: readonly (readonly [value: string, words: string])[]; readonly onChange: (value: string) => void; readonly testId?: string;
}): ReactElement {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} className={controls['input']} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose</option>
          {options.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
        </select>
      )}
    </Labelled>
  );
}

/** The form of one change: its fields, and the button that puts it on the list. */
export function ChangeForm({ label, ready, verb = 'Put it on the list', onSend, children }: { readonly label: string; readonly ready: boolean; readonly verb?: string; readonly onSend: () => void; readonly children: ReactNode }): ReactElement {
  return (
    <form
      className={styles['changeForm']}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      {children}
      <div><Button type="submit" disabled={!ready} testId="add-change">{verb}</Button></div>
    </form>
  );
}

/** "2026-04-01" as the beginning or the end of that day, UTC; null where it is no day. */
export function dayOf(text: string, end: boolean): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? `${text}T${end ? '23:59:59' : '00:00:00'}Z` : null;
}

import { useId, type ReactElement, type ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { useHeldKeys, type RevocationWhy } from './keys-store.ts';
import styles from './keys.module.css';

/** The form of one act with a key. */
export function Form({ label, verb, ready, onSend, children }: { readonly label: string; readonly verb: string; readonly ready: boolean; readonly onSend: () => void; readonly children: ReactNode }): ReactElement {
  const working = useHeldKeys((state) => state.working);
  return (
    <form
      className={styles['actForm']}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
      <Button type="submit" kind="primary" disabled={working || !ready} testId="key-act">{verb}</Button>
    </form>
  );
}

export const CAUSES: readonly (readonly [RevocationWhy, string])[] = [['superseded', 'Another key took its place'], ['retired', 'It is used no longer'], ['compromised', 'Somebody else may have it'], ['unspecified', 'Another reason']];

export function Labelled({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactElement {
  const id = useId();
  return <div className={controls['field']}><label className={controls['label']} htmlFor={id}>{label}</label>{children(id)}</div>;
}

export function Line({ label, value, onChange, secret = false }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly secret?: boolean }): ReactElement {
  return <Labelled label={label}>{(id) => <input id={id} className={controls['input']} type={secret ? 'password' : 'text'} autoComplete="off" spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />}</Labelled>;
}

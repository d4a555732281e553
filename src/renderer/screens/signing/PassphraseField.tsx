import { useId, type ReactElement } from 'react';
import { PathText } from '../../components/Cut.tsx';
import controls from '../../components/controls.module.css';

/** The passphrase of a key in a file: it is gone from here as soon as the signing begins. */
export function PassphraseField({ file, value, disabled, onChange }: { readonly file: string; readonly value: string; readonly disabled: boolean; readonly onChange: (value: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>Passphrase</label>
      <input id={id} className={controls['input']} type="password" autoComplete="off" aria-describedby={`${id}-hint`} value={value} disabled={disabled} data-testid="passphrase" onChange={(event) => onChange(event.target.value)} />
      <p id={`${id}-hint`} className={controls['hint']}>Of the key in <PathText path={file} /></p>
    </div>
  );
}

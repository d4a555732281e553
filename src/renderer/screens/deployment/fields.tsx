import { Plus, X } from 'lucide-react';
import { useId, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { PathField } from '../../components/PathField.tsx';
import styles from './deployment.module.css';

/** A line of words. */
export function Line({ label, hint, value, onChange, testId, type = 'text' }: { readonly label: string; readonly hint?: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId?: string; readonly type?: 'text' | 'number' }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <input id={id} className={controls['input']} type={type} dir="auto" autoComplete="off" value={value} data-testid={testId} aria-describedby={hint === undefined ? undefined : `${id}-about`} onChange={(event) => onChange(event.target.value)} />
      {hint === undefined ? null : <p id={`${id}-about`} className={controls['hint']}>{hint}</p>}
    </div>
  );
}

/** Several lines of words. */
export function Words({ label, hint, value, onChange, testId }: { readonly label: string; readonly hint?: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId?: string }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <textarea id={id} className={controls['input']} rows={2} dir="auto" maxLength={4000} value={value} data-testid={testId} aria-describedby={hint === undefined ? undefined : `${id}-about`} onChange={(event) => onChange(event.target.value)} />
      {hint === undefined ? null : <p id={`${id}-about`} className={controls['hint']}>{hint}</p>}
    </div>
  );
}

/** One of a few, all in sight. */
export function Choice<Value extends string>({ label, options, value, onChange, testId }: { readonly label: string; readonly options: readonly (readonly [Value, string])[]; readonly value: Value; readonly onChange: (value: Value) => void; readonly testId?: string }): ReactElement {
  const id = useId();
  return (
    <fieldset className={styles['choices']} data-testid={testId}>
      <legend className={controls['label']}>{label}</legend>
      {options.map(([one, words]) => <label key={one} className={controls['choice']}><input type="radio" name={id} value={one} checked={value === one} onChange={() => onChange(one)} />{words}</label>)}
    </fieldset>
  );
}

/** Several files, one path a row; kept as lines of one text. */
export function Paths({ label, hint, value, onChange, testId }: { readonly label: string; readonly hint?: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId: string }): ReactElement {
  const paths = value.split('\n');
  const put = (at: number, path: string): void => onChange(paths.map((one, index) => (index === at ? path : one)).join('\n'));
  return (
    <fieldset className={styles['paths']}>
      <legend className={controls['label']}>{label}</legend>
      {paths.map((path, at) => (
        // A row is its place: the same path may stand twice while it is typed.
        <div key={at} className={styles['pathRow']}>
          <PathField label={paths.length === 1 ? label : `${label}, file ${at + 1}`} labelUnseen choose="file" value={path} testId={at === 0 ? testId : `${testId}-${at + 1}`} onChange={(next) => put(at, next)} />
          {paths.length === 1 ? null : <Button kind="quiet" aria-label={`Take file ${at + 1} off`} onClick={() => onChange(paths.filter((_, index) => index !== at).join('\n'))}><X aria-hidden="true" /></Button>}
        </div>
      ))}
      <div className={styles['pathsFoot']}>
        {hint === undefined ? null : <p className={controls['hint']}>{hint}</p>}
        <Button kind="quiet" onClick={() => onChange(`${value}\n`)}><Plus aria-hidden="true" />Add a file</Button>
      </div>
    </fieldset>
  );
}

/** The paths that were given, without empty rows. */
export function pathsIn(value: string): string[] {
  return value.split('\n').map((path) => path.trim()).filter((path) => path !== '');
}

import { useId, type ReactElement } from 'react';
import controls from '../../components/controls.module.css';

interface PickProps {
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly (readonly [string, string])[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testId: string;
  /** What stands where nobody and nothing is chosen. */
  readonly none: string;
  readonly first?: boolean;
}

/** One of several that a roster or the records name. */
export function Pick({ label, hint, options, value, onChange, testId, none, first = false }: PickProps): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <select id={id} className={controls['input']} value={value} data-testid={testId} data-first={first ? true : undefined} aria-describedby={hint === undefined ? undefined : `${id}-about`} onChange={(event) => onChange(event.target.value)}>
        <option value="">{none}</option>
        {options.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
      </select>
      {hint === undefined ? null : <p id={`${id}-about`} className={controls['hint']}>{hint}</p>}
    </div>
  );
}

import { Plus, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { listed } from '../../components/wording.ts';
import styles from './rollback.module.css';
import { AS_WORDS, type Row, type Told } from './told.ts';

/** Who was told, when, by which way; and whom nobody has told yet. */
export function ToldList({ notified, untold }: { readonly notified: readonly Told[]; readonly untold: readonly Told['as'][] }): ReactElement {
  return (
    <div className={styles['told']} data-testid="told">
      {notified.length === 0 ? null : (
        <ul className={styles['toldList']}>
          {notified.map((one, at) => (
            // The same person may have been told twice in the same second.
            <li key={at}><StatusSign status="passed" silent /><span dir="auto"><b>{AS_WORDS[one.as]}</b>: <bdi>{one.who}</bdi>, <bdi>{one.by}</bdi></span><TimeText time={one.at} short /></li>
          ))}
        </ul>
      )}
      {untold.length === 0 ? null : <p className={styles['sentence']}><StatusSign status="missing" silent /><span>Nobody is recorded to have told the {listed(untold.map((as) => AS_WORDS[as]))} (§9.2, step 1).</span></p>}
    </div>
  );
}

/** Rows of whom somebody told, to be filled in. */
export function ToldRows({ rows, onChange, people }: { readonly rows: readonly Row[]; readonly onChange: (rows: readonly Row[]) => void; readonly people: readonly { readonly id: string; readonly name: string }[] }): ReactElement {
  const put = (at: number, some: Partial<Row>): void => onChange(rows.map((row, index) => (index === at ? { ...row, ...some } : row)));
  return (
    <fieldset className={styles['rows']} data-testid="told-rows">
      <legend className={controls['label']}>Who was told (§9.2, step 1)</legend>
      <datalist id="people-here">{people.map(({ id, name }) => <option key={id} value={name} />)}</datalist>
      {rows.map((row, at) => (
        <div key={at} className={styles['row']}>
          <select className={controls['input']} aria-label={`As what, row ${at + 1}`} value={row.as} onChange={(event) => put(at, { as: event.target.value as Row['as'] })}>
            {Object.entries(AS_WORDS).map(([as, words]) => <option key={as} value={as}>{words}</option>)}
          </select>
          <input className={controls['input']} aria-label={`Who was told, row ${at + 1}`} placeholder="Who" list="people-here" dir="auto" maxLength={200} value={row.who} onChange={(event) => put(at, { who: event.target.value })} />
          <input className={controls['input']} aria-label={`By which way, row ${at + 1}`} placeholder="By telephone, pager, in person" dir="auto" maxLength={200} value={row.by} onChange={(event) => put(at, { by: event.target.value })} />
          <input className={controls['input']} aria-label={`When, in UTC, row ${at + 1}`} placeholder="Now, or 2026-01-12 21:40 UTC" value={row.at} onChange={(event) => put(at, { at: event.target.value })} />
          <Button kind="quiet" aria-label={`Take row ${at + 1} off`} onClick={() => onChange(rows.filter((_, index) => index !== at))}><X aria-hidden="true" /></Button>
        </div>
      ))}
      <div><Button kind="quiet" onClick={() => onChange([...rows, { who: '', as: 'incident-team', by: '', at: '' }])}><Plus aria-hidden="true" />Add somebody</Button></div>
    </fieldset>
  );
}

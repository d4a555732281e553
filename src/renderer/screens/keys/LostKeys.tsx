import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { PathText } from '../../components/Cut.tsx';
import { PathField } from '../../components/PathField.tsx';
import { instantOf } from '../../components/wording.ts';
import { CAUSES, Form, Line } from './form-parts.tsx';
import { proposeRevocation, recordRevocation, useHeldKeys, type RevocationWhy } from './keys-store.ts';
import styles from './keys.module.css';

/** A lost or stolen key is revoked without it, by a threshold of the roster's administrators. */
export function LostKeys(): ReactElement {
  const decision = useHeldKeys((state) => state.decision);
  const [open, setOpen] = useState<'propose' | 'record' | null>(null);
  const toggle = (which: 'propose' | 'record'): void => setOpen(open === which ? null : which);
  return (
    <div className={styles['key']} data-testid="lost-keys">
      <p className={styles['soft']}>Whoever has a key can give its signatures any date. The administrators of the roster revoke it from the time when it was last surely in the right hands; the key itself need not be there.</p>
      <div className={styles['acts']}>
        <Button aria-expanded={open === 'propose'} onClick={() => toggle('propose')} testId="propose-revocation">Propose to revoke a key</Button>
        <Button aria-expanded={open === 'record'} onClick={() => toggle('record')} testId="record-revocation">Record the decision</Button>
      </div>
      {open === 'propose' ? <Propose onDone={() => setOpen(null)} /> : null}
      {open === 'record' ? <Record onDone={() => setOpen(null)} /> : null}
      {decision === null ? null : (
        <div className={styles['done']} role="status">
          <p>{decision.words}</p>
          {decision.paths.map((path) => <PathText key={path} path={path} />)}
          {decision.next.map((words) => <p key={words} className={styles['next']}>{words}</p>)}
        </div>
      )}
    </div>
  );
}

function Propose({ onDone }: { readonly onDone: () => void }): ReactElement {
  const [key, setKey] = useState('');
  const [since, setSince] = useState('');
  const [cause, setCause] = useState<RevocationWhy>('compromised');
  const [words, setWords] = useState('');
  const [out, setOut] = useState('');
  const at = instantOf(since);
  const ready = key.trim() !== '' && at !== null && words.trim() !== '' && out.trim() !== '';
  return (
    <Form label="Propose to revoke a key" verb="Write the proposal" ready={ready} onSend={() => void proposeRevocation({ key: key.trim(), cause, since: at ?? '', words: words.trim(), out: out.trim() }).then((good) => good && onDone())}>
      <Line label="Fingerprint of the key" value={key} onChange={setKey} />
      <Line label="Last surely in the right hands, in UTC (2026-11-24 09:00)" value={since} onChange={setSince} />
      <fieldset className={styles['algorithms']}>
        <legend className={controls['label']}>Why</legend>
        {CAUSES.map(([value, name]) => <label key={value} className={controls['choice']}><input type="radio" name="proposal-cause" checked={cause === value} onChange={() => setCause(value)} />{name}</label>)}
      </fieldset>
      <Line label="In words" value={words} onChange={setWords} />
      <PathField label="File of the proposal" hint="Each administrator puts a detached signature of it beside it, as FILE.NAME.asc." choose="file" value={out} onChange={setOut} />
    </Form>
  );
}

function Record({ onDone }: { readonly onDone: () => void }): ReactElement {
  const [file, setFile] = useState('');
  return (
    <Form label="Record the administrators' decision" verb="Record the decision" ready={file.trim() !== ''} onSend={() => void recordRevocation(file.trim()).then((good) => good && onDone())}>
      <PathField label="File of the proposal" hint="With the administrators' signatures beside it." choose="file" value={file} onChange={setFile} />
    </Form>
  );
}

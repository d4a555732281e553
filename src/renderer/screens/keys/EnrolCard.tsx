import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { PathField } from '../../components/PathField.tsx';
import { addressOf } from '../../frame/routes.ts';
import { Line } from './form-parts.tsx';
import { enrolCard, useHeldKeys } from './keys-store.ts';
import styles from './keys.module.css';

/** Records that the card in the reader is taken into use, and says what would make its loss a disaster. */
export function EnrolCard(): ReactElement {
  const { working, enrolled } = useHeldKeys();
  const [open, setOpen] = useState(false);
  const [person, setPerson] = useState('');
  const [sealed, setSealed] = useState('');
  const [spare, setSpare] = useState(false);
  const [attestation, setAttestation] = useState('');
  return (
    <>
      <div className={styles['acts']}><Button aria-expanded={open} onClick={() => setOpen(!open)} testId="enrol-card">Enrol this card</Button></div>
      {open ? (
        <form
          className={styles['actForm']}
          aria-label="Enrol this card"
          onSubmit={(event) => {
            event.preventDefault();
            void enrolCard({ person: person.trim(), spare, revocationSealed: sealed.trim() === '' ? null : sealed.trim(), attestations: attestation.trim() === '' ? [] : [attestation.trim()] }).then((good) => setOpen(!good));
          }}
        >
          <Line label="Whose it is, as the roster names them" value={person} onChange={setPerson} />
          <Line label="Where its printed revocation certificate is sealed" value={sealed} onChange={setSealed} />
          <PathField label="Attestation of its key" hint="The maker's certificate, where the card gives one; it is recorded by its digest." choose="file" value={attestation} onChange={setAttestation} />
          <label className={controls['choice']}><input type="checkbox" checked={spare} onChange={(event) => setSpare(event.target.checked)} />It is a spare, which waits for the other to be lost</label>
          <Button type="submit" kind="primary" disabled={working || person.trim() === ''}>Record the enrolment</Button>
        </form>
      ) : null}
      {enrolled === null ? null : (
        <div className={styles['done']} role="status">
          <p>The card is enrolled, recorded as <a href={addressOf.entry(enrolled.record)}>{enrolled.record}</a>.</p>
          {enrolled.warnings.map((words) => <p key={words} className={styles['next']}>{words}</p>)}
        </div>
      )}
    </>
  );
}

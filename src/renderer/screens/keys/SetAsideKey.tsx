import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Output } from '../../../core/contract/types.ts';
import { Button } from '../../components/Button.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { grouped, listed } from '../../components/wording.ts';
import { client } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import { Line, Words } from '../deployment/fields.tsx';
import styles from './keys.module.css';

/** A release key that lies sealed for the night, by the signatures of two people (policy §10.2, house rule). */
export function SetAsideKey({ asked }: { /** The address asks for the form. */ readonly asked: boolean }): ReactElement {
  const [open, setOpen] = useState(asked);
  const [done, setDone] = useState<Output<'cards.setAside'> | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!asked) return;
    setOpen(true);
    place.current?.querySelector('input')?.focus();
  }, [asked]);
  return (
    <div ref={place} className={styles['key']} data-testid="set-aside">
      <p className={styles['soft']}>What it signs from then on counts in an emergency alone. It is set aside once two different people signed so, each where they sit.</p>
      <div className={styles['acts']}><Button aria-expanded={open} onClick={() => setOpen(!open)} testId="set-aside-key">Set a release key aside</Button></div>
      {open ? <Aside onClose={() => setOpen(false)} onDone={(said) => {
        setDone(said);
        setOpen(false);
      }} /> : null}
      {done === null ? null : (
        <div className={styles['done']} role="status" data-testid="set-aside-done">
          <p><StatusSign status={done.setAside ? 'passed' : 'missing'} silent /> {done.setAside ? 'It is set aside for emergencies' : 'It is not set aside yet'}: <code>{grouped(done.fingerprint)}</code>, by the word of <bdi>{listed(done.by)}</bdi>. Recorded as <a href={addressOf.entry(done.record)}>{done.record}</a>.</p>
          {done.setAside ? null : <p className={styles['next']}>A second person signs the same, on this console or on theirs.</p>}
        </div>
      )}
    </div>
  );
}

function Aside({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (said: Output<'cards.setAside'>) => void }): ReactElement {
  const [typed, setTyped] = useState('');
  const [statement, setStatement] = useState('');
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const fingerprint = typed.replace(/^\s*0x|\s/gi, '').toUpperCase();
  const wanting = !/^[0-9A-F]{40}$/.test(fingerprint) ? 'A fingerprint has 40 hexadecimal digits.' : statement.trim() === '' ? 'Say where it is sealed.' : signer === null ? wantsToSign(seat) : null;
  return (
    <ActForm
      label="Set a release key aside for emergencies" verb="Sign that it is set aside" testId="set-aside-form" wanting={wanting} onClose={onClose}
      after="Afterwards your word for it is on record. By one person alone nothing changes."
      onSend={async () => {
        if (signer === null) return;
        const said = await client.call('cards.setAside', { fingerprint, statement: statement.trim(), ...signer });
        clear();
        onDone(said);
      }}
    >
      <Line label="Fingerprint of the release key" hint="As the roster has it; spaces do not matter." value={typed} onChange={setTyped} testId="set-aside-fingerprint" />
      <Words label="Where it is sealed, and how it is had at night" hint="Its card or its file: a safe, an envelope, who opens it." value={statement} onChange={setStatement} testId="set-aside-statement" />
      {field}
    </ActForm>
  );
}

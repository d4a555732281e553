import { useState, type ReactElement } from 'react';
import controls from '../../components/controls.module.css';
import { PathField } from '../../components/PathField.tsx';
import { instantOf, keyId } from '../../components/wording.ts';
import { exportKey, changePassphrase, publishKey, revokeKey, rotateKey, useHeldKeys, type HeldKey, type RevocationWhy, type RotationKind } from './keys-store.ts';
import { CAUSES, Form, Labelled, Line } from './form-parts.tsx';
import styles from './keys.module.css';

/** What can be done with a key from here. */
export type KeyAct = 'export' | 'publish' | 'rotate' | 'passphrase' | 'revoke';

interface ActProps {
  readonly held: HeldKey;
  readonly onDone: () => void;
}

/** The form of one act with a key. */
export function KeyActForm({ act, ...props }: ActProps & { readonly act: KeyAct }): ReactElement {
  switch (act) {
    case 'export': return <WriteTo {...props} label="Export the public key" hint="The armored public key is written here, under its fingerprint." send={exportKey} verb="Export the public key" />;
    case 'publish': return <WriteTo {...props} label="Publish the public key" hint="What a website serves: the armored key, and .well-known/openpgpkey for a Web Key Directory." send={publishKey} verb="Write what is published" />;
    case 'rotate': return <Rotate {...props} />;
    case 'passphrase': return <Passphrase {...props} />;
    case 'revoke': return <Revoke {...props} />;
  }
}

function WriteTo({ held, onDone, label, hint, verb, send }: ActProps & { readonly label: string; readonly hint: string; readonly verb: string; readonly send: (key: HeldKey, folder: string) => Promise<boolean> }): ReactElement {
  const [folder, setFolder] = useState('');
  return (
    <Form label={label} verb={verb} ready={folder.trim() !== ''} onSend={() => void send(held, folder.trim()).then((good) => good && onDone())}>
      <PathField label="Folder" hint={hint} choose="folder" testId="key-out" value={folder} onChange={setFolder} />
    </Form>
  );
}

const KINDS: readonly (readonly [RotationKind, string])[] = [['planned', 'Planned: the old key signs for the new one'], ['lost', 'Lost: nobody has it'], ['stolen', 'Stolen: somebody else may have it']];

/** Another key takes this one's place (policy §5.1.2); a lost or stolen one need not sign. */
function Rotate({ held, onDone }: ActProps): ReactElement {
  const others = (useHeldKeys((state) => state.keys) ?? []).filter((key) => key.fingerprint !== held.fingerprint && key.unusable === null);
  const [kind, setKind] = useState<RotationKind>('planned');
  const [wanted, setWanted] = useState('');
  const [since, setSince] = useState('');
  const [reason, setReason] = useState('');
  const [decidedBy, setDecidedBy] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [newPassphrase, setNewPassphrase] = useState('');
  const [out, setOut] = useState('');
  const successor = others.find(({ fingerprint }) => fingerprint === wanted) ?? others[0] ?? null;
  const at = kind === 'planned' ? null : instantOf(since);
  const ready = successor !== null && reason.trim() !== '' && decidedBy.trim() !== '' && out.trim() !== '' && (kind === 'planned' || at !== null);
  if (successor === null) return <p className={styles['soft']} role="status">There is no other key here that could take its place. Make one first, or insert the card that holds it.</p>;
  const send = (): void => {
    void rotateKey(held, successor, { kind, since: at, passphrase, newPassphrase, reason: reason.trim(), decidedBy: decidedBy.split(',').map((name) => name.trim()).filter((name) => name !== ''), out: out.trim() }).then((good) => good && onDone());
  };
  return (
    <Form label="Rotate the key" verb="Record the rotation" ready={ready} onSend={send}>
      <fieldset className={styles['algorithms']}>
        <legend className={controls['label']}>Why</legend>
        {KINDS.map(([value, words]) => <label key={value} className={controls['choice']}><input type="radio" name="rotation-kind" checked={kind === value} onChange={() => setKind(value)} />{words}</label>)}
      </fieldset>
      <Labelled label="Key that takes its place">
        {(id) => <select id={id} className={controls['input']} value={successor.fingerprint} onChange={(event) => setWanted(event.target.value)}>{others.map(({ fingerprint, users }) => <option key={fingerprint} value={fingerprint}>{users[0] ?? keyId(fingerprint)}, {keyId(fingerprint)}</option>)}</select>}
      </Labelled>
      {kind === 'planned' ? null : <Line label="Last surely in the right hands, in UTC (2026-11-24 09:00)" value={since} onChange={setSince} />}
      <Line label="Reason" value={reason} onChange={setReason} />
      <Line label="Decided by, separated by commas" value={decidedBy} onChange={setDecidedBy} />
      {held.where.kind === 'file' && kind === 'planned' ? <Line label="Passphrase of this key" secret value={passphrase} onChange={setPassphrase} /> : null}
      {successor.where.kind === 'file' ? <Line label="Passphrase of the key that takes its place" secret value={newPassphrase} onChange={setNewPassphrase} /> : null}
      <PathField label="Folder" hint="The statement, its signatures and both public keys are written here." choose="folder" value={out} onChange={setOut} />
    </Form>
  );
}

function Passphrase({ held, onDone }: ActProps): ReactElement {
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const [again, setAgain] = useState('');
  return (
    <Form label="Change the passphrase" verb="Change the passphrase" ready={before !== '' && after.length >= 8 && after === again} onSend={() => void changePassphrase(held, before, after).then((good) => good && onDone())}>
      <Line label="Passphrase" secret value={before} onChange={setBefore} />
      <Line label="New passphrase, at least 8 characters" secret value={after} onChange={setAfter} />
      <Line label="The same again" secret value={again} onChange={setAgain} />
    </Form>
  );
}

/** It cannot be taken back, so its last digits are typed. */
function Revoke({ held, onDone }: ActProps): ReactElement {
  const [cause, setCause] = useState<RevocationWhy>('superseded');
  const [words, setWords] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [typed, setTyped] = useState('');
  const last = held.fingerprint.slice(-8);
  return (
    <Form label="Revoke the key" verb="Revoke the key for good" ready={words.trim() !== '' && passphrase !== '' && typed.trim().toUpperCase() === last} onSend={() => void revokeKey(held, { cause, words: words.trim(), passphrase }).then((good) => good && onDone())}>
      <fieldset className={styles['algorithms']}>
        <legend className={controls['label']}>Why</legend>
        {CAUSES.map(([value, name]) => <label key={value} className={controls['choice']}><input type="radio" name="revocation-cause" checked={cause === value} onChange={() => setCause(value)} />{name}</label>)}
      </fieldset>
      <Line label="In words" value={words} onChange={setWords} />
      <Line label="Passphrase" secret value={passphrase} onChange={setPassphrase} />
      <Line label={`Afterwards it never signs again, and what it signed is judged by this. Type its last eight digits, ${last}`} value={typed} onChange={setTyped} />
    </Form>
  );
}

import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { createKey, useHeldKeys } from './keys-store.ts';
import styles from './keys.module.css';

const SHORTEST = 8;

/** A key in a file of this machine, for where there is no gpg; its passphrase is typed twice and kept nowhere. */
export function NewLocalKey({ onClose }: { readonly onClose: () => void }): ReactElement {
  const working = useHeldKeys((state) => state.working);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [algorithm, setAlgorithm] = useState<'ed25519' | 'rsa4096'>('ed25519');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const problem = passphrase !== '' && passphrase.length < SHORTEST ? `At least ${SHORTEST} characters: whoever has the file can try as often as they like.` : again !== '' && again !== passphrase ? 'The two passphrases differ.' : null;
  const ready = name.trim() !== '' && email.includes('@') && passphrase.length >= SHORTEST && again === passphrase && !working;
  return (
    <form
      className={styles['newKey']}
      aria-label="Make a local key"
      onSubmit={(event) => {
        event.preventDefault();
        void createKey({ name: name.trim(), email: email.trim(), algorithm, days: 365, passphrase }).then((made) => {
          if (made) onClose();
        });
      }}
    >
      <Field label="Name" value={name} onChange={setName} first testId="key-name" />
      <Field label="E-mail address" type="email" value={email} onChange={setEmail} testId="key-email" />
      <fieldset className={styles['algorithms']}>
        <legend className={controls['label']}>Kind</legend>
        <label className={controls['choice']}><input type="radio" name="key-algorithm" checked={algorithm === 'ed25519'} onChange={() => setAlgorithm('ed25519')} />Ed25519: short and quick</label>
        <label className={controls['choice']}><input type="radio" name="key-algorithm" checked={algorithm === 'rsa4096'} onChange={() => setAlgorithm('rsa4096')} />RSA-4096: for those who check with old programs</label>
      </fieldset>
      <Field label="Passphrase" type="password" value={passphrase} onChange={setPassphrase} testId="key-passphrase" />
      <Field label="The same again" type="password" value={again} onChange={setAgain} testId="key-passphrase-again" />
      <p className={styles['soft']} role="status">{problem ?? 'The key expires in a year. The passphrase is kept nowhere: if it is forgotten, the key is lost.'}</p>
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={!ready} testId="create-key">{working ? 'Making the key' : 'Make the key'}</Button>
        <Button kind="quiet" onClick={onClose}>Leave it</Button>
      </div>
    </form>
  );
}

function Field({ label, value, onChange, testId, type = 'text', first = false }: {
  readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId: string; readonly type?: 'text' | 'email' | 'password'; readonly first?: boolean;
}): ReactElement {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) input.current?.focus();
  }, [first]);
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <input ref={input} id={id} className={controls['input']} type={type} value={value} autoComplete="off" spellCheck={false} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

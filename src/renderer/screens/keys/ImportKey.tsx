import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Form, Line } from './form-parts.tsx';
import { importKey } from './keys-store.ts';
import styles from './keys.module.css';

/** A private key that was exported elsewhere comes into the folder of keys, as it is protected there. */
export function ImportKey({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [file, setFile] = useState('');
  const [passphrase, setPassphrase] = useState('');
  return (
    <div className={styles['newKey']}>
      <Form label="Import a local key" verb="Import the key" ready={file.trim() !== '' && passphrase !== ''} onSend={() => void importKey(file.trim(), passphrase).then((taken) => taken && onClose())}>
        <PathField label="Exported private key" hint="Armored or binary, as gpg --export-secret-keys writes it. One without a passphrase is refused." choose="file" testId="import-file" value={file} onChange={setFile} />
        <Line label="Passphrase of the key" secret value={passphrase} onChange={setPassphrase} />
      </Form>
      <div className={styles['acts']}><Button kind="quiet" onClick={onClose}>Leave it</Button></div>
    </div>
  );
}

import { X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { PathText } from '../../components/Cut.tsx';
import { PathField } from '../../components/PathField.tsx';
import styles from './attest.module.css';

/** Files that a statement names by their digests. */
export function FileList({ label, files, onChange }: { readonly label: string; readonly files: readonly string[]; readonly onChange: (files: string[]) => void }): ReactElement {
  const [typed, setTyped] = useState('');
  const add = (path: string): void => {
    if (path.trim() === '') return;
    onChange([...new Set([...files, path.trim()])]);
    setTyped('');
  };
  return (
    <div className={styles['files']}>
      {files.length === 0 ? null : (
        <ul className={styles['fileRows']}>
          {files.map((path) => (
            <li key={path}>
              <PathText path={path} />
              <button type="button" className={styles['remove']} aria-label={`Take ${path} off the list`} title="Take it off the list" onClick={() => onChange(files.filter((file) => file !== path))}><X aria-hidden="true" /></button>
            </li>
          ))}
        </ul>
      )}
      <PathField label={label} hint="Its SHA-256 is signed with your words. Enter adds it." choose="file" value={typed} onChange={setTyped} onCommit={add} testId="statement-file" />
    </div>
  );
}

import { CreditCard, FileKey, KeyRound } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { PathField } from '../../components/PathField.tsx';
import { grouped, utc } from '../../components/wording.ts';
import { dueWords } from './DueLine.tsx';
import { exportKey, publishKey, useHeldKeys, type HeldKey } from './keys-store.ts';
import styles from './keys.module.css';

const WHY = {
  'expired': 'It has expired: extend it or rotate to another.',
  'revoked': 'It is revoked and never signs again.',
  'disabled': 'It is disabled in gpg.',
  'cannot-sign': 'It has no part that may sign.',
  'secret-missing': 'Its secret part is not on this machine. If it is on a card, insert the card.',
} as const;

const ICONS = { gpg: KeyRound, card: CreditCard, file: FileKey } as const;

/** One key: whose, where its secret lies, its state in words, and how others get its public half. */
export function KeyLine({ held }: { readonly held: HeldKey }): ReactElement {
  const { fingerprint, users, algorithm, created, expires, unusable, where, rotation } = held;
  const done = useHeldKeys((state) => state.done[fingerprint]);
  const [open, setOpen] = useState<'export' | 'publish' | null>(null);
  const Icon = ICONS[where.kind];
  return (
    <li className={styles['key']} data-testid={`key-${fingerprint}`}>
      <div className={styles['keyHead']}>
        <Icon aria-hidden="true" />
        <div className={styles['keyWords']}>
          <span className={styles['keyName']} dir="auto" title={users.join('\n')}>{users[0] ?? 'A key without a name'}</span>
          <span className={styles['digits']}><code>{grouped(fingerprint)}</code><CopyButton text={fingerprint} what="the fingerprint" /></span>
          <span className={styles['soft']}>{algorithm}, made {utc(created).slice(0, 10)}, {expires === null ? 'does not expire' : `expires ${utc(expires).slice(0, 10)}`}, {whereWords(where)}</span>
          {unusable === null ? rotation === null ? null : <span className={styles['dueWords']} data-state={rotation.state}>It {dueWords(rotation)}.</span> : <span className={styles['why']}>{WHY[unusable]}</span>}
        </div>
        <div className={styles['acts']}>
          <Button aria-expanded={open === 'export'} onClick={() => setOpen(open === 'export' ? null : 'export')} testId={`export-${fingerprint}`}>Export its public key</Button>
          <Button aria-expanded={open === 'publish'} onClick={() => setOpen(open === 'publish' ? null : 'publish')}>Publish it</Button>
        </div>
      </div>
      {open === null ? null : <WriteTo held={held} what={open} onDone={() => setOpen(null)} />}
      {done === undefined ? null : (
        <div className={styles['done']} role="status">
          <p>{done.words}</p>
          {done.paths.length === 0 ? null : <ul>{done.paths.map((path) => <li key={path}><PathText path={path} /></li>)}</ul>}
          {done.next.map((words) => <p key={words} className={styles['next']}>{words}</p>)}
        </div>
      )}
    </li>
  );
}

function WriteTo({ held, what, onDone }: { readonly held: HeldKey; readonly what: 'export' | 'publish'; readonly onDone: () => void }): ReactElement {
  const working = useHeldKeys((state) => state.working);
  const [folder, setFolder] = useState('');
  return (
    <form
      className={styles['writeTo']}
      aria-label={what === 'export' ? 'Export the public key' : 'Publish the public key'}
      onSubmit={(event) => {
        event.preventDefault();
        void (what === 'export' ? exportKey : publishKey)(held, folder.trim()).then(onDone);
      }}
    >
      <PathField label="Folder" hint={what === 'export' ? 'The armored public key is written here, under its fingerprint.' : 'What a website serves: the armored key, and .well-known/openpgpkey for a Web Key Directory.'} choose="folder" testId="key-out" value={folder} onChange={setFolder} />
      <Button type="submit" kind="primary" disabled={working || folder.trim() === ''} testId="write-key">{what === 'export' ? 'Export the public key' : 'Write what is published'}</Button>
    </form>
  );
}

function whereWords(where: HeldKey['where']): string {
  switch (where.kind) {
    case 'gpg': return 'held by gpg on this machine';
    case 'card': return `on card ${where.card}`;
    case 'file': return `in ${where.file}`;
  }
}

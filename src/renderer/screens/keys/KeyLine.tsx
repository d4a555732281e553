import { CreditCard, FileKey, KeyRound } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { grouped, utc } from '../../components/wording.ts';
import { dueWords } from './DueLine.tsx';
import { KeyActForm, type KeyAct } from './KeyActs.tsx';
import { useHeldKeys, type HeldKey } from './keys-store.ts';
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
  const [open, setOpen] = useState<KeyAct | null>(null);
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
          {actsOf(held).map(([act, words]) => <Button key={act} aria-expanded={open === act} onClick={() => setOpen(open === act ? null : act)} testId={`${act}-${fingerprint}`}>{words}</Button>)}
        </div>
      </div>
      {open === null ? null : <KeyActForm held={held} act={open} onDone={() => setOpen(null)} />}
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

/** A key that never signs again is only handed on; passphrases are gpg's business where gpg holds the key. */
function actsOf({ unusable, where }: HeldKey): readonly (readonly [KeyAct, string])[] {
  return [
    ['export', 'Export its public key'], ['publish', 'Publish it'],
    ...(unusable === 'revoked' ? [] : [['rotate', 'Rotate it'] as const]),
    ...(where.kind === 'file' && unusable !== 'revoked' ? [['passphrase', 'Change its passphrase'] as const, ['revoke', 'Revoke it'] as const] : []),
  ];
}

function whereWords(where: HeldKey['where']): string {
  switch (where.kind) {
    case 'gpg': return 'held by gpg on this machine';
    case 'card': return `on card ${where.card}`;
    case 'file': return `in ${where.file}`;
  }
}

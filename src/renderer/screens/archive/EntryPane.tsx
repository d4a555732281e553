import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { Attachments } from '../../components/Attachments.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, keyId, spaced } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf, ENTRY_VIEWS, type EntryView } from '../../frame/routes.ts';
import { useArchive } from './archive-store.ts';
import { ProofView } from './ProofView.tsx';
import styles from './archive.module.css';

const PERSON_WORDS = { 'not-needed': 'No person’s word is needed: a machine observed it', proven: 'A person’s signature proves it', 'not-proven': 'It is a person’s word, and nothing here proves whose' } as const;

const VIEW_NAMES: Readonly<Record<EntryView, string>> = { both: 'Side by side', record: 'Record', bytes: 'Canonical bytes', proof: 'Prove' };

interface Looking {
  /** What the list answers to, which stays while one follows a pointer. */
  readonly query: string;
  readonly view: EntryView;
}

/** A record beside its canonical bytes, and the proof that it stands in its log. */
export function EntryPane({ onClose, ...looking }: Looking & { readonly onClose: () => void }): ReactElement {
  const { shown, showError } = useArchive();
  return (
    <aside className={styles['pane']} aria-label="Record" data-testid="entry-pane">
      <header className={styles['paneHead']}>
        <div className={styles['paneWords']}>
          <h2 className={styles['paneTitle']}>{shown === null ? 'Record' : spaced(shown.entry.record.event_type)}</h2>
          {shown === null ? null : <p className={styles['soft']}><code>{shown.id}</code></p>}
        </div>
        <button type="button" className={styles['close']} aria-label="Close the record" title="Close the record (Esc)" onClick={onClose}><X aria-hidden="true" /></button>
      </header>
      <div className={styles['paneBody']} tabIndex={0} role="group" aria-label="The record and its bytes">
        {showError === null ? null : <ErrorPanel error={showError} />}
        {shown === null ? null : <Shown {...looking} />}
      </div>
    </aside>
  );
}

function Shown({ query, view }: Looking): ReactElement | null {
  const shown = useArchive((state) => state.shown);
  if (shown === null) return null;
  const { id, entry, leaf, person, warnings, notBefore, notAfter, referredBy } = shown;
  return (
    <>
      {warnings.map((warning) => <p key={warning} className={styles['warning']} data-status="stale"><StatusSign status="stale" />{warning}</p>)}
      <dl className={styles['pairs']}>
        <dt>Recorded</dt><dd><TimeText time={entry.time} /> <span className={styles['soft']}>by its own console’s clock</span></dd>
        {notBefore === null ? null : <><dt>Not before</dt><dd><TimeText time={notBefore.time} /> <span className={styles['soft']}>when <a href={addressOf.entry(notBefore.id, query)}>{notBefore.id}</a> was there</span></dd></>}
        {notAfter === null ? null : <><dt>Not after</dt><dd><TimeText time={notAfter} /> <span className={styles['soft']}>when somebody else had seen it</span></dd></>}
        <dt>Seen by</dt><dd><SeenBy /></dd>
        <dt>Log</dt><dd>{entry.origin}, entry {entry.seq}</dd>
        <dt>Leaf</dt><dd><Digest value={leaf} what="leaf digest" /></dd>
        <dt>Whose word</dt><dd><StatusBadge status={person === 'not-proven' ? 'needs-person' : 'passed'}>{person === 'not-proven' ? 'Not proven' : person === 'proven' ? 'Proven' : 'The machine’s'}</StatusBadge> <span className={styles['soft']}>{PERSON_WORDS[person]}</span></dd>
        {entry.refs.length === 0 ? null : <><dt>Points at</dt><dd>{entry.refs.map((ref) => <span key={`${ref.rel}-${ref.origin}-${ref.seq}`} className={styles['ref']}>{ref.rel} <a href={addressOf.entry(`${ref.origin}#${ref.seq}`, query)}>{ref.origin}#{ref.seq}</a></span>)}</dd></>}
        {referredBy.length === 0 ? null : <><dt>Pointed at by</dt><dd>{referredBy.map(({ rel, id: from }) => <span key={`${rel}-${from}`} className={styles['ref']}>{rel} <a href={addressOf.entry(from, query)}>{from}</a></span>)}</dd></>}
        {entry.attachments.length === 0 ? null : <><dt>Attachments</dt><dd><Attachments entry={shown.id} /></dd></>}
        {entry.signatures.length === 0 ? null : <><dt>Signatures</dt><dd>{entry.signatures.map(({ fingerprint }) => <code key={fingerprint} title={fingerprint} className={styles['ref']}>{keyId(fingerprint)}</code>)}</dd></>}
      </dl>
      <div className={styles['views']} role="group" aria-label="Show">
        {ENTRY_VIEWS.map((name) => (
          <button key={name} type="button" className={styles['view']} aria-pressed={view === name} data-testid={`view-${name}`} onClick={() => view === name || goTo(addressOf.entry(id, query, name))}>{VIEW_NAMES[name]}</button>
        ))}
      </div>
      {view === 'proof' ? <ProofView id={id} /> : <Beside view={view} />}
    </>
  );
}

function Beside({ view }: { readonly view: Exclude<EntryView, 'proof'> }): ReactElement | null {
  const shown = useArchive((state) => state.shown);
  if (shown === null) return null;
  const { entry, canonical } = shown;
  return (
    <div className={styles['beside']} data-view={view}>
      {view === 'bytes' ? null : (
        <section aria-label="Record as fields" className={styles['side']}>
          <h3 className={styles['sideHead']}>Record <CopyButton text={JSON.stringify(entry.record, null, 2)} what="the record as JSON" /></h3>
          <Fields value={entry.record} />
        </section>
      )}
      {view === 'record' ? null : (
        <section aria-label="Canonical bytes" className={styles['side']}>
          <h3 className={styles['sideHead']}>Canonical bytes <CopyButton text={canonical} what="the canonical bytes" /></h3>
          <p className={styles['soft']}>{counted(new TextEncoder().encode(canonical).length, 'byte')}, RFC 8785. The leaf is SHA-256 over 0x00 and these.</p>
          <pre className={styles['canonical']}>{canonical}</pre>
        </section>
      )}
    </div>
  );
}

const WITNESSED_STATUS = { witnessed: 'passed', seen: 'needs-person', unseen: 'missing' } as const;
const WITNESSED_WORDS = { witnessed: 'Witnessed', seen: 'Seen', unseen: 'Only here' } as const;

/** Who saw it, and what that is worth: a history that others saw cannot be rewritten unnoticed. */
function SeenBy(): ReactElement | null {
  const shown = useArchive((state) => state.shown);
  if (shown === null) return null;
  const { witnessed, seenBy, witnessesNeeded } = shown;
  return (
    <>
      <StatusBadge status={WITNESSED_STATUS[witnessed]}>{WITNESSED_WORDS[witnessed]}</StatusBadge>{' '}
      {seenBy.length === 0 ? <span className={styles['soft']}>No other console has it yet: sync the archive, or carry a request to a witness.</span> : null}
      {seenBy.map(({ witness, person, time }) => <span key={witness} className={styles['ref']}>{person === null ? witness : <>{person} at <bdi>{witness}</bdi></>}, <TimeText time={time} short /></span>)}
      {witnessed === 'seen' ? <span className={styles['soft']}>{counted(witnessesNeeded, 'other person', 'other people')} of the roster {witnessesNeeded === 1 ? 'makes' : 'make'} it witnessed.</span> : null}
    </>
  );
}

/** A record's own fields; what others wrote is text and nothing else. */
function Fields({ value }: { readonly value: Readonly<Record<string, unknown>> }): ReactElement {
  return (
    <dl className={styles['fields']}>
      {Object.entries(value).map(([name, field]) => (
        <div key={name} className={styles['field']}>
          <dt>{name}</dt>
          <dd dir="auto">{inWords(field)}</dd>
        </div>
      ))}
    </dl>
  );
}

function inWords(value: unknown): ReactElement | string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : <ul>{value.map((part: unknown, index) => <li key={index}>{inWords(part)}</li>)}</ul>;
  if (typeof value === 'object' && value !== null) return <Fields value={value as Record<string, unknown>} />;
  return String(value);
}

import { Check, FileKey, CreditCard, Search, X } from 'lucide-react';
import { useRef, useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import controls from '../../components/controls.module.css';
import { Cut } from '../../components/Cut.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useIsNarrow } from '../../components/use-is-narrow.ts';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted, grouped, keyId, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { usePeople, type Shown } from './people-store.ts';
import styles from './people.module.css';

type Person = Shown['roster']['people'][number];

const STATUS = { active: 'Active', left: 'Left', suspended: 'Suspended' } as const;
/** From so many on, people are looked for rather than read. */
const SEARCHED_FROM = 12;

/** Everybody of a version; one of them opens beside the list. */
export function PeopleTable({ shown: { roster, view }, older }: { readonly shown: Shown; readonly older: boolean }): ReactElement {
  const [sought, setSought] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const signed = new Set(view.people.filter(({ signedThis }) => signedThis).map(({ id }) => id));
  const words = sought.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const people = roster.people.filter(({ id, name, roles, emails, keys }) => {
    const text = `${id} ${name} ${roles.join(' ')} ${emails.join(' ')} ${keys.map(({ fingerprint }) => fingerprint).join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const at = people.findIndex(({ id }) => id === open);
  const chosen = people[at] ?? null;
  // Beside the pane, and in a small window, keys and deputies are in the pane alone.
  const narrow = useIsNarrow(760);
  const wide = chosen === null && !narrow;
  const list = useRef<HTMLDivElement>(null);
  const close = (): void => {
    // The focus goes back to whose row it was.
    list.current?.querySelector<HTMLElement>('button[aria-expanded="true"]')?.focus();
    setOpen(null);
  };
  useKeys({ Escape: () => (chosen === null ? false : close()) });
  return (
    <Section title="People" aside={counted(roster.people.length, 'person', 'people')}>
      {roster.people.length < SEARCHED_FROM ? null : (
        <div className={styles['search']}>
          <Search aria-hidden="true" />
          <input className={controls['input']} type="search" aria-label="Find people by name, role, address or key" placeholder="Find people by name, role, address or key" value={sought} onChange={(event) => setSought(event.target.value)} />
        </div>
      )}
      <div ref={list} className={styles['split']} data-open={chosen !== null}>
        {people.length === 0 ? <Empty>{roster.people.length === 0 ? 'Nobody is in this version.' : `Nobody of the ${roster.people.length} is found by that.`}</Empty> : (
          <VirtualTable
            label="People of the roster"
            testId="people"
            visible={14}
            count={people.length}
            current={at === -1 ? null : at}
            onOpen={(index) => setOpen(people[index]?.id === open ? null : (people[index]?.id ?? null))}
            columns={[
              { name: 'Name', width: 'minmax(140px, 2fr)' },
              { name: 'Roles', width: 'minmax(140px, 2fr)' },
              { name: 'Status', width: '92px' },
              ...(wide ? [{ name: 'Keys', width: 'minmax(180px, 2fr)' }, { name: 'Stood in for by', width: 'minmax(120px, 1.5fr)' }] : []),
              { name: 'Signed this', width: '88px' },
            ]}
            rowAt={(index) => {
              const person = people[index];
              if (person === undefined) return null;
              const { id, name, roles, status, keys, deputies } = person;
              return {
                key: id, testId: `person-${id}`,
                cells: [
                  <button key="name" type="button" className={styles['nameButton']} aria-expanded={id === open} title={name} dir="auto">{name}</button>,
                  <Cut key="roles">{roles.join(', ') || 'No role'}</Cut>,
                  <span key="status" className={styles['status']} data-state={status}>{STATUS[status]}</span>,
                  ...(wide ? [
                    <Cut key="keys" whole={keys.map(({ fingerprint, use, on }) => `${fingerprint}: ${use.join(', ')}, on a ${on}`).join('\n') || 'No key'}>{keys.map(({ fingerprint, on }) => `${keyId(fingerprint)} (${on})`).join(', ') || 'No key'}</Cut>,
                    <Cut key="deputies" whole={deputies.map((one) => `${one.id} from ${one.from} until ${one.until}`).join('\n') || 'Nobody'}>{deputies.map((one) => `${one.id} to ${one.until.slice(0, 10)}`).join(', ') || '–'}</Cut>,
                  ] : []),
                  signed.has(id) ? <span key="signed" className={styles['signed']}><Check aria-hidden="true" />Yes</span> : <span key="signed" className={styles['soft']}>–</span>,
                ],
              };
            }}
          />
        )}
        {chosen === null ? null : <PersonPane person={chosen} people={roster.people} older={older} onClose={close} />}
      </div>
    </Section>
  );
}

function PersonPane({ person: { id, name, emails, roles, status, keys, deputies, phones, voice_codes: codes }, people, older, onClose }: { readonly person: Person; readonly people: readonly Person[]; readonly older: boolean; readonly onClose: () => void }): ReactElement {
  const standsInFor = people.flatMap((other) => other.deputies.filter((one) => one.id === id).map((one) => ({ ...one, for: other.name })));
  const known = usePeople((state) => state.codes?.find((one) => one.id === id));
  const burnt = known?.codes.filter(({ burntBy }) => burntBy !== null) ?? [];
  return (
    <aside className={styles['pane']} aria-label={`About ${name}`} data-testid="person-pane">
      <header className={styles['paneHead']}>
        <h3 dir="auto">{name}</h3>
        <button type="button" className={styles['close']} aria-label="Close" onClick={onClose}><X aria-hidden="true" /></button>
      </header>
      <dl className={styles['pairs']}>
        <dt>Id</dt><dd><code>{id}</code></dd>
        <dt>Status</dt><dd>{STATUS[status]}</dd>
        <dt>Roles</dt><dd>{roles.join(', ') || 'None'}</dd>
        <dt>Addresses</dt><dd dir="auto">{emails.join(', ') || 'None'}</dd>
        {phones.length === 0 ? null : <><dt>Telephone</dt><dd dir="auto">{phones.join(', ')}</dd></>}
        {codes.length === 0 ? null : <><dt>Voice codes</dt><dd data-testid="codes-left">{older || known === undefined ? `${counted(codes.length, 'code')} on paper` : `${counted(known.left, 'code')} left on paper`}</dd></>}
        {older || burnt.length === 0 ? null : <><dt>Burnt</dt><dd>{burnt.map(({ id: code, burntBy }) => <a key={code} className={styles['burnt']} href={addressOf.entry(burntBy ?? '')} title={`Told in ${burntBy ?? ''}`}>{code}</a>)}</dd></>}
        {deputies.map((one) => <Fragmented key={`${one.id}${one.from}`} term="Stood in for by">{people.find((other) => other.id === one.id)?.name ?? one.id}, from <TimeText time={one.from} short /> until <TimeText time={one.until} short /></Fragmented>)}
        {standsInFor.map((one) => <Fragmented key={`${one.for}${one.from}`} term="Stands in for">{one.for}, from <TimeText time={one.from} short /> until <TimeText time={one.until} short /></Fragmented>)}
      </dl>
      {older || status !== 'active' ? null : <div><Button testId="open-codes" onClick={() => usePeople.setState({ open: 'codes', codesOf: id, codesError: null })}>Make voice codes</Button></div>}
      <ul className={styles['keys']} aria-label="Keys">
        {keys.length === 0 ? <li className={styles['soft']}>No key, so nothing can be signed by them.</li> : keys.map(({ fingerprint, use, on }) => (
          <li key={fingerprint}>
            {on === 'card' ? <CreditCard aria-hidden="true" /> : <FileKey aria-hidden="true" />}
            <span className={styles['print']}><code>{grouped(fingerprint)}</code><CopyButton text={fingerprint} what="the fingerprint" /></span>
            <span className={styles['soft']}>For {listed(use.map((one) => USE_WORDS[one]))}; on a {on}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

const USE_WORDS = { approve: 'their word and approvals', release: 'signing releases', admin: 'signing the roster' } as const;

function Fragmented({ term, children }: { readonly term: string; readonly children: React.ReactNode }): ReactElement {
  return <><dt>{term}</dt><dd dir="auto">{children}</dd></>;
}

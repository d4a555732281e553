import { ChevronDown, ChevronRight, Search, X } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import { KNOWN_EVENT_TYPES } from '../../../core/model/archive.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted, spaced } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useArchive } from './archive-store.ts';
import { termOf, withTerm } from './query-terms.ts';
import styles from './search.module.css';

/** What is looked for: one line of words and fields, with the three that are asked most beside it. All of it is the address. */
export function SearchBar({ query }: { readonly query: string }): ReactElement {
  const { logs, total, exact, queryError } = useArchive();
  const [typed, setTyped] = useState(query);
  const [help, setHelp] = useState(false);
  useEffect(() => setTyped(query), [query]);
  const ask = (next: string): void => {
    setTyped(next);
    if (next.trim() !== query) goTo(addressOf.search(next.trim()));
  };
  const origin = termOf(query, 'origin');
  const type = termOf(query, 'type');
  const version = termOf(query, 'version');
  return (
    <div className={styles['bar']} role="search" aria-label="Search the archive">
      <form
        className={styles['line']}
        onSubmit={(event) => {
          event.preventDefault();
          ask(typed);
        }}
      >
        <div className={styles['box']}>
          <Search aria-hidden="true" className={styles['glass']} />
          <input
            id="archive-search" data-testid="archive-search" className={`${controls['input'] ?? ''} ${styles['text'] ?? ''}`} type="text" aria-label="Search" placeholder="Words, or type:rollback version:v1.1" value={typed}
            autoComplete="off" spellCheck={false} aria-invalid={queryError !== null} aria-describedby={queryError === null ? undefined : 'archive-search-wrong'} aria-keyshortcuts="/"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.currentTarget.blur();
              event.stopPropagation();
            }}
          />
          {typed === '' ? null : <button type="button" className={styles['clear']} aria-label="Clear the search" title="Clear the search" onClick={() => ask('')}><X aria-hidden="true" /></button>}
        </div>
        <Button type="submit" testId="search-button">Search</Button>
        <Button kind="quiet" aria-expanded={help} aria-controls="archive-search-help" onClick={() => setHelp(!help)}>
          {help ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}What can be asked
        </Button>
      </form>
      <div className={styles['filters']}>
        <select className={`${controls['input'] ?? ''} ${styles['filter'] ?? ''}`} aria-label="Log" value={origin ?? ''} onChange={(event) => ask(withTerm(query, 'origin', event.target.value === '' ? null : event.target.value))}>
          <option value="">Every log</option>
          {origin === null || logs.some((log) => log.origin === origin) ? null : <option value={origin}>{origin}</option>}
          {logs.map(({ origin: name, own }) => <option key={name} value={name}>{own ? `${name} (this console)` : name}</option>)}
        </select>
        <select className={`${controls['input'] ?? ''} ${styles['filter'] ?? ''}`} aria-label="Type" value={type ?? ''} onChange={(event) => ask(withTerm(query, 'type', event.target.value === '' ? null : event.target.value))}>
          <option value="">Every type</option>
          {type === null || KNOWN_EVENT_TYPES.some((name) => name === type) ? null : <option value={type}>{type}</option>}
          {KNOWN_EVENT_TYPES.map((name) => <option key={name} value={name}>{spaced(name)}</option>)}
        </select>
        <input
          key={version ?? ''} className={`${controls['input'] ?? ''} ${styles['release'] ?? ''}`} aria-label="Release" placeholder="Release, such as v1.1" defaultValue={version ?? ''} autoComplete="off" spellCheck={false}
          onKeyDown={(event) => {
            if (event.key === 'Enter') ask(withTerm(query, 'version', event.currentTarget.value.trim() === '' ? null : event.currentTarget.value.trim()));
          }}
        />
        <span className={styles['total']} role="status" data-testid="archive-total">{total === null ? '' : total === 0 ? 'No entry' : `${exact ? '' : 'More than '}${counted(total, 'entry', 'entries')}, newest first`}</span>
      </div>
      {queryError === null ? null : <p id="archive-search-wrong" className={styles['wrong']} role="alert"><StatusSign status="failed" silent />{queryError.message} {queryError.hint}</p>}
      {help ? <SearchHelp /> : null}
    </div>
  );
}

const EXAMPLES: readonly (readonly [query: string, finds: string])[] = [
  ['rollback production', 'records with both words'],
  ['"orders were doub"*', 'a phrase; the star makes its last word a beginning'],
  ['type:rollback', 'a type of record'],
  ['version:v1.1', 'v1.1 and all that continues it: v1.1.3, v1.1.0-rc.1, not v1.10'],
  ['origin:desk-2', 'a log by its name, or the beginning or last part of it'],
  ['by:ines', 'whom a record names as having done it'],
  ['person:ines', 'whom it names at all, or the key that signed it'],
  ['artifact:app*', 'the name of a file'],
  ['sha256:9f86d081', 'the beginning of a digest'],
  ['commit:a1b2c3d', 'the beginning of a commit'],
  ['after:2026-03-01 before:2026-04-01', 'from a day on, before another; hours as 2026-03-01T14, in UTC'],
  ['is:imported', 'brought in from elsewhere'],
  ['is:unproven', 'somebody’s word, and nothing proves whose'],
  ['is:unwitnessed', 'not yet seen by as many people as the roster asks for'],
  ['-type:drift', 'all that is not so'],
];

function SearchHelp(): ReactElement {
  return (
    <dl id="archive-search-help" className={styles['help']}>
      {EXAMPLES.map(([query, finds]) => (
        <div key={query} className={styles['example']}>
          <dt><a href={addressOf.search(query)}><code>{query}</code></a></dt>
          <dd>{finds}</dd>
        </div>
      ))}
    </dl>
  );
}

import { ArrowUp, File, Folder, FolderGit2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Output } from '../../core/contract/types.ts';
import type { AppError } from '../../core/model/errors.ts';
import { client, shownError } from '../core-client.ts';
import { Button } from './Button.tsx';
import controls from './controls.module.css';
import { Dialog } from './Dialog.tsx';
import { ErrorPanel } from './ErrorPanel.tsx';
import styles from './folder.module.css';
import { baseName, sized } from './wording.ts';

type Listing = Output<'files.browse'>;
type Entry = Listing['entries'][number];

interface FolderDialogProps {
  readonly title: string;
  /** What can be chosen. */
  readonly choose: 'folder' | 'file';
  readonly start: string | null;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

/** Chooses a path inside the window: arrows walk, Enter opens, Backspace goes up. */
export function FolderDialog({ title, choose, start, onChoose, onClose }: FolderDialogProps): ReactElement {
  const [listing, setListing] = useState<Listing | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [typed, setTyped] = useState(start ?? '');
  const [place, setPlace] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const open = useCallback(async (path: string | null, from: string | null = null): Promise<void> => {
    try {
      const found = await client.call('files.browse', { path });
      setListing(found);
      setTyped(found.path);
      setError(null);
      // Going up leaves the folder that one came from under the hand.
      setPlace(Math.max(0, found.entries.findIndex((entry) => entry.path === from)));
    } catch (cause) {
      setError(shownError(cause));
    }
  }, []);

  useEffect(() => {
    let gone = false;
    void (async () => {
      // What was typed may not exist or be a file: then the console's own place is a start.
      const known = start === null || start === '' ? null : await client.call('files.browse', { path: start }).catch(() => null);
      if (!gone) await open(known?.path ?? null);
    })();
    return () => {
      gone = true;
    };
  }, [open, start]);

  const entries = listing?.entries ?? [];
  const current = entries[place];
  useEffect(() => {
    list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  }, [place, listing]);

  const act = (entry: Entry): void => {
    if (entry.folder) void open(entry.path);
    else if (choose === 'file') onChoose(entry.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -entries.length, End: entries.length };
    const by = step[event.key];
    if (by !== undefined) setPlace((at) => Math.min(entries.length - 1, Math.max(0, at + by)));
    else if (event.key === 'Enter' && current !== undefined) act(current);
    else if (event.key === 'Backspace' && listing?.parent != null) void open(listing.parent, listing.path);
    else if (/^[\p{L}\p{N}._-]$/u.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLowerCase();
      const after = [...entries.keys()].map((index) => (index + place + 1) % entries.length);
      const found = after.find((index) => entries[index]?.name.toLowerCase().startsWith(letter));
      if (found !== undefined) setPlace(found);
    } else return;
    event.preventDefault();
  };
  const chosen = choose === 'folder' ? (current?.folder === true && current.repository ? current.path : listing?.path ?? null) : current?.folder === false ? current.path : null;

  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      footer={
        <>
          <span className={styles['hint']}>Arrows walk · Enter opens · Backspace goes up</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={chosen === null} testId="choose-path" onClick={() => chosen !== null && onChoose(chosen)}>
            {chosen === null ? 'Choose a file' : `Choose ${cut(baseName(chosen) === '' ? chosen : baseName(chosen))}`}
          </Button>
        </>
      }
    >
      <form
        className={styles['path']}
        onSubmit={(event) => {
          event.preventDefault();
          void open(typed.trim() === '' ? null : typed.trim());
        }}
      >
        <Button aria-label="Go to the folder above" title="Go to the folder above" disabled={listing?.parent == null} onClick={() => listing !== null && void open(listing.parent, listing.path)}>
          <ArrowUp aria-hidden="true" />
        </Button>
        <input className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} aria-label="Folder" value={typed} spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
        <Button type="submit">Open folder</Button>
      </form>
      {error === null ? null : <div className={styles['error']}><ErrorPanel error={error} /></div>}
      <div className={styles['body']}>
        <nav className={styles['places']} aria-label="Places">
          {listing?.places.map(({ name, path }) => (
            <button key={name} type="button" className={styles['place']} title={path} onClick={() => void open(path)}>{name}</button>
          ))}
        </nav>
        <ul
          ref={list}
          className={styles['entries']}
          role="listbox"
          aria-label={listing === null ? 'Contents' : `Contents of ${listing.path}`}
          aria-activedescendant={current === undefined ? undefined : `entry-${place}`}
          tabIndex={0}
          data-first
          onKeyDown={onKeyDown}
        >
          {entries.map((entry, index) => (
            <li
              key={entry.path}
              id={`entry-${index}`}
              role="option"
              aria-selected={index === place}
              aria-disabled={choose === 'folder' && !entry.folder}
              className={styles['entry']}
              onClick={() => setPlace(index)}
              onDoubleClick={() => act(entry)}
            >
              {entry.repository ? <FolderGit2 aria-hidden="true" /> : entry.folder ? <Folder aria-hidden="true" /> : <File aria-hidden="true" />}
              <span className={styles['name']} dir="auto" title={entry.name}>{entry.name}</span>
              <span className={styles['kind']}>{entry.repository ? 'git repository' : entry.size === null ? '' : sized(entry.size)}</span>
            </li>
          ))}
        </ul>
      </div>
      {listing !== null && entries.length === 0 ? <p className={styles['note']}>This folder is empty.</p> : null}
      {listing?.truncated === true ? <p className={styles['note']}>Only the first 2,000 names are shown; type the path above to go further.</p> : null}
    </Dialog>
  );
}

function cut(name: string): string {
  return name.length > 32 ? `${name.slice(0, 31)}…` : name;
}

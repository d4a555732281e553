import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Dialog } from '../components/Dialog.tsx';
import { useEmergencies } from '../screens/emergency/emergency-store.ts';
import { readReleases, useReleases } from '../screens/releases/releases-store.ts';
import { useReleaseScreens } from '../screens/release/release-store.ts';
import { commandsFor, matching, type Command } from './commands.ts';
import styles from './palette.module.css';
import { useRoute } from './route-store.ts';

/** Every act by its name, and every release and line. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [typed, setTyped] = useState('');
  const [place, setPlace] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const releases = useReleases((state) => state.releases);
  const route = useRoute((state) => state.route);
  const open = useReleaseScreens((state) => state.open);
  useEffect(() => {
    void readReleases();
  }, []);
  const id = route.screen === 'release' || route.screen === 'sign' ? route.id : null;
  const release = id === null ? undefined : open[id];
  const emergencies = useEmergencies((state) => state.emergencies);
  const found = useMemo(
    () => matching(commandsFor(releases ?? [], id === null || release === undefined ? null : { id, release }, emergencies), typed),
    [releases, id, release, emergencies, typed],
  );
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [place]);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setPlace((at) => Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setPlace((at) => Math.max(0, at - 1));
    else if (event.key === 'Enter') run(found[place]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Commands" bare onClose={onClose}>
      <div className={styles['search']}>
        <Search aria-hidden="true" />
        <input
          className={styles['input']}
          role="combobox"
          aria-label="Find a screen, an act, a release or a line"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[place] === undefined ? undefined : `palette-${place}`}
          placeholder="Find a screen, an act, a release or a line"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setPlace(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <ul ref={list} id="palette-list" role="listbox" aria-label="Commands" className={styles['list']}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === place}
            className={styles['item']}
            onPointerMove={() => setPlace(index)}
            onClick={() => run(command)}
          >
            <span className={styles['name']} dir="auto">{command.name}</span>
            <span className={styles['detail']}>{command.detail}</span>
            <span className={styles['group']}>{command.group}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className={styles['none']}>Nothing is named like that. Try a version, a clause, or the name of a screen.</p> : null}
    </Dialog>
  );
}

import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { PathField } from '../../components/PathField.tsx';
import type { ArchiveAct } from '../../frame/routes.ts';
import { useConsole } from '../../frame/status-store.ts';
import { appendFrom, exportTo, syncTo, useArchive, type ExportFormat } from './archive-store.ts';
import styles from './archive.module.css';

/** The panel of an act with the archive: sync, export, or append. */
export function ArchiveActs({ act, onClose }: { readonly act: ArchiveAct; readonly onClose: () => void }): ReactElement {
  switch (act) {
    case 'sync':
      return <SyncPanel onClose={onClose} />;
    case 'export':
      return <ExportPanel onClose={onClose} />;
    case 'append':
      return <AppendPanel onClose={onClose} />;
  }
}

function SyncPanel({ onClose }: { readonly onClose: () => void }): ReactElement {
  const known = useConsole((state) => state.settings?.archives) ?? [];
  const working = useArchive((state) => state.working);
  const [typed, setTyped] = useState<string | null>(null);
  const url = typed ?? known[0] ?? '';
  return (
    <form
      className={styles['panel']}
      aria-label="Sync the archive"
      onSubmit={(event) => {
        event.preventDefault();
        void syncTo(url.trim());
      }}
    >
      <PathField label="Shared archive" hint="What others reach too: a folder on a stick or a mounted share, git+ssh://host/path, or postgres://user@host/database. Entries go both ways; histories that disagree are kept apart." choose="folder" testId="sync-path" value={url} onChange={setTyped} />
      {known.length < 2 ? null : <div className={styles['known']}>{known.map((path) => <Button key={path} kind="quiet" title={path} onClick={() => setTyped(path)}>{path}</Button>)}</div>}
      <div className={styles['panelActs']}>
        <Button type="submit" kind="primary" disabled={working || url.trim() === ''} testId="sync-button">Sync with this archive</Button>
        <Button kind="quiet" onClick={onClose}>Close the panel</Button>
      </div>
    </form>
  );
}

function ExportPanel({ onClose }: { readonly onClose: () => void }): ReactElement {
  const working = useArchive((state) => state.working);
  const [out, setOut] = useState('');
  const [format, setFormat] = useState<ExportFormat>('tiles');
  return (
    <form
      className={styles['panel']}
      aria-label="Export the archive"
      onSubmit={(event) => {
        event.preventDefault();
        void exportTo(format, out.trim());
      }}
    >
      <fieldset className={styles['formats']}>
        <legend className={controls['label']}>Form</legend>
        <label className={controls['choice']}><input type="radio" name="format" checked={format === 'tiles'} onChange={() => setFormat('tiles')} />Tiles: logs, checkpoints and proofs, for tools that verify them</label>
        <label className={controls['choice']}><input type="radio" name="format" checked={format === 'jsonl'} onChange={() => setFormat('jsonl')} />JSON lines: one entry a line, to read and search</label>
        <label className={controls['choice']}><input type="radio" name="format" checked={format === 'csv'} onChange={() => setFormat('csv')} />Table: one CSV file of all entries, for a spreadsheet; what one would run is made harmless</label>
      </fieldset>
      <PathField label="Export to" hint="A folder that does not exist yet, or is empty." choose="folder" testId="export-path" value={out} onChange={setOut} />
      <div className={styles['panelActs']}>
        <Button type="submit" kind="primary" disabled={working || out.trim() === ''} testId="export-archive">Export the archive</Button>
        <Button kind="quiet" onClick={onClose}>Close the panel</Button>
      </div>
    </form>
  );
}

function AppendPanel({ onClose }: { readonly onClose: () => void }): ReactElement {
  const working = useArchive((state) => state.working);
  const [from, setFrom] = useState('');
  return (
    <form
      className={styles['panel']}
      aria-label="Append records"
      onSubmit={(event) => {
        event.preventDefault();
        void appendFrom(from.trim());
      }}
    >
      <PathField label="File of records" hint="Genesis records, one JSON object a line. They are marked as brought in; what is wrong in them is said, and what was appended cannot be taken back." choose="file" testId="append-path" value={from} onChange={setFrom} />
      <div className={styles['panelActs']}>
        <Button type="submit" kind="primary" disabled={working || from.trim() === ''} testId="append-records">Append the records</Button>
        <Button kind="quiet" onClick={onClose}>Close the panel</Button>
      </div>
    </form>
  );
}

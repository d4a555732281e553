import { useEffect, useState, type ReactElement } from 'react';
import type { Output } from '../../core/contract/types.ts';
import type { AppError } from '../../core/model/errors.ts';
import { client, shownError } from '../core-client.ts';
import { addressOf } from '../frame/routes.ts';
import { runTask } from '../frame/task-store.ts';
import styles from './attachments.module.css';
import { Button } from './Button.tsx';
import { Digest } from './Digest.tsx';
import { ErrorPanel } from './ErrorPanel.tsx';
import { FolderDialog } from './FolderDialog.tsx';
import { StatusBadge } from './StatusSign.tsx';
import { sized } from './wording.ts';

type Attachment = Output<'archive.attachments'>['attachments'][number];

const STATUS = { 'here': 'passed', 'missing': 'missing', 'withheld': 'not-applicable', 'never-had': 'not-applicable' } as const;
const WORDS = { 'here': 'Here', 'missing': 'Bytes missing', 'withheld': 'Withheld', 'never-had': 'Never had' } as const;

/** The attachments of an entry, what has become of their bytes, and the writing out of those that are here. */
export function Attachments({ entry }: { readonly entry: string }): ReactElement | null {
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [saving, setSaving] = useState<Attachment | null>(null);
  useEffect(() => {
    let gone = false;
    client.call('archive.attachments', { id: entry }).then(
      (found) => {
        if (gone) return;
        setAttachments(found.attachments);
        setSaved(null);
        setError(null);
      },
      (cause: unknown) => {
        if (!gone) setError(shownError(cause));
      },
    );
    return () => {
      gone = true;
    };
  }, [entry]);

  const save = async ({ name, sha256 }: Attachment, folder: string): Promise<void> => {
    setSaving(null);
    try {
      const written = await runTask('archive.attachment', { id: entry, name: sha256, out: `${folder}/${fileNameOf(name)}`, from: null }, { label: `Saving ${name}`, address: addressOf.entry(entry), done: ({ path }) => `Saved as ${path}` });
      setSaved(written.path);
      setError(null);
    } catch (cause) {
      setError(shownError(cause));
    }
  };

  if (error === null && attachments.length === 0) return null;
  return (
    <>
      {error === null ? null : <ErrorPanel error={error} />}
      <ul className={styles['list']} data-testid="attachments">
        {attachments.map((one) => (
          <li key={`${one.name} ${one.sha256}`} className={styles['attachment']} data-state={one.state}>
            <span><bdi>{one.name}</bdi> <span className={styles['soft']}>{sized(one.size)}</span> <StatusBadge status={STATUS[one.state]}>{WORDS[one.state]}</StatusBadge></span>
            <Digest value={one.sha256} what={`digest of ${one.name}`} />
            {one.state === 'here' && one.holds.length === 0 ? null : <span className={styles['soft']}>{one.said}</span>}
            {one.state === 'here' ? <Button kind="quiet" onClick={() => setSaving(one)} aria-label={`Save ${one.name} in a folder`}>Save in a folder…</Button> : null}
          </li>
        ))}
      </ul>
      {saved === null ? null : <p role="status" className={styles['soft']}>Saved as <bdi>{saved}</bdi></p>}
      {saving === null ? null : <FolderDialog title={`Where is ${saving.name} to be saved?`} choose="folder" start={null} onChoose={(folder) => void save(saving, folder)} onClose={() => setSaving(null)} />}
    </>
  );
}

/** What others called it is no path of ours, and no name that a system keeps for itself. */
function fileNameOf(name: string): string {
  const plain = name.replaceAll(/[/\\<>:"|?*\p{Cc}\p{Cf}]/gu, '_').replace(/^\.+/, '').trim();
  return plain === '' ? 'attachment' : plain.slice(0, 200);
}

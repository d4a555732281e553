import { useState, type ReactElement } from 'react';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { FolderDialog } from '../../components/FolderDialog.tsx';
import { Section } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { draftNotes, usePlanning } from './plan-store.ts';
import styles from './plan.module.css';

/** Release notes drafted from the range, to be mended elsewhere. */
export function NotesPart({ id, draft }: { readonly id: string; readonly draft: ReleaseDraft }): ReactElement {
  const { notes, notesFile, working } = usePlanning(id);
  const [choosing, setChoosing] = useState(false);
  const write = (folder: string): void => {
    setChoosing(false);
    void draftNotes(id, draft, `${folder.replace(/[/\\]+$/, '')}/RELEASE_NOTES-${draft.version}.md`);
  };
  return (
    <Section title="Release notes" aside={notes === null ? undefined : <CopyButton text={notes.notes} what="the notes" label="Copy the notes" />}>
      {notes === null ? <p className={styles['soft']}>Drafted from the commits of the range, to start from. Nothing is recorded.</p> : (
        <>
          <pre className={styles['notes']} tabIndex={0} dir="auto" aria-label="Release notes" data-testid="notes">{notes.notes}</pre>
          <p className={styles['soft']}>{notes.others === 0 ? 'Every commit of the range is in them.' : `${counted(notes.others, 'commit')} of ${notes.commits} ${notes.others === 1 ? 'is' : 'are'} not in them.`}</p>
        </>
      )}
      {notesFile === null ? null : <p role="status">Written to <PathText path={notesFile} />.</p>}
      <div className={styles['acts']}>
        <Button disabled={working !== null} onClick={() => void draftNotes(id, draft, null)} testId="draft-notes">{notes === null ? 'Draft release notes' : 'Draft them again'}</Button>
        {notes === null ? null : <Button disabled={working !== null} onClick={() => setChoosing(true)} testId="write-notes">Write the notes to a file</Button>}
      </div>
      {choosing ? <FolderDialog title={`Where are the notes of ${draft.version} to lie?`} choose="folder" start={draft.repo} onChoose={write} onClose={() => setChoosing(false)} /> : null}
    </Section>
  );
}

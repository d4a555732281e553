import { ArrowLeft } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import { AppError } from '../../../core/model/errors.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { CopyButton } from '../../components/CopyButton.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Screen } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { client, shownError } from '../../core-client.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { Choice } from '../deployment/fields.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { readDetail, takeDetail } from './detail-store.ts';
import { heldIn } from './emergency-words.ts';
import { useDetailOf } from './use-detail.ts';
import styles from './word.module.css';

const LONGEST = 200_000;

/** The post-mortem, in Markdown: begun from what the archive tells, written to the end by whoever held it (policy §10.2, step 7). */
export function PostMortemScreen({ of }: { readonly of: string }): ReactElement {
  const { detail, error } = useDetailOf(of);
  return (
    <Screen
      title="Post-mortem" lead={detail === null ? undefined : <>Of <bdi>{detail.emergency.id}</bdi>: <span dir="auto">{detail.emergency.reason}</span></>}
      actions={<ButtonLink href={addressOf.emergency(of, 'story')} kind="quiet"><ArrowLeft aria-hidden="true" />Back to the emergency</ButtonLink>}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readDetail(of)} />}
      {detail === null ? null : <Editor of={of} detail={detail} />}
    </Screen>
  );
}

/** What is typed stays over errors, other screens and restarts; another person who takes the seat finds the draft alone. */
function Editor({ of, detail }: { readonly of: string; readonly detail: EmergencyDetail }): ReactElement {
  const { fields, change, forget } = useKept(`emergency.post-mortem.${of}`, { way: 'typed', markdown: '', before: '', file: '' });
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const [drafted, setDraft] = useState('');
  const draft = heldIn(drafted, seat?.person.id ?? null);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const text = fields.markdown === '' ? draft : fields.markdown;
  const typed = fields.way !== 'file';
  useEffect(() => {
    client.call('emergency.draftPostMortem', { emergency: of, out: null }).then(({ markdown }) => setDraft(markdown), (cause: unknown) => setError(shownError(cause)));
  }, [of]);
  const line = lineOf(error);
  const wanting =
    working ? 'It is recorded.'
    : typed && text.trim() === '' ? 'It says what happened and why.'
    : typed && text.length > LONGEST ? `It is longer than ${LONGEST.toLocaleString('en-GB')} characters.`
    : !typed && fields.file.trim() === '' ? 'Name the file.' : signer === null ? wantsToSign(seat) : null;
  const record = async (): Promise<void> => {
    if (signer === null) return;
    setWorking(true);
    setError(null);
    try {
      takeDetail(await client.call('emergency.recordPostMortem', { emergency: of, ...signer, markdown: typed ? text : null, file: typed ? null : fields.file.trim() }));
      forget();
      clear();
      goTo(addressOf.emergency(of, 'story'));
    } catch (cause) {
      setError(shownError(cause));
    } finally {
      setWorking(false);
    }
  };
  return (
    <form className={styles['editor']} aria-label="Post-mortem" data-testid="post-mortem-form" onSubmit={(event) => {
      event.preventDefault();
      if (wanting === null) void record();
    }}>
      {detail.postMortem === null ? null : <p className={styles['soft']}>One is on record already. What you sign is told in its place, and the earlier one stays in the archive.</p>}
      <Choice label="It is" options={[['typed', 'Written here'], ['file', 'In a file']]} value={typed ? 'typed' : 'file'} onChange={(way) => change({ way })} testId="post-mortem-way" />
      {typed ? (
        <>
          <div className={styles['tools']}>
            <TakeIn onText={(next) => change({ before: text, markdown: next })} onError={setError} />
            {fields.markdown === '' || fields.markdown === draft || draft === '' ? null : <Button onClick={() => change({ before: fields.markdown, markdown: '' })} testId="draft-anew">Begin anew from the archive</Button>}
            {fields.before === '' || fields.before === text ? null : <Button kind="quiet" onClick={() => change({ markdown: fields.before, before: text })} testId="put-back">Put back what was there before</Button>}
            <CopyButton text={text} what="the text" label="Copy the text" />
          </div>
          <div className={controls['field']}>
            <label className={controls['label']} htmlFor={id}>The post-mortem, in Markdown</label>
            <textarea ref={area} id={id} className={styles['text']} rows={24} spellCheck dir="auto" value={text} aria-invalid={line !== null} aria-describedby={`${id}-about`} data-testid="post-mortem-text" onChange={(event) => change({ markdown: event.target.value })} />
            <p id={`${id}-about`} className={controls['hint']}>The headings stay as they are. An action is a line: - [ ] what — who — until 2026-03-31. What is typed stays here until it is signed.</p>
          </div>
        </>
      ) : <PathField label="File" hint="In the form of the draft, as you can write it to a file below." choose="file" value={fields.file} onChange={(file) => change({ file })} testId="post-mortem-file" />}
      <Export of={of} text={typed ? text : draft} />
      {error === null ? null : <ErrorPanel error={error}>{line === null || !typed ? null : <p><Button onClick={() => toLine(area.current, text, line)} testId="to-line">Go to line {line}</Button></p>}</ErrorPanel>}
      {field}
      <p className={styles['soft']}>Afterwards the text is on record as you signed it, attached by its digest, and its actions are followed until each is closed.</p>
      <div className={styles['tools']}>
        <Button type="submit" kind="primary" disabled={wanting !== null} testId="record-post-mortem">Sign and record the post-mortem</Button>
        {wanting === null ? null : <span className={styles['soft']}>{wanting}</span>}
      </div>
    </form>
  );
}

/** Takes the text of a file into the editor; what was there before can be put back. */
function TakeIn({ onText, onError }: { readonly onText: (text: string) => void; readonly onError: (error: AppError | null) => void }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File): Promise<void> => {
    const text = await file.text();
    if (text.length > LONGEST || text.includes('\0')) onError(new AppError('bad-input', `${file.name} is no text, or is longer than ${LONGEST.toLocaleString('en-GB')} characters.`, { hint: 'Choose the Markdown file of the post-mortem.' }));
    else {
      onError(null);
      onText(text);
    }
  };
  return (
    <>
      <Button onClick={() => input.current?.click()}>Take the text from a file</Button>
      <input
        ref={input} type="file" accept=".md,.markdown,.txt,text/markdown,text/plain" hidden data-testid="post-mortem-import"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file !== undefined) void take(file).catch((cause: unknown) => onError(shownError(cause)));
        }}
      />
    </>
  );
}

/** Writes what is written so far to a file, for whoever goes on in an editor of their own. */
function Export({ of, text }: { readonly of: string; readonly text: string }): ReactElement {
  const [out, setOut] = useState('');
  const [written, setWritten] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const write = async (): Promise<void> => {
    setError(null);
    try {
      const { path } = await client.call('emergency.draftPostMortem', { emergency: of, out: out.trim(), written: text });
      setWritten(path);
    } catch (cause) {
      setWritten(null);
      setError(shownError(cause));
    }
  };
  return (
    <details className={styles['fold']}>
      <summary>Write it to a file</summary>
      <div className={styles['fileRow']}>
        <PathField label="File for the text" hint="As it is here now: the draft of the archive, with what was typed since." choose="file" value={out} onChange={setOut} testId="draft-out" />
        <Button disabled={out.trim() === '' || text.trim() === ''} onClick={() => void write()} testId="write-draft">Write the file</Button>
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      {written === null ? null : <p role="status" className={styles['soft']}>Written to <bdi>{written}</bdi></p>}
    </details>
  );
}

/** The line that an error names; null where it names none. */
function lineOf(error: AppError | null): number | null {
  const line = error?.details['line'];
  return typeof line === 'number' ? line : null;
}

/** Puts the caret on a line of the text, and the line in sight. */
function toLine(area: HTMLTextAreaElement | null, text: string, line: number): void {
  if (area === null) return;
  const lines = text.split('\n');
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1] ?? '').length);
  area.scrollTop = (area.scrollHeight / Math.max(1, lines.length)) * Math.max(0, line - 4);
}

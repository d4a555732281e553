import { PenLine } from 'lucide-react';
import { useEffect, useId, useRef, type ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import { LINE_DETAILS, LINES_WITH_FILES } from '../../../core/model/line-details.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { replaceAddress } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { nextAsked, placeOf, say, type, useAttesting, useTyped } from './attest-store.ts';
import styles from './attest.module.css';
import { FileList } from './FileList.tsx';
import { useWhoMay } from './WhoMay.tsx';

interface AttestLineProps {
  readonly id: string;
  readonly line: AssessedLine;
  readonly assessment: Assessment;
}

/** The word of a person on a line that only a person can know, and the way on to the next that asks them. */
export function AttestLine({ id, line, assessment }: AttestLineProps): ReactElement {
  const { result } = line;
  const place = placeOf(id, result.id, 'line');
  const { statement, files, details } = useTyped(place);
  const { signing, errors, said, lastWords, next: hurried } = useAttesting();
  const seat = useSeat((state) => state.seat);
  const { signer, field, clear } = useSigner();
  const { may, words } = useWhoMay(id, assessment, 'line', line);
  const wordsId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const hurry = hurried === result.id;
  useEffect(() => {
    if (!hurry) return undefined;
    // After the drawer, which begins at its title.
    const timer = window.setTimeout(() => {
      area.current?.focus();
      area.current?.scrollIntoView({ block: 'center' });
      useAttesting.setState({ next: null });
    });
    return () => window.clearTimeout(timer);
  }, [hurry]);

  const asked = LINE_DETAILS[result.id] ?? [];
  const complete = statement.trim() !== '' && asked.every(({ name }) => (details[name] ?? '').trim() !== '') && (!LINES_WITH_FILES.has(result.id) || files.length > 0);
  const ready = may && complete && signer !== null && signing === null;
  const next = nextAsked(id, assessment, seat, result.id);
  const record = said[place];
  const error = errors[place];

  const attest = (goOn: boolean): void => {
    if (!ready) return;
    const { draft } = assessment;
    const written = { kind: 'line' as const, repo: draft.repo, release: draft.version, policyFile: draft.policyFile, check: result.id, statement: statement.trim(), files, details: Object.fromEntries(asked.map(({ name }) => [name, (details[name] ?? '').trim()])), since: draft.since };
    void say(id, place, assessment, written, signer).then((good) => {
      clear();
      if (!good || !goOn || next === null) return;
      useAttesting.setState({ next: next.result.id });
      replaceAddress(addressOf.line(id, next.result.id));
    });
  };

  if (record !== undefined) return <p className={styles['done']} role="status" data-testid="attested">Signed, recorded as {record}. The release is being judged with it.</p>;
  return (
    <form
      className={styles['form']}
      aria-label="Attest this line"
      data-testid="attest"
      onSubmit={(event) => {
        event.preventDefault();
        attest(next !== null);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        attest(next !== null);
      }}
    >
      {words}
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={wordsId}>What you say of it</label>
        <textarea ref={area} id={wordsId} className={controls['input']} rows={3} maxLength={4_000} dir="auto" value={statement} data-testid="attest-statement" onChange={(event) => type(place, { statement: event.target.value })} />
        <div className={styles['under']}>
          <p className={controls['hint']}>It is recorded with your signature, for {assessment.report.release} and this commit alone.</p>
          {lastWords === null || statement !== '' ? null : <Button kind="quiet" onClick={() => type(place, { statement: lastWords })}>Use the words of the last line</Button>}
        </div>
      </div>
      {asked.length === 0 ? null : (
        <div className={styles['details']}>
          {asked.map(({ name, words: label, kind }) => <Detail key={name} label={label} day={kind === 'day'} value={details[name] ?? ''} onChange={(value) => type(place, { details: { ...details, [name]: value } })} />)}
        </div>
      )}
      <FileList label={LINES_WITH_FILES.has(result.id) ? 'The report' : 'Files that you looked at, if any'} files={files} onChange={(changed) => type(place, { files: changed })} />
      {field}
      {error === undefined ? null : <ErrorPanel error={error} />}
      <div className={styles['buttons']}>
        {next === null ? null : <Button type="submit" kind="primary" disabled={!ready} testId="attest-and-next" title="Ctrl Enter"><PenLine aria-hidden="true" />Attest and go to the next that asks you</Button>}
        <Button type={next === null ? 'submit' : 'button'} kind={next === null ? 'primary' : 'plain'} disabled={!ready} testId="attest-line" onClick={next === null ? undefined : () => attest(false)}>Attest this line</Button>
      </div>
    </form>
  );
}

function Detail({ label, day, value, onChange }: { readonly label: string; readonly day: boolean; readonly value: string; readonly onChange: (value: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <input id={id} className={controls['input']} type={day ? 'date' : 'text'} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

import { useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { PathField } from '../../components/PathField.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, entryName, numbered } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { ActForm } from './ActForm.tsx';
import type { Doer } from './use-doer.tsx';
import { useDoer } from './use-doer.tsx';
import type { Watch } from './board-store.ts';
import styles from './deployment.module.css';
import { Choice, Words } from './fields.tsx';
import { useKept } from './use-kept.ts';
import { hoursLeft, rolesInWords } from './words.ts';

/** What is seen, in the watch or before it. */
type Seen = Watch['observations'];

export interface Saw {
  readonly doer: Doer;
  readonly status: 'ok' | 'issue';
  readonly words: string;
  readonly from: string | null;
}

export interface Closing {
  readonly key: string;
  readonly passphrase: string | null;
  readonly status: 'ok' | 'issue';
  readonly words: string;
}

/** How the watch stands, in one sentence, and what does not count of it. */
export function WatchWords({ watch, now, watchers, hours }: { readonly watch: Watch; readonly now: number; readonly watchers: readonly string[]; readonly hours: number }): ReactElement {
  const left = Date.parse(watch.due) - now;
  const [status, words] =
    watch.closed !== null
      ? [watch.closed.status === 'ok' ? 'passed' : 'failed', <>Closed by <bdi>{watch.closed.by}</bdi> at <TimeText time={watch.closed.at} short />, {watch.closed.status === 'ok' ? 'with nothing that speaks against it' : 'with an issue'}. <RecordLink id={watch.closed.record} /></>] as const
      : left > 0
        ? ['stale', <><b className={styles['clock']}>{hoursLeft(left)} left</b> of the {hours} hours, until <TimeText time={watch.due} short />. Then {rolesInWords(watchers)} can close it by their signature.</>] as const
        : ['needs-person', <><b className={styles['clock']}>The {hours} hours are over</b> since <TimeText time={watch.due} />. It asks {rolesInWords(watchers)} to close it by their signature.</>] as const;
  return (
    <div data-testid="watch" data-state={watch.state}>
      <p className={styles['sentence']}><StatusSign status={status} silent /><span>{words}</span></p>
      {watch.notes.map((note) => <p key={note} className={styles['sentence']}><StatusSign status="broken" /><span dir="auto">{note}</span></p>)}
    </div>
  );
}

/** So many are drawn at once; programs write thousands. */
const DRAWN = 200;

/** What was seen, the oldest first; of very many the newest, until the others are asked for. */
export function Observations({ seen }: { readonly seen: Seen }): ReactElement {
  const [drawn, setDrawn] = useState(DRAWN);
  if (seen.length === 0) return <Empty>Nothing that was seen is recorded yet. Whoever looks at the monitoring records what it says, typed or from a file.</Empty>;
  return (
    <>
    {seen.length > drawn ? <p><Button kind="quiet" onClick={() => setDrawn(drawn + DRAWN)}>{`Show ${counted(Math.min(DRAWN, seen.length - drawn), 'older observation')} of ${numbered(seen.length - drawn)}`}</Button></p> : null}
    <ul className={styles['seen']} aria-label="What was seen" tabIndex={seen.length > 8 ? 0 : undefined} data-testid="observations">
      {seen.slice(-drawn).map(({ at, status, words, record }) => (
        <li key={record}>
          <StatusSign status={status === 'ok' ? 'passed' : 'failed'} />
          <TimeText time={at} short />
          <span className={styles['seenWords']} dir="auto">{words}</span>
          <RecordLink id={record} />
        </li>
      ))}
    </ul>
    </>
  );
}

/** Records what was seen: typed, or lines that another program wrote. */
export function ObserveForm({ name, send, onDone, onClose }: { readonly name: string; readonly send: (saw: Saw) => Promise<{ readonly recorded: number }>; readonly onDone: (recorded: number) => void; readonly onClose: () => void }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`observe.${name}`, { way: 'typed', status: 'ok', words: '', from: '' });
  const typed = fields.way === 'typed';
  const said = typed ? fields.words.trim() : fields.from.trim();
  return (
    <ActForm
      label="Record what was seen" verb="Record what was seen" testId="observe"
      after="It stands in the archive as it was said, and cannot be taken back. What turns out otherwise is said by another."
      wanting={said === '' ? (typed ? 'It says what was seen.' : 'Name the file.') : doer === null ? 'It says who saw it.' : null}
      onClose={onClose}
      onSend={async () => {
        if (doer === null) return;
        const { recorded } = await send({ doer, status: fields.status === 'issue' ? 'issue' : 'ok', words: typed ? said : '', from: typed ? null : said });
        forget();
        clear();
        onDone(recorded);
      }}
    >
      <Choice label="From" options={[['typed', 'Typed here'], ['file', 'A file that a program wrote']]} value={fields.way} onChange={(way) => change({ way })} />
      {typed ? (
        <>
          <Choice label="What it says" options={[['ok', 'All is well'], ['issue', 'There is an issue']]} value={fields.status} onChange={(status) => change({ status })} testId="observe-status" />
          <Words label="What was seen" hint="Figures with their units, and where they were read." value={fields.words} onChange={(words) => change({ words })} testId="observe-words" />
        </>
      ) : <PathField label="File" hint='Lines of JSON: {"at": "2026-01-12T23:00:00Z", "status": "ok", "words": "errors 0.1 %"}' choose="file" value={fields.from} onChange={(from) => change({ from })} testId="observe-from" />}
      {field}
    </ActForm>
  );
}

/** Closes a watch that is over, by signature. */
export function CloseForm({ name, after, send, onDone, onClose }: { readonly name: string; readonly after: string; readonly send: (closing: Closing) => Promise<void>; readonly onDone: () => void; readonly onClose: () => void }): ReactElement {
  const { signer, field, clear } = useSigner();
  const { fields, change, forget } = useKept(`close.${name}`, { status: 'ok', words: '' });
  return (
    <ActForm
      label="Close the watch" verb="Sign and close the watch" testId="close-watch" after={after} wanting={signer === null ? 'It asks for a signature.' : null} onClose={onClose}
      onSend={async () => {
        if (signer === null) return;
        await send({ ...signer, status: fields.status === 'issue' ? 'issue' : 'ok', words: fields.words.trim() });
        forget();
        clear();
        onDone();
      }}
    >
      <Choice label="What the watch came to" options={[['ok', 'Nothing speaks against it'], ['issue', 'There was an issue']]} value={fields.status} onChange={(status) => change({ status })} testId="close-status" />
      <Words label="What was seen in all" value={fields.words} onChange={(words) => change({ words })} testId="close-words" />
      {field}
    </ActForm>
  );
}

/** A record by its short name, with the whole on hover. */
export function RecordLink({ id }: { readonly id: string }): ReactElement {
  const at = id.lastIndexOf('#');
  return <a className={styles['record']} href={addressOf.entry(id)} title={id}>{entryName({ origin: id.slice(0, at), seq: Number(id.slice(at + 1)) })}</a>;
}

/** Which form of several is open, and the buttons that open them. */
export function useOpenAct<Act extends string>(): { readonly open: Act | null; readonly show: (act: Act | null) => void; readonly button: (act: Act, words: string, kind?: 'primary' | 'plain') => ReactElement } {
  const [open, show] = useState<Act | null>(null);
  return {
    open, show,
    button: (act, words, kind = 'plain') => <Button key={act} kind={kind} aria-expanded={open === act} testId={`act-${act}`} onClick={() => show(open === act ? null : act)}>{words}</Button>,
  };
}

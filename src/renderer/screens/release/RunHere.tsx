import { Play } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { CommandRun, OfferedCommand } from '../../../core/contract/policy-calls.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { Button } from '../../components/Button.tsx';
import { PathText } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { FolderDialog } from '../../components/FolderDialog.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { lasting, sized } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import styles from './run-here.module.css';
import { loadOffer, runHere, useOffer, useOutput, useRun } from './run-store.ts';

interface RunHereProps {
  readonly id: string;
  readonly check: string;
  readonly assessment: Assessment;
}

/** The policy's commands for a line: exactly what would be run and where, the way to start it, and what came of it. */
export function RunHere({ id, check, assessment }: RunHereProps): ReactElement | null {
  const offer = useOffer(id);
  const { running, result, error } = useRun(id, check);
  const task = useTaskAt(addressOf.line(id, check));
  const output = useOutput(task?.id ?? null);
  useEffect(() => {
    void loadOffer(id, assessment);
  }, [id, assessment]);
  if (offer === null) return null;
  // A policy file that may run nothing says so; what else went wrong is told where the release is judged.
  if (offer instanceof AppError) return offer.code === 'not-permitted' ? <section className={styles['part']} aria-label="Run here"><h3>Run here</h3><p className={styles['note']}>{offer.message} {offer.hint}</p></section> : null;
  const commands = offer.commands.filter((command) => command.check === check);
  if (commands.length === 0) return null;
  return (
    <section className={styles['part']} aria-label="Run here" data-testid="run-here">
      <h3>Run here</h3>
      {commands.map((command) => <Offered key={command.name} id={id} command={command} offer={offer} assessment={assessment} busy={running} />)}
      {task === null ? null : <ProgressPanel task={task}><LiveOutput text={output} /></ProgressPanel>}
      {error === null ? null : <ErrorPanel error={error} />}
      {result === null ? null : <Ran result={result} />}
    </section>
  );
}

function Offered({ id, command, offer, assessment, busy }: {
  readonly id: string; readonly command: OfferedCommand; readonly offer: Output<'command.list'>; readonly assessment: Assessment; readonly busy: boolean;
}): ReactElement {
  const { run, folder, prepare, caches, writes, seconds, name } = command;
  const [out, setOut] = useState<string | null>(assessment.draft.outputs[0] ?? null);
  const [choosing, setChoosing] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const unproved = offer.authority === 'unproved';
  return (
    <div className={styles['command']}>
      {prepare === null ? null : <><p className={styles['what']}>First, to prepare</p><pre className={styles['line']}>{prepare}</pre></>}
      <pre className={styles['line']} data-testid="command-line">{run}</pre>
      <dl className={styles['pairs']}>
        <dt>In</dt><dd>{folder === '.' ? 'the repository’s root' : folder}, a clean checkout of {offer.commit.slice(0, 7)}</dd>
        {caches.map((cache) => <div key={cache.name} className={styles['pair']}><dt>Reads</dt><dd>{cache.folder}</dd></div>)}
        <dt>Keeps</dt><dd>{writes.length === 0 ? 'what it prints' : writes.join(', ')}</dd>
        <dt>At most</dt><dd>{lasting(seconds)}, with no network, no home and no keys</dd>
        <dt>Named by</dt><dd>{offer.policy.file}</dd>
      </dl>
      {offer.refusal === null ? (
        <>
          <p className={styles['note']}>{out === null ? 'Choose a folder for its evidence.' : <>Its evidence goes into a folder of its own in <PathText path={out} /></>}</p>
          {unproved ? (
            <label className={styles['accept']}>
              <input type="checkbox" checked={accepted} data-testid="without-roster" onChange={(event) => setAccepted(event.target.checked)} />
              No roster is in force, so nobody vouches for this command. Run it all the same, its evidence marked as unproved.
            </label>
          ) : null}
          <div className={styles['buttons']}>
            <Button disabled={busy || out === null || (unproved && !accepted)} testId={`run-${name}`} onClick={() => { if (out !== null) void runHere(id, assessment, offer, command, out); }}>
              <Play aria-hidden="true" />Run {name} behind walls
            </Button>
            <Button kind="quiet" disabled={busy} onClick={() => setChoosing(true)}>Choose a folder</Button>
          </div>
        </>
      ) : (
        <p className={styles['note']} role="note">Not run here: {offer.refusal.message} {offer.refusal.hint}</p>
      )}
      {choosing ? (
        <FolderDialog title="Choose a folder for the evidence" choose="folder" start={out} onClose={() => setChoosing(false)} onChoose={(path) => { setChoosing(false); setOut(path); }} />
      ) : null}
    </div>
  );
}

/** The end of what the command prints, as plain text. */
function LiveOutput({ text }: { readonly text: string }): ReactElement {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [text]);
  return <pre ref={box} className={styles['output']} tabIndex={0} aria-label="What it prints" dir="auto" data-testid="command-output">{text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')}</pre>;
}

const ENDS: Readonly<Record<CommandRun['end'], string>> = {
  'exited': 'Ended', 'timed-out': 'Took too long and was stopped', 'too-much-output': 'Printed too much and was stopped', 'too-much-written': 'Wrote too much and was stopped',
};

function Ran({ result }: { readonly result: CommandRun }): ReactElement {
  const { end, exitCode, seconds, toolVersion, outputSha256, outputBytes, files, notes, folder, bound, authority, commit } = result;
  return (
    <div className={styles['result']} role="status" data-testid="run-result">
      <p className={styles['ended']}>{ENDS[end]}{end === 'exited' ? ` with ${exitCode ?? 'a signal'}` : ''} after {lasting(seconds)}{toolVersion === null ? '' : `, ${toolVersion}`}</p>
      <p>{bound ? `Bound to ${commit.slice(0, 7)}` : 'Bound to no commit'}{authority === 'unproved' ? '; unproved: no roster was in force' : ''}.</p>
      <PathText path={folder} />
      <ul className={styles['files']}>
        <li>output.log, {sized(outputBytes)} <Digest value={outputSha256} /></li>
        {files.map(({ path, sha256, size }) => <li key={path}>{path}, {sized(size)} <Digest value={sha256} /></li>)}
        {notes.map((note) => <li key={note} dir="auto">{note}</li>)}
      </ul>
    </div>
  );
}

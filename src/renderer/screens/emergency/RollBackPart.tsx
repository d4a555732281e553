import { useEffect, useState, type ReactElement } from 'react';
import type { EmergencyDetail, EmergencyDone } from '../../../core/contract/emergency-calls.ts';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { client, shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask, useTaskAt } from '../../frame/task-store.ts';
import { Lines } from '../deployment/AuthorityLines.tsx';
import { Choice, Words } from '../deployment/fields.tsx';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { useReleases } from '../releases/releases-store.ts';
import { EmergencyAct } from './EmergencyAct.tsx';
import styles from './steps.module.css';

type Checked = Output<'rollback.check'>;
type Proof = Extract<EmergencyDone, { kind: 'roll-back-instead' }>['proof'];

interface Live {
  readonly id: string;
  readonly version: string;
  readonly repo: string;
  /** The deployment that would be undone. */
  readonly deployment: string;
}

/** The newest production deployment of a release that is loaded here: the only one whose way back can be looked at. */
function useLive(): { readonly live: Live | null; readonly looked: boolean } {
  const releases = useReleases((state) => state.releases);
  const [found, setFound] = useState<{ readonly live: Live | null; readonly looked: boolean }>({ live: null, looked: false });
  useEffect(() => {
    if (releases === null) return undefined;
    let gone = false;
    const boards = releases.map(async ({ id, draft }) => {
      const { deployments } = await client.call('deployment.board', { release: draft.version });
      return deployments.filter(({ environment, state, aside }) => environment === 'production' && state === 'finished' && aside === null).map(({ record, startedAt }) => ({ id, version: draft.version, repo: draft.repo, deployment: record, startedAt }));
    });
    void Promise.allSettled(boards).then((settled) => {
      const all = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])).sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
      if (!gone) setFound({ live: all[0] ?? null, looked: true });
    });
    return () => {
      gone = true;
    };
  }, [releases]);
  return found;
}

const ANSWERS = [['patch', 'No: it is mended by a patch'], ['instead', 'Yes: production goes back to the version before']] as const;

type Answer = (typeof ANSWERS)[number][0];

interface RollBackProps {
  readonly detail: EmergencyDetail;
  readonly roles: readonly string[];
  /** An answer is being given, so that no other form asks for the same signature beside it. */
  readonly onAnswering?: (answering: boolean) => void;
  readonly onDone?: (() => void) | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** Roll back instead? The first question after the declaration, with the proof whether that can be done now. */
export function RollBackPart({ detail, roles, onAnswering, onDone, onClose }: RollBackProps): ReactElement {
  const { record } = detail.emergency;
  const { live, looked } = useLive();
  const [checked, setChecked] = useState<Checked | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const give = (next: Answer | null): void => {
    setAnswer(next);
    onAnswering?.(next !== null);
  };
  const leave = (): void => {
    give(null);
    onClose?.();
  };
  const place = useFocusKept<HTMLDivElement>(answer ?? '', 'textarea, [data-testid="roll-back-answer"] button');
  const proof: Proof = checked === null ? [{ id: 'not-looked-at', status: 'unknown', words: cannot(live, looked) ?? 'It was answered without a look whether it can be done.' }] : checked.proof.map(({ id, status, words }) => ({ id, status, words: words.slice(0, 1_000) }));
  return (
    <div ref={place} className={styles['question']} data-testid="roll-back">
      {live === null ? <p className={styles['sentence']}><StatusSign status="stale" silent /><span>{cannot(live, looked)}</span></p> : <Look live={live} record={record} checked={checked} onChecked={setChecked} />}
      <Choice label="Is it rolled back instead?" options={ANSWERS} value={answer ?? ('' as Answer)} onChange={give} testId="roll-back-answer" />
      {answer === null ? null : (
        <EmergencyAct
          record={record} name={`roll-back ${answer}`} label="Roll back instead?" verb="Sign the answer" roles={roles} onClose={leave}
          onDone={() => {
            give(null);
            onDone?.();
          }}
          after="Afterwards the answer stands on record with what was found of whether it can be done. It decides nothing else: a rollback is decided and carried out by its own steps."
          blank={{ why: '' }}
          say={({ why }) => (why.trim() === '' ? 'Say why, in a few words.' : { done: { kind: 'roll-back-instead', answer, proof: [...proof] }, reason: why.trim() })}
          ask={(fields, change) => (
            <Words label="Why" value={fields.why} onChange={(why) => change({ why })} testId="roll-back-why" />
          )}
        />
      )}
    </div>
  );
}

/** Why it cannot be looked at here; null where it can. */
function cannot(live: Live | null, looked: boolean): string | null {
  if (live !== null) return null;
  return looked ? 'Whether it can be rolled back cannot be looked at here: no release that is loaded on this console is deployed to production by the records. Whoever knows answers all the same.' : 'Looking what is deployed to production.';
}

/** Looks whether going back can be done now; nothing is recorded by looking. */
function Look({ live, record, checked, onChecked }: { readonly live: Live; readonly record: string; readonly checked: Checked | null; readonly onChecked: (checked: Checked | null) => void }): ReactElement {
  const [artifacts, setArtifacts] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const address = addressOf.emergency(record);
  const task = useTaskAt(address);
  const look = async (): Promise<void> => {
    setWorking(true);
    setError(null);
    try {
      onChecked(await runTask('rollback.check', { deployment: live.deployment, repo: live.repo, to: null, artifacts: artifacts.trim(), before: null, after: null }, { label: 'Looking whether it can be rolled back', address, done: ({ possible }) => (possible ? 'It can be rolled back.' : 'That it can be rolled back is not proved.') }));
    } catch (cause) {
      onChecked(null);
      setError(shownError(cause));
    } finally {
      setWorking(false);
    }
  };
  return (
    <div className={styles['look']}>
      <p>In production now: <code>{live.version}</code>. <a href={addressOf.rollback(live.id, live.deployment)}>Open its rollback</a></p>
      <div className={styles['lookRow']}>
        <PathField label="Folder of the artifacts to go back to" hint="With their signatures. Nothing is recorded by looking." choose="folder" value={artifacts} onChange={setArtifacts} testId="roll-back-artifacts" />
        <Button disabled={artifacts.trim() === '' || working} onClick={() => void look()} testId="roll-back-look">Look whether it can be done</Button>
      </div>
      {task === null ? null : <ProgressPanel task={task} />}
      {error === null ? null : <ErrorPanel error={error} />}
      {checked === null ? null : (
        <div data-testid="roll-back-proof" className={styles['look']}>
          <p className={styles['sentence']}><StatusSign status={checked.possible ? 'passed' : 'failed'} silent /><span>{checked.possible ? `${checked.from} can be rolled back to ${checked.to}.` : `That ${checked.from} can be rolled back to ${checked.to} is not proved.`}</span></p>
          <Lines label="The proof, line by line" lines={checked.proof.map((line) => ({ ...line, who: null }))} />
          {checked.possible ? <div><ButtonLink href={addressOf.rollback(live.id, live.deployment)}>Go to the rollback</ButtonLink></div> : null}
        </div>
      )}
    </div>
  );
}

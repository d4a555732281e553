import { ArrowLeft, Printer } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { VerbalRequestShown, VerbalShown } from '../../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../../core/model/errors.ts';
import { Button, ButtonLink } from '../../../components/Button.tsx';
import { ErrorPanel } from '../../../components/ErrorPanel.tsx';
import { Screen } from '../../../components/Screen.tsx';
import { useSigner } from '../../../components/SignAs.tsx';
import { goTo } from '../../../frame/route-store.ts';
import { addressOf } from '../../../frame/routes.ts';
import { useSeat } from '../../../frame/seat-store.ts';
import { useKeys } from '../../../frame/use-keys.ts';
import { readReleases } from '../../releases/releases-store.ts';
import { readDetail } from '../detail-store.ts';
import { readEmergencies, useEmergencies } from '../emergency-store.ts';
import { useDetailOf } from '../use-detail.ts';
import { CallScript } from './CallScript.tsx';
import { CameTo } from './CameTo.tsx';
import { NotReached } from './NotReached.tsx';
import { Prepare } from './Prepare.tsx';
import styles from './call.module.css';

interface CallProps {
  readonly of: string;
  readonly who: string | null;
  readonly role: string | null;
  readonly request: string | null;
}

/** Somebody is asked by word, in the order in which a call goes (policy §10.2, step 4; FORMATS §7). */
export function CallScreen({ of, who, role, request }: CallProps): ReactElement {
  const { detail, error } = useDetailOf(of);
  const [made, setMade] = useState<VerbalRequestShown | null>(null);
  const [outcome, setOutcome] = useState<VerbalShown | null>(null);
  useEffect(() => {
    void readEmergencies();
    void readReleases();
  }, []);
  const me = useSeat((state) => state.seat?.person ?? null);
  const asked = detail === null ? null : askedIn(detail, made, { who, role, request }, me);
  useKeys({ Escape: () => goTo(addressOf.emergency(of, 'calls')) });
  const name = outcome?.approver.name ?? asked?.name ?? null;
  return (
    <Screen
      title={outcome !== null ? `${outcome.approver.name} ${outcome.decision === 'approve' ? 'approved' : 'refused'} by word` : name === null || asked === null ? 'Ask somebody by word' : `Ask ${name} by word, as ${asked.role}`}
      lead={outcome !== null ? undefined : 'One part after the other, as the call goes. Nothing here has to be remembered: only the present part is open.'}
      actions={(
        <>
          <ButtonLink href={addressOf.emergency(of, 'calls')} kind="quiet"><ArrowLeft aria-hidden="true" />Back to the emergency</ButtonLink>
          {asked?.open === null || asked === null || outcome !== null ? null : <ButtonLink href={addressOf.callForm(of, asked.open.record)} testId="open-call-form"><Printer aria-hidden="true" />Form on paper</ButtonLink>}
        </>
      )}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readDetail(of)} />}
      {detail === null ? null : outcome !== null ? <CameTo detail={detail} outcome={outcome} /> : asked === null ? (
        <p className={styles['soft']} data-testid="nobody-asked">{request !== null ? <>No request is recorded as <bdi>{request}</bdi> in this emergency.</> : <>Nobody is called <bdi>{who ?? ''}</bdi> among those who decide in this emergency.</>} <a href={addressOf.emergency(of, 'calls')}>See who to call</a></p>
      ) : (
        <Calling
          detail={detail} asked={asked}
          onMade={(next) => {
            setMade(next);
            void readDetail(of);
          }}
          onOutcome={(next) => {
            setOutcome(next);
            void readDetail(of);
            void readEmergencies();
          }}
        />
      )}
    </Screen>
  );
}

export interface Asked {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Numbers and rooms that the roster has for them. */
  readonly numbers: readonly string[];
  /** What is logged to be read to them, and not answered yet. */
  readonly open: VerbalRequestShown | null;
  /** Who else began the call that was asked for: they alone say what came of it. */
  readonly begunBy: string | null;
}

/** Who is asked, and the request that was made of them already by whoever sits here: only who asked says what came of it. */
function askedIn({ people, requests }: EmergencyDetail, made: VerbalRequestShown | null, { who, role, request }: Omit<CallProps, 'of'>, me: { readonly id: string; readonly name: string } | null): Asked | null {
  // What was read of a request after it was made says how many tries are left.
  const known = made === null ? requests : [...requests.filter(({ record }) => record !== made.record), requests.find(({ record }) => record === made.record) ?? made];
  const isMine = ({ takenBy }: VerbalRequestShown): boolean => me === null || takenBy === me.id || takenBy === me.name;
  const named = request === null ? null : (known.find(({ record }) => record === request) ?? null);
  const [id, as] = named === null ? [who, role] : [named.approver.id, named.approver.role];
  const open = known.findLast((one) => !one.answered && one.triesLeft > 0 && one.approver.id === id && one.approver.role === as && isMine(one) && (made !== null || named === null || one.record === named.record)) ?? null;
  const person = people.find((one) => one.id === id);
  if (as === null || (person === undefined && named === null)) return null;
  return { id: id ?? '', name: named?.approver.name ?? person?.name ?? '', role: as, numbers: open?.numbers ?? person?.phones ?? named?.numbers ?? [], open, begunBy: named !== null && !isMine(named) ? named.takenBy : null };
}

/** Where the present part of the call begins. */
export const PRESENT = '[data-state="now"] :is([data-first], [data-first-in] :is(input, select, textarea))';

/** The parts of the call, with one signature for all of them. */
function Calling({ detail, asked, onMade, onOutcome }: { readonly detail: EmergencyDetail; readonly asked: Asked; readonly onMade: (made: VerbalRequestShown) => void; readonly onOutcome: (outcome: VerbalShown) => void }): ReactElement {
  // Typed once: whoever is on the telephone does not type it before every attempt. It is forgotten with this screen, and when the window is locked.
  const { signer, field, clear } = useSigner();
  const terms = useEmergencies((state) => state.terms);
  const seat = useSeat((state) => state.seat);
  const [wrong, setWrong] = useState<AppError | null>(null);
  const [folded, setFolded] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // After the frame has announced the screen: whoever comes here goes on where they sign, or where the call stands.
    const frame = requestAnimationFrame(() => (place.current?.querySelector<HTMLElement>('input[type="password"]') ?? place.current?.querySelector<HTMLElement>(PRESENT))?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const opens = signer !== null;
  useEffect(() => {
    // What was forgotten meanwhile, because the window was locked, is typed whole before it makes room again.
    if (!opens) setFolded(false);
  }, [opens]);
  const typeAgain = (): void => {
    clear();
    setFolded(false);
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('input[type="password"]')?.focus());
  };
  const done = (outcome: VerbalShown): void => {
    clear();
    onOutcome(outcome);
  };
  return (
    <div ref={place} className={styles['calling']}>
      {folded && signer !== null && seat !== null ? (
        <p className={styles['taken']} data-testid="taker"><span>{seat.person.name} takes this call, and signs what is logged in it.</span> <Button kind="quiet" onClick={typeAgain}>Type the passphrase again</Button></p>
      ) : (
        // What is typed makes room for what is read aloud once the call goes on, and never while somebody types or points.
        <form
          className={styles['taker']} data-testid="taker" aria-label="Who takes the call"
          onSubmit={(event) => {
            event.preventDefault();
            if (signer === null) return;
            setFolded(true);
            place.current?.querySelector<HTMLElement>(PRESENT)?.focus();
          }}
        >
          {field}
          <p className={styles['soft']}>It signs what is logged in this call, and is forgotten when you leave this screen.</p>
        </form>
      )}
      {asked.begunBy === null ? null : <p className={styles['warning']} data-testid="begun-by"><bdi>{asked.begunBy}</bdi> began this call, and they alone say what came of it. Here it is asked anew.</p>}
      {wrong === null ? null : <ErrorPanel error={wrong} />}
      <ol className={styles['blocks']} aria-label="The parts of the call">
        <Prepare
          detail={detail} asked={asked} signer={signer} onNotOpened={typeAgain}
          onMade={(made) => {
            setWrong(null);
            setFolded(true);
            onMade(made);
          }}
        />
        <CallScript key={asked.open?.record ?? 'none'} detail={detail} asked={asked} signer={signer} onNotOpened={typeAgain} onGoOn={() => setFolded(opens)} onWrong={setWrong} onOutcome={done} />
      </ol>
      {terms === null ? null : <NotReached detail={detail} asked={asked} terms={terms} />}
    </div>
  );
}

import type { ReactElement } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { TimeText } from '../components/TimeText.tsx';
import { keyId } from '../components/wording.ts';
import { addressOf } from './routes.ts';
import { askForSeat, leaveSeat, lockSeat, useSeat } from './seat-store.ts';
import styles from './seat.module.css';
import { useConsole } from './status-store.ts';
import { TakeSeat } from './TakeSeat.tsx';

/** Who sits here, and how somebody else does. */
export function SeatDialog(): ReactElement | null {
  const { asking, locked, seat } = useSeat();
  const minutes = useConsole(({ settings }) => settings?.idleMinutes ?? 10);
  const roster = useConsole(({ status }) => status?.roster);
  if (!asking || locked) return null;
  return (
    <Dialog title="Who sits here" onClose={() => askForSeat(false)}>
      <div className={styles['dialog']} data-testid="seat-dialog">
        {seat === null ? (
          <p>Whoever sits here proves it with their key: it signs a fresh question of this console, and nothing else. Then what is done in this window is done in their name, and each act asks for their signature again.</p>
        ) : (
          <section className={styles['sitting']} aria-label="Sits here">
            <p><b dir="auto">{seat.person.name}</b> ({seat.roles.join(', ') || 'no role'}) sits here with <code>{keyId(seat.fingerprint)}</code> since <TimeText time={seat.since} />.</p>
            <div className={styles['acts']}>
              <Button onClick={() => void lockSeat()} testId="lock-window">Lock the window</Button>
              <Button kind="quiet" testId="leave-seat" onClick={() => void leaveSeat()}>Leave the seat</Button>
            </div>
          </section>
        )}
        <TakeSeat verb={seat === null ? 'Take the seat' : 'Take the seat instead'} />
        {roster === null || roster?.problem != null ? <p><a href={addressOf.people} onClick={() => askForSeat(false)}>Open People</a>, where a roster is taken.</p> : null}
        <p className={styles['soft']}>The window locks after {minutes} minutes without input, and by Ctrl L. A restart asks again.</p>
      </div>
    </Dialog>
  );
}

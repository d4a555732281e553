import { Lock } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { createPortal } from 'react-dom';
import { useTasks } from './task-store.ts';
import { counted } from '../components/wording.ts';
import { lockSeat, readSeat, useSeat } from './seat-store.ts';
import styles from './seat.module.css';
import { useConsole } from './status-store.ts';
import { TakeSeat } from './TakeSeat.tsx';

/** Over everything while nobody answers for the seat: what was on the screen is hidden, and only a signature opens it again. */
export function LockScreen(): ReactElement | null {
  const locked = useSeat((state) => state.locked);
  useIdleLock();
  useLockKey();
  useEffect(() => {
    // A window that is loaded anew is as locked as it was.
    void readSeat();
  }, []);
  return locked ? <Locked /> : null;
}

function Locked(): ReactElement {
  const seat = useSeat((state) => state.seat);
  const going = useTasks(({ tasks }) => tasks.length);
  const cover = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = cover.current;
    const before = document.activeElement;
    const title = document.title;
    document.documentElement.dataset['locked'] = 'true';
    document.title = 'Locked · Countersign';
    element?.showModal();
    void readSeat().then(() => (element?.querySelector<HTMLElement>('input[type="password"]') ?? element?.querySelector<HTMLElement>('input:checked, input, button'))?.focus());
    return () => {
      delete document.documentElement.dataset['locked'];
      document.title = title;
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return createPortal(
    <dialog
      ref={cover}
      className={styles['cover']}
      aria-labelledby="locked-title"
      data-lock="true"
      data-testid="lock-screen"
      onCancel={(event) => event.preventDefault()}
      // A browser closes a dialog that is escaped twice, whatever it says.
      onClose={() => cover.current?.isConnected === true && cover.current.showModal()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.preventDefault();
      }}
    >
      <div className={styles['locked']}>
        <h1 id="locked-title" className={styles['lockedTitle']}><Lock aria-hidden="true" />Locked</h1>
        <p>
          {seat === null ? 'Whoever sat here is no longer named by the roster in force.' : <><b dir="auto">{seat.person.name}</b> sits here.</>} Nothing is signed, written or exchanged from this window until somebody takes the seat with their key.
          {going === 0 ? '' : ` ${counted(going, 'piece')} of long work ${going === 1 ? 'goes' : 'go'} on.`}
        </p>
        <TakeSeat verb="Take the seat" />
        <p className={styles['soft']}>If it is somebody else who takes it, what was typed and not signed is forgotten. Without a key, close the window and open it again: nobody sits here then.</p>
      </div>
    </dialog>,
    document.body,
  );
}

/** How often the clock is looked at: a machine that slept has no timer that fired meanwhile. */
const LOOK_EVERY_MS = 2_000;
/** `stops`: what it would do can still be stopped. */
const INPUT = [{ name: 'pointerdown', stops: true }, { name: 'keydown', stops: true }, { name: 'pointermove', stops: false }, { name: 'wheel', stops: false }, { name: 'touchstart', stops: false }] as const;

/** Locks after so many minutes without input, before the first input after that is heard. */
function useIdleLock(): void {
  const minutes = useConsole(({ settings }) => settings?.idleMinutes ?? 10);
  useEffect(() => {
    let last = Date.now();
    const isOver = (): boolean => {
      const { seat, locked } = useSeat.getState();
      return seat !== null && !locked && Date.now() - last >= minutes * 60_000;
    };
    const onInput = (event: Event): void => {
      if (isOver()) {
        event.stopImmediatePropagation();
        if (event.type === 'pointerdown' || event.type === 'keydown') event.preventDefault();
        void lockSeat();
      }
      last = Date.now();
    };
    const onTime = (): void => {
      if (isOver()) void lockSeat();
    };
    for (const { name, stops } of INPUT) window.addEventListener(name, onInput, { capture: true, passive: !stops });
    const timer = window.setInterval(onTime, LOOK_EVERY_MS);
    return () => {
      for (const { name } of INPUT) window.removeEventListener(name, onInput, { capture: true });
      window.clearInterval(timer);
    };
  }, [minutes]);
}

/** Ctrl L, also while one types. */
function useLockKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'l') return;
      event.preventDefault();
      void lockSeat();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}

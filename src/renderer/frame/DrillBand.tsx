import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { DrillShown } from '../../core/contract/drill-calls.ts';
import { TimeText } from '../components/TimeText.tsx';
import { DrillFacts } from '../screens/drill/DrillFacts.tsx';
import { endDrill, readDrill, useDrill, useRunningDrill } from '../screens/drill/drill-store.ts';
import styles from './drill-band.module.css';
import { useKeys } from './use-keys.ts';

/** On top of every screen while one practises: the stripes of a barrier, the word, and what the drill gives out. */
export function DrillBand(): ReactElement | null {
  const drill = useRunningDrill();
  useEffect(() => {
    void readDrill();
  }, []);
  return drill === null ? null : <Band drill={drill} />;
}

function Band({ drill }: { readonly drill: DrillShown }): ReactElement {
  const [open, setOpen] = useState(false);
  const working = useDrill((state) => state.working);
  const opener = useRef<HTMLButtonElement>(null);
  useKeys({
    Escape: () => {
      if (!open) return false;
      setOpen(false);
      opener.current?.focus();
      return true;
    },
  });
  return (
    <section className={styles['band']} aria-label="Practice" data-testid="drill-band">
      <div className={styles['line']}>
        <p className={styles['word']} role="status">Practice</p>
        <p className={styles['words']}>Nothing here is real, and nothing of it is recorded in your archive. Begun <TimeText time={drill.startedAt} short />. Every passphrase: <code>{drill.you.passphrase}</code></p>
        <button ref={opener} type="button" className={styles['act']} aria-expanded={open} aria-controls="drill-panel" data-testid="open-drill-panel" onClick={() => setOpen(!open)}>{open ? 'Hide the scenario' : 'Scenario and people'}</button>
        <button type="button" className={styles['act']} disabled={working} data-testid="end-drill" onClick={() => void endDrill(drill.id)}>End the drill</button>
      </div>
      {open ? <div id="drill-panel" className={styles['panel']} tabIndex={0} role="group" aria-label="Scenario and people"><DrillFacts drill={drill} people /></div> : null}
    </section>
  );
}

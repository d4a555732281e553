import { useEffect, type ReactElement } from 'react';
import type { EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf, EMERGENCY_PARTS, type EmergencyPart } from '../../frame/routes.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { readReleases } from '../releases/releases-store.ts';
import { DeclareForm } from './DeclareForm.tsx';
import { EmergencyDetail } from './EmergencyDetail.tsx';
import { EmergencyList } from './EmergencyList.tsx';
import styles from './emergency.module.css';
import { readEmergencies, useEmergencies } from './emergency-store.ts';
import { inOrder, runningOf } from './emergency-words.ts';

/** Emergencies against their deadlines, one of them open (policy §10); declaring one. */
export function EmergencyScreen({ of, act, part }: { readonly of: string | null; readonly act: 'declare' | null; readonly part: EmergencyPart }): ReactElement {
  const { at, emergencies, terms, error } = useEmergencies();
  useEffect(() => {
    void readEmergencies();
    void readReleases();
  }, []);
  const listed = inOrder(emergencies);
  const open = of === null ? (listed[0] ?? null) : (listed.find(({ record }) => record === of) ?? null);
  const step = (by: 1 | -1) => (): boolean => {
    const next = listed[listed.findIndex(({ record }) => record === open?.record) + by];
    if (act !== null || next === undefined) return false;
    goTo(addressOf.emergency(next.record));
    return true;
  };
  const declare = (): boolean => {
    if (act !== null) return false;
    goTo(addressOf.declareEmergency);
    return true;
  };
  const show = (next: EmergencyPart) => (): boolean => {
    if (act !== null || open === null || open.by === null) return false;
    goTo(addressOf.emergency(open.record, next));
    return true;
  };
  useKeys({ d: declare, j: step(1), k: step(-1), ...Object.fromEntries(EMERGENCY_PARTS.map((one, index) => [String(index + 1), show(one)])) });
  const running = runningOf(emergencies).length;
  const notClosed = emergencies.filter(({ by, closed, mergedInto }) => by !== null && closed === null && mergedInto === null).length;
  return (
    <Screen
      title={act === 'declare' ? 'Declare an emergency' : 'Emergency'}
      lead={act === 'declare' ? 'Three answers and your signature. Everything else can wait.' : at === null ? undefined : running === 0 ? `No emergency runs.${notClosed === 0 ? '' : ` ${counted(notClosed, 'is', 'are')} not closed yet: what is owed stands there.`}` : `${counted(running, 'emergency runs', 'emergencies run')}, the nearest deadline first.`}
      actions={act === 'declare' ? <ButtonLink href={addressOf.emergencies}>Back to the emergencies</ButtonLink> : <><ButtonLink href={addressOf.drill} testId="open-drill">Practise an emergency</ButtonLink><ButtonLink href={addressOf.declareEmergency} kind={running === 0 ? 'primary' : 'plain'} testId="open-declare">Declare an emergency</ButtonLink></>}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readEmergencies()} />}
      {terms === null ? null : <Parts of={of} act={act} part={part} listed={listed} open={open} terms={terms} />}
    </Screen>
  );
}

interface PartsProps {
  readonly of: string | null;
  readonly act: 'declare' | null;
  readonly part: EmergencyPart;
  readonly listed: readonly EmergencyShown[];
  readonly open: EmergencyShown | null;
  readonly terms: EmergencyTerms;
}

/** What was read. Where the declaration took its form away, the emergency that it led to has the focus. */
function Parts({ of, act, part, listed, open, terms }: PartsProps): ReactElement {
  const place = useFocusKept<HTMLDivElement>(`${act ?? ''} ${open?.record ?? ''}`, '[data-lands]');
  return (
    <div ref={place} className={styles['place']}>
      {act === 'declare' ? <DeclareForm terms={terms} /> : (
        <>
          {of === null || open !== null ? null : <p className={styles['soft']} data-testid="no-such-emergency">No emergency is recorded as <bdi>{of}</bdi> here. It may be on another console that was not synced yet.</p>}
          {listed.length === 0 ? (
            <Empty>
              No emergency was declared. One is declared for an attack, a breach, an outage or a critical vulnerability, with the key <kbd>D</kbd> on this screen; from then on its clock stands on top of every screen.
            </Empty>
          ) : (
            <div className={styles['parts']}>
              <EmergencyList emergencies={listed} open={open} terms={terms} />
              {open === null ? null : <EmergencyDetail key={open.record} emergency={open} terms={terms} part={part} />}
            </div>
          )}
        </>
      )}
    </div>
  );
}

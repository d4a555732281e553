import { useEffect, useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { CardPart } from './CardPart.tsx';
import { Diagnosis } from './Diagnosis.tsx';
import { DueLine } from './DueLine.tsx';
import { ImportKey } from './ImportKey.tsx';
import { KeyLine } from './KeyLine.tsx';
import { readHeldKeys, useHeldKeys } from './keys-store.ts';
import { LostKeys } from './LostKeys.tsx';
import { NewLocalKey } from './NewLocalKey.tsx';
import { SetAsideKey } from './SetAsideKey.tsx';
import styles from './keys.module.css';

/** Cards and keys that sign here: their state in words, when each is due, and how others get the public half. */
export function KeysScreen({ act }: { readonly act: 'set-aside' | null }): ReactElement {
  const { keys, problem, card, checks, error } = useHeldKeys();
  const [taking, setTaking] = useState<'made' | 'imported' | null>(null);
  useEffect(() => {
    void readHeldKeys();
  }, []);
  return (
    <Screen
      title="Keys"
      lead="Keys that sign releases and decisions on this machine. The policy has each rotated at least once a year (§5.1.2)."
      actions={<><Button onClick={() => void readHeldKeys()} testId="look-again">Look again</Button><Button disabled={taking === 'imported'} onClick={() => setTaking('imported')} testId="import-key">Import a local key</Button><Button kind="primary" disabled={taking === 'made'} onClick={() => setTaking('made')} testId="make-key">Make a local key</Button></>}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readHeldKeys()} />}
      {taking === 'made' ? <NewLocalKey onClose={() => setTaking(null)} /> : null}
      {taking === 'imported' ? <ImportKey onClose={() => setTaking(null)} /> : null}
      {keys === null || keys.length === 0 ? null : (
        <Section title="Due for rotation"><DueLine keys={keys} /></Section>
      )}
      <Section title="Keys" aside={keys === null ? null : counted(keys.length, 'key')}>
        {problem === null ? null : <Empty>{problem} Local keys work without it.</Empty>}
        {keys?.length === 0 && problem === null ? <Empty>There is no key here that could sign. Insert the card that holds one, import it into gpg, or make a local key.</Empty> : null}
        <ul className={styles['keys']} data-testid="held-keys">
          {(keys ?? []).map((key) => <KeyLine key={`${key.where.kind} ${key.fingerprint}`} held={key} />)}
        </ul>
      </Section>
      <Section title="Card">
        {card === null ? <p className={styles['soft']} role="status">Asking the reader</p> : <CardPart status={card} />}
      </Section>
      <Section title="Set aside for emergencies"><SetAsideKey asked={act === 'set-aside'} /></Section>
      <Section title="Lost or stolen"><LostKeys /></Section>
      <Section title="Diagnosis" aside="countersign doctor says the same">
        {checks === null ? <p className={styles['soft']} role="status">Looking at this machine</p> : <Diagnosis checks={checks} />}
      </Section>
    </Screen>
  );
}

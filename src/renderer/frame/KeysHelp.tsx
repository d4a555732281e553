import type { ReactElement } from 'react';
import { Dialog } from '../components/Dialog.tsx';
import styles from './frame.module.css';
import { useRoute } from './route-store.ts';
import type { Route } from './routes.ts';

type Keys = readonly (readonly [keys: string, does: string])[];

const EVERYWHERE: Keys = [
  ['Ctrl K', 'Find a screen, an act, a release or a line'],
  ['Ctrl L', 'Lock the window'],
  ['?', 'Show the keys of this screen'],
  ['G then H', 'Go to Home'],
  ['G then R', 'Go to Releases'],
  ['G then E', 'Go to the emergencies'],
  ['G then A', 'Go to the archive'],
  ['G then V', 'Go to Verify'],
  ['G then K', 'Go to Keys'],
  ['G then P', 'Go to People'],
  ['G then M', 'Go to the metrics'],
  ['G then S', 'Go to Settings'],
  ['Alt ←', 'Go back'],
];

const HERE: Partial<Record<Route['screen'], Keys>> = {
  release: [
    ['J / K', 'Walk the lines of the checklist'],
    ['Enter', 'Open the evidence of the line'],
    ['Esc', 'Close the evidence'],
    ['F', 'Show only what blocks the gate'],
    ['1 – 7', 'The parts of the release, from Overview to Record'],
    ['R', 'Check again'],
    ['Ctrl Enter', 'Attest the line and go to the next that asks you'],
    ['Enter', 'In a list of the plan: add an item below'],
    ['Alt ↑ / Alt ↓', 'In a list of the plan: move the item'],
  ],
  approve: [['Esc', 'Return to the approvals'], ['Ctrl P', 'Print the page, without its frame']],
  emergency: [
    ['D', 'Declare an emergency'],
    ['1 – 4', 'While one is declared: choose which of the four it is'],
    ['J / K', 'Walk the emergencies'],
    ['1 – 5', 'The parts of the emergency, from its steps to its story'],
  ],
  call: [
    ['1 – 5', 'Before they are on the line: log that they were not reached, and how'],
    ['Space', 'In a field for one word: go to the next'],
    ['Enter', 'Go on to the next part of the call'],
    ['Esc', 'Back to the emergency'],
  ],
  word: [['Esc', 'Back to the emergency']],
  archive: [
    ['J / K', 'Walk the entries'],
    ['Enter', 'Open the record'],
    ['P', 'Prove the record, and back'],
    ['Esc', 'Close the record'],
    ['/', 'Search'],
    ['← → ↑ ↓', 'Walk the marks of the timeline'],
    ['Home / End', 'The first and the last mark of a log'],
  ],
  drill: [['Ctrl P', 'Print the report, without its frame']],
  people: [['Enter', 'Open the person of the row'], ['Esc', 'Close them']],
  sign: [['Esc', 'Leave the signing room while nothing is being signed']],
};

/** The keys of this screen, then those that work everywhere. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }): ReactElement {
  const screen = useRoute((state) => state.route.screen);
  const here = HERE[screen];
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles['keys']} tabIndex={0} role="group" aria-label="Keys of this screen">
        {here === undefined ? null : <KeyTable title="On this screen" keys={here} />}
        <KeyTable title="Everywhere" keys={EVERYWHERE} />
      </div>
    </Dialog>
  );
}

function KeyTable({ title, keys }: { readonly title: string; readonly keys: Keys }): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      <dl className={styles['keyList']}>
        {keys.map(([pressed, does]) => (
          <div key={pressed} className={styles['keyRow']}>
            <dt><kbd>{pressed}</kbd></dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

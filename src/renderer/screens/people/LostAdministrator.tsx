import { useState, type ReactElement } from 'react';
import type { Roster } from '../../../core/model/roster.ts';
import { keyId, listed } from '../../components/wording.ts';
import { administratorsOf, afterLossOf } from './administrators.ts';
import { ChangeForm, Choice } from './form-parts.tsx';
import { addChange } from './people-store.ts';
import styles from './people.module.css';

/** What the administrators that remain can do without one of them, and what nobody can. */
export function LostAdministrator({ roster }: { readonly roster: Roster }): ReactElement {
  const [id, setId] = useState('');
  const [what, setWhat] = useState('');
  const administrators = administratorsOf(roster);
  const lost = administrators.find((person) => person.id === id);
  const after = lost === undefined ? null : afterLossOf(roster, lost.id);
  const names = listed((after?.left ?? []).map(({ name }) => name));
  return (
    <ChangeForm
      label="An administrator is lost" ready={lost !== undefined && after?.possible === true && what !== ''}
      onSend={() => {
        if (lost === undefined) return;
        if (what === 'person') addChange({ words: `${lost.id} leaves`, change: { status: [{ id: lost.id, status: 'left' }] } });
        else for (const { fingerprint } of lost.keys.filter(({ use }) => use.includes('admin'))) addChange({ words: `${lost.id} no longer has the key ${keyId(fingerprint)}`, change: { removeKeys: [{ id: lost.id, fingerprint }] } });
      }}
    >
      <div className={styles['fields']}>
        <Choice label="Which administrator" value={id} options={administrators.map((person) => [person.id, person.name])} onChange={setId} testId="lost-who" />
        <Choice label="What is lost" value={what} options={[['person', 'The person: they left or cannot be reached'], ['key', 'Their key for the roster alone']]} onChange={setWhat} testId="lost-what" />
      </div>
      {after === null ? (
        <p className={styles['soft']}>{administrators.length} {administrators.length === 1 ? 'administrator' : 'administrators'}, {roster.thresholds.admin} have to sign: {administrators.length > roster.thresholds.admin ? `${administrators.length - roster.thresholds.admin} can be lost.` : 'none can be lost.'}</p>
      ) : after.possible ? (
        <div className={styles['words']} data-testid="loss-possible">
          <p>It can be mended. The next version needs {after.needed} signatures by the threshold of version {roster.version} and as many as its own asks for; {names} {after.left.length === 1 ? 'is' : 'are'} left.</p>
          {after.lastLoss ? <p className={styles['warn']}>After that nobody more may be lost: every one of them has to sign each version. Give somebody else a key for signing the roster in this same version, or in the next.</p> : null}
          <p className={styles['soft']}>Whoever is lost need not sign. If the key may be in other hands, have it revoked as well, from when it was last in the right ones: Keys, “Lost or stolen”.</p>
        </div>
      ) : (
        <div className={styles['words']} data-testid="loss-impossible">
          <p className={styles['warn']}>It cannot be mended from this roster. Version {roster.version + 1} needs {after.needed} signatures of version {roster.version}’s administrators, and {after.left.length === 0 ? 'nobody is' : `only ${names} ${after.left.length === 1 ? 'is' : 'are'}`} left. Lowering the threshold is such a version too, so no form here and no file gets past it.</p>
          <p>What is possible: find the key again, or its spare; or restore it from a backup of where it was kept. Until {roster.expires.slice(0, 10)} everything else goes on as it is under version {roster.version}.</p>
          <p>What is left then is another roster under another name, which every console takes anew by reading its digest aloud, in a data folder of its own. What was signed under this one stays verifiable by it.</p>
        </div>
      )}
    </ChangeForm>
  );
}

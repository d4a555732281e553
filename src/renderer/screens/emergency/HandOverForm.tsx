import type { ReactElement } from 'react';
import { Words } from '../deployment/fields.tsx';
import type { ActFormProps } from './ActForms.tsx';
import { EmergencyAct } from './EmergencyAct.tsx';
import { useEmergencies } from './emergency-store.ts';
import { Pick } from './Pick.tsx';

/** What the next shift has to know, to whom; drafted from the records, and theirs as soon as they sign (policy §10.2). */
export function HandOverForm({ detail, roles, onDone, onClose }: ActFormProps): ReactElement {
  const { handOverDraft: draft } = detail;
  return (
    <EmergencyAct
      record={detail.emergency.record} name="hand-over" label="Hand over" verb="Sign the hand-over" roles={roles} onDone={onDone} onClose={onClose}
      after="Afterwards it waits for the signature of whoever takes over. Until they sign, the emergency is still yours."
      blank={{ to: '', known: draft.known, running: draft.running, owed: draft.owed }}
      say={(fields) => {
        const handOver = { to: fields.to, known: fields.known.trim(), running: fields.running.trim(), owed: fields.owed.trim() };
        const missing = fields.to === '' ? 'Choose who takes over.' : handOver.known === '' || handOver.running === '' || handOver.owed === '' ? 'Say what is known, what runs and what is owed; “nothing” is an answer.' : null;
        return missing ?? { done: { kind: 'hand-over', handOver }, reason: `Handed over to ${detail.people.find(({ id }) => id === fields.to)?.name ?? fields.to}.` };
      }}
      ask={(fields, change) => (
        <>
          <Pick label="Who takes over" none="Choose somebody" options={detail.people.map(({ id, name, roles: held }) => [id, `${name}, ${held.join(', ')}`])} value={fields.to} onChange={(to) => change({ to })} testId="hand-over-to" />
          <Words label="What is known" value={fields.known} onChange={(known) => change({ known })} testId="hand-over-known" />
          <Words label="What runs" value={fields.running} onChange={(running) => change({ running })} testId="hand-over-running" />
          <Words label="What is owed" value={fields.owed} onChange={(owed) => change({ owed })} testId="hand-over-owed" />
        </>
      )}
    />
  );
}

/** Two consoles declared the same emergency: from now on this one is told with the other. */
export function MergeForm({ detail, roles, onDone, onClose }: ActFormProps): ReactElement {
  const { emergency } = detail;
  const others = useEmergencies((state) => state.emergencies).filter(({ record, by, mergedInto, closed }) => record !== emergency.record && by !== null && mergedInto === null && closed === null);
  return (
    <EmergencyAct
      record={emergency.record} name="merge" label="Merge with another emergency" verb="Sign that both are one" roles={roles} onDone={onDone} onClose={onClose}
      after="Afterwards this emergency is told with the other: the earlier detection counts, and what was approved and done in either counts in both. It is not taken apart again."
      blank={{ into: '', reason: '' }}
      say={({ into, reason }) => (others.length === 0 ? 'No other emergency runs that it could be told with.' : into === '' ? 'Choose the other emergency.' : reason.trim() === '' ? 'Say why they are one.' : { done: { kind: 'merge', into }, reason: reason.trim() })}
      ask={(fields, change) => (
        <>
          <Pick label="The other emergency" none="Choose one" options={others.map(({ record, id, reason }) => [record, `${id}: ${reason.slice(0, 80)}`])} value={fields.into} onChange={(into) => change({ into })} testId="merge-into" />
          <Words label="Why they are one" value={fields.reason} onChange={(reason) => change({ reason })} testId="merge-reason" />
        </>
      )}
    />
  );
}

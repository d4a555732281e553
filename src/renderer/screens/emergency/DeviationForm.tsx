import type { ReactElement } from 'react';
import type { Deviation } from '../../../core/model/records/emergency.ts';
import { Choice, Words } from '../deployment/fields.tsx';
import type { ActFormProps } from './ActForms.tsx';
import { EmergencyAct } from './EmergencyAct.tsx';

const ROLES = [['cto', 'CTO'], ['ciso', 'CISO']] as const;
const SAYS: Readonly<Record<Deviation, { readonly label: string; readonly verb: string; readonly after: string; readonly ask: string }>> = {
  'without-approval': {
    label: 'Proceed without approval', verb: 'Sign that it goes on without approval', ask: 'Why it goes on without it, and who was tried',
    after: 'This is no way around. Afterwards it is on record that you go on although this approval is not there. It opens nothing: the gate stays closed, a deployment stays unauthorised and asks the CTO for a finding.',
  },
  'unsigned': {
    label: 'Record that it is deployed unsigned', verb: 'Sign that it is deployed unsigned', ask: 'Why nobody could sign the artifacts',
    after: 'Afterwards it is on record that the patch goes out without a signature, and the signature is owed until the artifacts are signed. It opens nothing by itself.',
  },
};

/** What is left out, on record; it opens nothing by itself. */
export function DeviationForm({ detail, roles, deviation, role = '', onDone, onClose }: ActFormProps & { readonly deviation: Deviation; readonly role?: string }): ReactElement {
  const { label, verb, ask, after } = SAYS[deviation];
  return (
    <EmergencyAct
      record={detail.emergency.record} name={`deviation-${deviation}`} label={label} verb={verb} roles={roles} after={after} onDone={onDone} onClose={onClose} blank={{ role, reason: '' }}
      say={(fields) => {
        const of = deviation === 'unsigned' ? null : (ROLES.find(([id]) => id === fields.role)?.[0] ?? null);
        if (deviation === 'without-approval' && of === null) return 'Say whose approval is not there.';
        return fields.reason.trim() === '' ? 'Say why.' : { done: { kind: 'deviation', deviation, role: of }, reason: fields.reason.trim() };
      }}
      ask={(fields, change) => (
        <>
          {deviation === 'unsigned' ? null : <Choice label="Whose approval is not there" options={ROLES} value={(ROLES.find(([id]) => id === fields.role)?.[0] ?? '') as 'cto'} onChange={(next) => change({ role: next })} testId="deviation-role" />}
          <Words label={ask} value={fields.reason} onChange={(reason) => change({ reason })} testId="deviation-reason" />
        </>
      )}
    />
  );
}

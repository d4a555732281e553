import type { ReactElement } from 'react';
import type { EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { ReleaseVersion } from '../../../core/model/primitives.ts';
import { useSigner } from '../../components/SignAs.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { client } from '../../core-client.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import { Line, Words } from '../deployment/fields.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { readEmergencies } from './emergency-store.ts';
import { anyOf, dueOf, hoursInWords, SEVERITY_WORDS } from './emergency-words.ts';
import { useSeverityFields } from './SeverityFields.tsx';

interface FormProps {
  readonly emergency: EmergencyShown;
  readonly terms: EmergencyTerms;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** How bad it is, by a signed decision; the clock's end moves, and not its beginning. */
export function SeverityForm({ emergency, terms, onDone, onClose }: FormProps): ReactElement {
  const { fields, change, forget } = useKept(`emergency.severity.${emergency.record}`, { severity: 'vector', vector: '', reason: '' });
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const { decided, field: severityField } = useSeverityFields(fields, terms, change);
  const vector = fields.vector.trim();
  const wanting =
    notForSeat(seat?.roles ?? null, terms)
    ?? decided.wanting
    ?? (decided.becomes === emergency.severity && vector === '' ? `It is ${SEVERITY_WORDS[emergency.severity].toLowerCase()} already.` : fields.reason.trim() === '' ? 'Say why, so that others can judge it.' : signer === null ? wantsToSign(seat) : null);
  const { becomes } = decided;
  return (
    <ActForm
      label="Decide its severity" verb={becomes === null || becomes === 'unknown' ? 'Decide the severity' : `Decide that it is ${becomes}`} testId="severity-form" wanting={wanting} onClose={onClose}
      after={becomes === null ? 'Afterwards the clock ends by the severity that you decide. It counts from the same moment as before.' : (
        <span data-testid="severity-after">Afterwards it is {SEVERITY_WORDS[becomes].toLowerCase()} and what mends it is to be deployed by <TimeText time={dueOf(emergency.sla.from, terms.hours[becomes])} short />, {hoursInWords(terms.hours[becomes])} after the detection; until now that was <TimeText time={emergency.sla.due} short />. The clock counts from the same moment as before.</span>
      )}
      onSend={async () => {
        if (signer === null || decided.wanting !== null) return;
        await client.call('emergency.severity', { emergency: emergency.record, ...signer, severity: decided.given, vector: vector === '' ? null : vector, reason: fields.reason.trim() });
        forget();
        clear();
        await readEmergencies();
        onDone();
      }}
    >
      {severityField}
      <Words label="Why" value={fields.reason} onChange={(reason) => change({ reason })} testId="severity-reason" />
      {field}
    </ActForm>
  );
}

/** Which version mends it; a deployment of that one has authority outside the window. */
export function ReleaseForm({ emergency, terms, onDone, onClose }: FormProps): ReactElement {
  const { fields, change, forget } = useKept(`emergency.release.${emergency.record}`, { release: '', reason: '' });
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const release = fields.release.trim();
  const wanting =
    notForSeat(seat?.roles ?? null, terms)
    ?? (!ReleaseVersion.safeParse(release).success ? 'A version is written as v1.2.3.' : release === emergency.release ? `${release} is named already.` : fields.reason.trim() === '' ? 'Say why this version mends it.' : signer === null ? wantsToSign(seat) : null);
  return (
    <ActForm
      label="Name the version that mends it" verb={wanting === null ? `Name ${release}` : 'Name the version'} testId="release-form" wanting={wanting} onClose={onClose}
      after={`Afterwards a deployment of ${release === '' ? 'this version' : release} to production is authorised outside the maintenance window, and the clock ends with it.${emergency.release === null ? '' : ` ${emergency.release} is the one no more.`}`}
      onSend={async () => {
        if (signer === null) return;
        await client.call('emergency.release', { emergency: emergency.record, ...signer, release, reason: fields.reason.trim() });
        forget();
        clear();
        await readEmergencies();
        onDone();
      }}
    >
      <Line label="The version that mends it" hint="As v1.1.1." value={fields.release} onChange={(next) => change({ release: next })} testId="mending-release" />
      <Words label="Why this one" value={fields.reason} onChange={(reason) => change({ reason })} testId="release-reason" />
      {field}
    </ActForm>
  );
}

function notForSeat(roles: readonly string[] | null, { declarers }: EmergencyTerms): string | null {
  return roles !== null && !roles.some((role) => declarers.includes(role)) ? `That is for ${anyOf(declarers)}.` : null;
}

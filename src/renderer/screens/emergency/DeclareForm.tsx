import { useEffect, type ReactElement } from 'react';
import type { EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { ReleaseVersion } from '../../../core/model/primitives.ts';
import { useSigner } from '../../components/SignAs.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { instantOf, utc } from '../../components/wording.ts';
import { client } from '../../core-client.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import { Choice, Line } from '../deployment/fields.tsx';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { useKept } from '../deployment/use-kept.ts';
import styles from './emergency.module.css';
import { readEmergencies, useEmergencyTime } from './emergency-store.ts';
import { anyOf, dueOf, hoursInWords } from './emergency-words.ts';
import { useSeverityFields } from './SeverityFields.tsx';

const BLANK = { criterion: '', reason: '', when: 'now', time: '', saidBy: '', severity: 'unknown', vector: '', release: '' };
const WHEN = [['now', 'Just now: the clock begins with your signature'], ['earlier', 'Earlier']] as const;

/** Three answers in the order in which a call goes; what else is known already can be said, or later. */
export function DeclareForm({ terms }: { readonly terms: EmergencyTerms }): ReactElement {
  const { fields, change, forget } = useKept('emergency.declare', BLANK);
  const { signer, field, clear } = useSigner();
  const { seat, asking } = useSeat();
  const now = useEmergencyTime();
  // Whoever took the seat from here goes on where they sign.
  const form = useFocusKept<HTMLDivElement>(`${seat?.key ?? ''} ${asking}`, 'input[type="password"], button[type="submit"]');
  const { decided, field: severityField } = useSeverityFields(fields, terms, change);
  const criterion = terms.criteria.find(({ id }) => id === fields.criterion) ?? null;
  const earlier = fields.when === 'earlier' ? instantOf(fields.time) : null;
  const release = fields.release.trim();

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input[type="radio"]')?.focus();
  }, [form]);
  const choose = (id: string) => (): void => {
    change({ criterion: id });
    form.current?.querySelector<HTMLElement>('[data-testid="declare-reason"]')?.focus();
  };
  useKeys(Object.fromEntries(terms.criteria.map(({ id }, at) => [String(at + 1), choose(id)])));

  const wanting =
    terms.declarers.length === 0 ? 'Nobody may declare here: no roster in force names the policy file of this console. People takes a roster, Settings another policy file; or call somebody at another console.'
    : seat !== null && !seat.roles.some((role) => terms.declarers.includes(role)) ? `Declaring an emergency is for ${anyOf(terms.declarers)}. Call one of them.`
    : criterion === null ? 'Choose which of the four it is.'
    : fields.reason.trim() === '' ? 'Say in one sentence what is happening.'
    : fields.when === 'earlier' && earlier === null ? 'The time is written as 2026-01-12 02:40, in UTC.'
    : earlier !== null && Date.parse(earlier) > now ? `That is yet to come: here it is ${utc(new Date(now).toISOString())} UTC.`
    : decided.wanting !== null ? decided.wanting
    : release !== '' && !ReleaseVersion.safeParse(release).success ? 'A version is written as v1.2.3.'
    : signer === null ? wantsToSign(seat) : null;
  const known = fields.severity !== 'unknown' || fields.vector !== '' || release !== '';
  const hours = terms.hours[decided.becomes ?? 'unknown'];
  return (
    <div ref={form} className={styles['column']}>
      <ActForm
        label="Declare an emergency" verb="Declare the emergency" testId="declare" wanting={wanting}
        after={(
          <span data-testid="declare-after">
            Afterwards a clock runs: what mends it is to be deployed to production {earlier === null ? `within ${hoursInWords(hours)} of your signature` : <>by <TimeText time={dueOf(earlier, hours)} short />, {hoursInWords(hours)} after it was detected</>}. It stands on top of every screen of every console that has the record, and never begins anew. A declaration is not taken back.
          </span>
        )}
        onSend={async () => {
          if (signer === null || criterion === null || decided.wanting !== null) return;
          // "Just now" is by the console's clock, which is the one that the record is dated by.
          const detectedAt = earlier ?? (await client.call('emergency.status', { emergency: null })).at;
          const declared = await client.call('emergency.declare', {
            ...signer, criterion: criterion.id, reason: fields.reason.trim(), detectedAt, detectedSaidBy: fields.saidBy.trim() === '' ? null : fields.saidBy.trim(),
            severity: fields.vector.trim() === '' && decided.given === 'unknown' ? null : decided.given, vector: fields.vector.trim() === '' ? null : fields.vector.trim(), release: release === '' ? null : release,
          });
          forget();
          clear();
          await readEmergencies();
          goTo(addressOf.emergency(declared.record));
        }}
      >
        <fieldset className={styles['criteria']} data-testid="criteria">
          <legend className={styles['asked']}>1. Which of the four is it? (§10.1)</legend>
          {terms.criteria.map(({ id, words }, at) => (
            <label key={id} className={styles['criterion']} data-chosen={fields.criterion === id}>
              <input type="radio" name="criterion" value={id} checked={fields.criterion === id} onChange={() => change({ criterion: id })} />
              <span>{words}</span>
              <kbd aria-hidden="true">{at + 1}</kbd>
            </label>
          ))}
          <p className={styles['soft']}>The keys 1 to {terms.criteria.length} choose, and go on to the sentence.</p>
        </fieldset>
        <Line label="2. What is happening, in one sentence?" value={fields.reason} onChange={(reason) => change({ reason })} testId="declare-reason" />
        <div className={styles['when']}>
          <Choice label="3. When was it detected?" options={WHEN} value={fields.when === 'earlier' ? 'earlier' : 'now'} onChange={(when) => change({ when })} testId="declare-when" />
          {fields.when === 'earlier' ? <Line label="The time, in UTC" hint="As 2026-01-12 02:40. The clock counts from then, even where that lies before the declaration." value={fields.time} onChange={(time) => change({ time })} testId="declare-time" /> : null}
          <Line label="Who said so" hint="Leave it empty where you saw it yourself." value={fields.saidBy} onChange={(saidBy) => change({ saidBy })} testId="declare-said-by" />
        </div>
        <details className={styles['fold']} open={known || undefined}>
          <summary data-testid="declare-more">What is known already: the severity, the version that mends it. All of it can wait.</summary>
          <div className={styles['more']}>
            {severityField}
            <Line label="The version that mends it" hint="As v1.1.1. It is deployed at once, outside the maintenance window." value={fields.release} onChange={(next) => change({ release: next })} testId="declare-release" />
          </div>
        </details>
        {field}
      </ActForm>
    </div>
  );
}

import type { ReactElement, ReactNode } from 'react';
import type { EmergencyDone } from '../../../core/contract/emergency-calls.ts';
import { useSigner } from '../../components/SignAs.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { client } from '../../core-client.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { runTask } from '../../frame/task-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { takeDetail } from './detail-store.ts';
import { readEmergencies } from './emergency-store.ts';
import { anyOf } from './emergency-words.ts';

/** What is signed, or what is still wanting, in words. */
export type Said = string | { readonly done: EmergencyDone; readonly reason: string };

interface ActProps<Fields extends Readonly<Record<string, string>>> {
  readonly record: string;
  /** What is typed is kept by it; its first word names the form. */
  readonly name: string;
  readonly label: string;
  readonly verb: string;
  readonly after: ReactNode;
  readonly blank: Fields;
  /** Who can sign it, by role; empty where that is not said by role. */
  readonly roles: readonly string[];
  /** `at`: the console's time; of a look before signing, when it was read. */
  readonly say: (fields: Fields, at: string) => Said;
  readonly ask: (fields: Fields, change: (some: Partial<Fields>) => void) => ReactNode;
  readonly onDone?: (() => void) | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** One act in an emergency: what it asks, and the signature. What is typed outlives errors and a look elsewhere. */
export function EmergencyAct<Fields extends Readonly<Record<string, string>>>({ record, name, label, verb, after, blank, roles, say, ask, onDone, onClose }: ActProps<Fields>): ReactElement {
  const { fields, change, forget } = useKept<Fields>(`emergency.${name}.${record}`, blank);
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const said = say(fields, '2026-01-01T00:00:00Z');
  const wanting = notForSeat(seat?.roles ?? null, roles) ?? (typeof said === 'string' ? said : signer === null ? wantsToSign(seat) : null);
  return (
    <ActForm
      label={label} verb={verb} testId={`act-${name.split(' ', 1)[0] ?? ''}-form`} wanting={wanting} after={after} {...(onClose === undefined ? {} : { onClose })}
      onSend={async () => {
        if (signer === null) return;
        // What is dated is dated by the console's clock, which is the one that the record has.
        const { at } = await client.call('emergency.status', { emergency: null });
        const sent = say(fields, at);
        if (typeof sent === 'string') return;
        const detail = await runTask('emergency.act', { emergency: record, ...signer, ...sent }, { label, address: addressOf.emergency(record), done: () => `${label}: recorded.` });
        forget();
        clear();
        takeDetail(detail);
        await readEmergencies();
        onDone?.();
      }}
    >
      {ask(fields, change)}
      {field}
    </ActForm>
  );
}

export function notForSeat(seat: readonly string[] | null, roles: readonly string[]): string | null {
  return seat !== null && roles.length > 0 && !seat.some((role) => roles.includes(role)) ? `That is for ${anyOf(roles)}.` : null;
}

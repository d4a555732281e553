import type { ReactElement } from 'react';
import type { VerbalRequestShown } from '../../../../core/contract/verbal-calls.ts';
import controls from '../../../components/controls.module.css';
import { Paths, pathsIn } from '../../deployment/fields.tsx';
import { Pick } from '../Pick.tsx';
import { Onward } from './Block.tsx';
import type { CallFields } from './call-fields.ts';
import styles from './call.module.css';

/** Who else was on the line, and what was recorded by other means. Without a code it is the witness by whom it counts. */
export function OnTheLine({ open, fields, change, coded, onNext }: { readonly open: VerbalRequestShown; readonly fields: CallFields; readonly change: (some: Partial<CallFields>) => void; readonly coded: boolean; readonly onNext: () => void }): ReactElement {
  const files = pathsIn(fields.files);
  const alone = fields.witness === '' && !coded;
  return (
    <Onward verb="Go on" wanting={files.length > 0 && fields.consent !== 'yes' ? 'A recording is attached only where they agreed to it.' : null} onNext={onNext}>
      <div data-first-in>
        <Pick
          label="Who else was on the line" none="Nobody" hint="They sign on their own console that they heard it, then or later. Deployment does not wait for it."
          options={open.witnesses.map(({ id, name }) => [id, name] as const)} value={fields.witness} onChange={(witness) => change({ witness })} testId="call-witness" first
        />
      </div>
      {alone ? <p className={styles['warning']} data-testid="word-only">Without a code and without a witness it is your word alone. It is recorded, and opens nothing.</p> : null}
      <details open={files.length > 0 || undefined}>
        <summary>Attach notes, or a recording made by other means</summary>
        <div className={styles['more']}>
          <Paths label="Files" hint="They are attached by their digest." value={fields.files} onChange={(next) => change({ files: next })} testId="call-files" />
          <label className={controls['choice']}><input type="checkbox" checked={fields.consent === 'yes'} data-testid="call-consent" onChange={(event) => change({ consent: event.target.checked ? 'yes' : '' })} />They said in the call that they agree to it</label>
        </div>
      </details>
    </Onward>
  );
}

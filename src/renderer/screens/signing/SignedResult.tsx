import type { ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { VerdictBadge, VerificationReport } from '../../components/VerificationReport.tsx';
import { counted, grouped } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { changeRoom, type Checked, type Room, type Signed } from './signing-store.ts';
import styles from './signing.module.css';

/** What was written where, how anyone can check it, and what checking it here came to. */
export function SignedResult({ id, room, signed }: { readonly id: string; readonly room: Room; readonly signed: Signed }): ReactElement {
  const script = signed.commands.join('\n');
  return (
    <div className={styles['result']} data-testid="signing-result">
      <p>With key <code>{grouped(signed.key)}</code>. Recorded as <a href={addressOf.entry(signed.record)}>{signed.record}</a>.</p>
      <Section title="Verified here, as anybody else would">
        <ul className={styles['checked']}>
          {signed.artifacts.map(({ name }) => (
            <li key={name} className={styles['checkedItem']} data-testid={`verified-${name}`}>
              <div className={styles['checkedHead']}>
                <span className={styles['mono']} dir="auto">{name}</span>
                <CheckedBadge checked={room.checked[name]} />
              </div>
              <CheckedBody checked={room.checked[name]} />
            </li>
          ))}
        </ul>
      </Section>
      <Section title="How anyone can check it" aside={<CopyButton text={script} what="the commands" label="Copy the commands" />}>
        <pre className={styles['commands']} tabIndex={0} aria-label="Commands">{script}</pre>
      </Section>
      <Section title="What was written" aside={counted(signed.written.length, 'file')}>
        <ul className={styles['written']}>
          {signed.written.map(({ path, sha256 }) => (
            <li key={path}><PathText path={path} /><Digest value={sha256} /></li>
          ))}
        </ul>
      </Section>
      <div className={styles['act']}>
        <ButtonLink href={addressOf.release(id, 'artifacts')} kind="primary">Return to the release</ButtonLink>
        <Button onClick={() => changeRoom(id, { signed: null, checked: {}, replace: false })}>Sign other files</Button>
      </div>
    </div>
  );
}

function CheckedBadge({ checked }: { readonly checked: Checked | undefined }): ReactElement {
  if (checked?.state === 'done') return <VerdictBadge verification={checked.verification} />;
  return <span className={styles['soft']}>{checked?.state === 'failed' ? 'Could not be verified' : checked?.state === 'going' ? 'Verifying' : 'Waits'}</span>;
}

function CheckedBody({ checked }: { readonly checked: Checked | undefined }): ReactElement | null {
  if (checked?.state === 'done') return <VerificationReport verification={checked.verification} />;
  if (checked?.state === 'failed') return <ErrorPanel error={checked.error} />;
  return null;
}

import { ArrowLeft, Printer } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import type { AppError } from '../../../../core/model/errors.ts';
import { Button, ButtonLink } from '../../../components/Button.tsx';
import { ErrorPanel } from '../../../components/ErrorPanel.tsx';
import { Screen } from '../../../components/Screen.tsx';
import { client, shownError } from '../../../core-client.ts';
import { addressOf } from '../../../frame/routes.ts';
import styles from './call.module.css';

/** The form of a call on paper: filled in by hand, and entered late and marked so. It prints as it is read. */
export function CallFormScreen({ of, request }: { readonly of: string; readonly request: string }): ReactElement {
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let gone = false;
    client.call('verbal.form', { request, out: null }).then((form) => !gone && setText(form.text), (cause: unknown) => !gone && setError(shownError(cause)));
    return () => {
      gone = true;
    };
  }, [request]);
  return (
    <Screen
      title="Form of a call, on paper" lead="What is written on it is entered late in the call itself, and is marked so."
      actions={(
        <>
          <ButtonLink href={addressOf.callOf(of, request)} kind="quiet"><ArrowLeft aria-hidden="true" />Back to the call</ButtonLink>
          <Button kind="primary" disabled={text === null} onClick={() => window.print()} testId="print-form"><Printer aria-hidden="true" />Print this form</Button>
        </>
      )}
    >
      {error === null ? null : <ErrorPanel error={error} />}
      {text === null ? null : <pre className={styles['paper']} data-testid="call-form-text" tabIndex={0} aria-label="The form">{text}</pre>}
    </Screen>
  );
}

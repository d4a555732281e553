import type { ReactElement } from 'react';
import { ButtonLink } from '../components/Button.tsx';
import { Screen } from '../components/Screen.tsx';
import { addressOf } from './routes.ts';

/** An address that no screen answers to. */
export function NowhereScreen({ address }: { readonly address: string }): ReactElement {
  return (
    <Screen title="There is no such screen">
      <p>Nothing answers to <code>{address}</code>. It may have been written by another version of Countersign.</p>
      <p><ButtonLink href={addressOf.home} kind="primary">Go to Home</ButtonLink></p>
    </Screen>
  );
}

import type { ReactElement } from 'react';
import { Screen } from '../../components/Screen.tsx';

export function PeopleScreen({ version }: { readonly version: number | null }): ReactElement {
  return <Screen title="People">{version}</Screen>;
}

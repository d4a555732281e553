import type { ReactElement } from 'react';
import { Screen } from '../../components/Screen.tsx';

export function RollbackScreen({ id, of }: { readonly id: string; readonly of: string | null }): ReactElement {
  return <Screen title={`Roll back ${id}`}>{of}</Screen>;
}

import type { ReactElement } from 'react';
import { Screen } from '../../components/Screen.tsx';

export function ApproveScreen({ id }: { readonly id: string }): ReactElement {
  return <Screen title={`Decide on ${id}`}>{null}</Screen>;
}

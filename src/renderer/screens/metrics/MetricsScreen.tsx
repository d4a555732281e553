import type { ReactElement } from 'react';
import { Screen } from '../../components/Screen.tsx';

export function MetricsScreen(): ReactElement {
  return <Screen title="Metrics">{null}</Screen>;
}

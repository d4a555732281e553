import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';

export function ApprovalsTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  return <p>{id} {assessment.report.release}</p>;
}

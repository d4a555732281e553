import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { BoardPart } from '../deployment/BoardPart.tsx';

/** Where the release is deployed, stage by stage, and what comes next there. */
export function DeploymentTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  return <BoardPart key={assessment.report.release} id={id} assessment={assessment} />;
}

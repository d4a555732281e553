import type { z } from 'zod';
import { ApprovalRecord } from '../approval.ts';
import { ChecklistRunRecord, DeploymentRecord, KNOWN_EVENT_TYPES, ReleaseRecord, RollbackRecord, SigningRecord } from '../archive.ts';
import { CardEnrolmentRecord, KeyRevocationRecord, KeyRotationRecord } from '../key-records.ts';
import { ReleaseActRecord, ReleasePlanRecord } from '../plan.ts';
import { AttestationRecord, RiskAcceptanceRecord } from '../statements.ts';
import { DeploymentStageRecord, MonitoringRecord } from './deployment.ts';
import { EmergencyPatchRecord } from './emergency.ts';
import {
  CorrectionRecord, LegalHoldRecord, PostMortemRecord, RosterChangeRecord, TombstoneRecord, WithdrawalRecord,
} from './people.ts';
import { ConfigurationBaselineRecord, DriftRecord, PipelineAccessRecord, PipelineExecutionRecord, PipelineModificationRecord, SbomRecord } from './pipeline.ts';
import { RollbackStageRecord } from './rollback.ts';
import { DisputeRecord, RatificationRecord, VerbalApprovalRecord, VerbalRequestRecord } from './verbal.ts';

type EventType = (typeof KNOWN_EVENT_TYPES)[number];

/** What a record of a type holds, and which clause asks for it. Fields beyond it are kept as they are. */
export interface RecordForm {
  readonly schema: z.ZodType;
  readonly clause: string;
}

/** Every type of event, once. */
export const RECORD_FORMS: Readonly<Record<EventType, RecordForm>> = {
  release: { schema: ReleaseRecord, clause: 'policy §11.1' },
  deployment: { schema: DeploymentRecord, clause: 'policy §11.2' },
  rollback: { schema: RollbackRecord, clause: 'policy §11.3' },
  approval: { schema: ApprovalRecord, clause: 'the approval record' },
  rejection: { schema: ApprovalRecord, clause: 'the approval record' },
  withdrawal: { schema: WithdrawalRecord, clause: 'the withdrawal record' },
  verbal_request: { schema: VerbalRequestRecord, clause: 'policy §10.2' },
  verbal_approval: { schema: VerbalApprovalRecord, clause: 'policy §10.2' },
  ratification: { schema: RatificationRecord, clause: 'policy §10.2' },
  dispute: { schema: DisputeRecord, clause: 'the dispute record' },
  risk_acceptance: { schema: RiskAcceptanceRecord, clause: 'policy §3.3' },
  attestation: { schema: AttestationRecord, clause: 'the attestation record' },
  checklist_run: { schema: ChecklistRunRecord, clause: 'the checklist record' },
  signing: { schema: SigningRecord, clause: 'the signing record' },
  sbom: { schema: SbomRecord, clause: 'policy §3.4' },
  pipeline_execution: { schema: PipelineExecutionRecord, clause: 'policy §5.2.3' },
  pipeline_access: { schema: PipelineAccessRecord, clause: 'policy §5.1.1' },
  pipeline_modification: { schema: PipelineModificationRecord, clause: 'policy §5.2.3' },
  configuration_baseline: { schema: ConfigurationBaselineRecord, clause: 'policy §8.1.2' },
  drift: { schema: DriftRecord, clause: 'policy §8.1.3' },
  emergency_patch: { schema: EmergencyPatchRecord, clause: 'policy §10' },
  post_mortem: { schema: PostMortemRecord, clause: 'policy §10.2' },
  key_rotation: { schema: KeyRotationRecord, clause: 'the key rotation record' },
  key_revocation: { schema: KeyRevocationRecord, clause: 'the key revocation record' },
  card_enrolment: { schema: CardEnrolmentRecord, clause: 'the card enrolment record' },
  roster_change: { schema: RosterChangeRecord, clause: 'the roster change record' },
  monitoring: { schema: MonitoringRecord, clause: 'policy §2, step 7' },
  correction: { schema: CorrectionRecord, clause: 'the correction record' },
  tombstone: { schema: TombstoneRecord, clause: 'the tombstone record' },
  release_plan: { schema: ReleasePlanRecord, clause: 'policy §2, step 1' },
  release_act: { schema: ReleaseActRecord, clause: 'policy §2' },
  deployment_stage: { schema: DeploymentStageRecord, clause: 'policy §9.3' },
  rollback_stage: { schema: RollbackStageRecord, clause: 'policy §9.2' },
  legal_hold: { schema: LegalHoldRecord, clause: 'the legal hold record' },
};

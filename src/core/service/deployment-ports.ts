import type { RecordParts } from '../archive/entry.ts';
import type { CallContext } from '../contract/serve.ts';
import type { EvidenceLimits } from '../model/evidence.ts';
import type { ReleaseDraft } from '../model/release.ts';
import type { JudgedRelease } from '../workflow/assess-release.ts';
import type { ArchivePort } from './archive-port.ts';
import type { DocumentPorts } from './document-deployment.ts';
import type { ReportPorts } from './test-outcome.ts';
import type { WorkflowPorts } from './workflow-ports.ts';

/** What deploying needs from the machine. */
export interface DeploymentPorts extends WorkflowPorts, ReportPorts, DocumentPorts {
  readonly assess: (draft: ReleaseDraft, at: string, context: CallContext) => Promise<JudgedRelease>;
  readonly archive: () => Promise<ArchivePort & { readonly append: (drafts: readonly RecordParts[]) => ReturnType<ArchivePort['appendRecords']> }>;
  /** Artifacts by name: the lines of a list, or the files of a folder. */
  readonly readTarget: (path: string, limits: EvidenceLimits, context: CallContext) => Promise<ReadonlyMap<string, string>>;
  readonly version: string;
}

import type { z } from 'zod';
import { ApprovalStatement } from './approval.ts';
import { AttachmentRef, Entry, EntryRef, PersonalSignature } from './archive.ts';
import { EvidenceListing, EvidenceManifest } from './evidence.ts';
import { Roster } from './roster.ts';
import { Verification } from './verification.ts';
import { CheckReport } from './verdict.ts';
import { WithdrawnList } from './withdrawn.ts';

/**
 * The formats that two programs must agree on (FORMATS §2–§8), by the name under which their JSON Schema and their
 * vectors are kept. A change to one of them is a new `v`.
 */
export const formats = {
  'entry': Entry,
  'entry-ref': EntryRef,
  'attachment': AttachmentRef,
  'personal-signature': PersonalSignature,
  'roster': Roster,
  'approval': ApprovalStatement,
  'evidence-manifest': EvidenceManifest,
  'evidence': EvidenceListing,
  'check': CheckReport,
  'verify': Verification,
  'withdrawn': WithdrawnList,
} as const satisfies Record<string, z.ZodType>;

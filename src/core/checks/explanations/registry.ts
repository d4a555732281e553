import type { CheckId } from '../../model/verdict.ts';
import { approvals } from './approval.ts';
import { codeQuality } from './code-quality.ts';
import { compliance } from './compliance.ts';
import type { Explanation } from './explanation.ts';
import { infrastructure } from './infrastructure.ts';
import { security } from './security.ts';
import { testing } from './testing.ts';
import { automatedVerification, manualVerification } from './verification.ts';

/** Every line's explanation. A line without one does not type-check. */
export const explanations: Readonly<Record<CheckId, Explanation>> = {
  ...codeQuality, ...testing, ...security, ...compliance, ...infrastructure, ...approvals, ...automatedVerification, ...manualVerification,
};

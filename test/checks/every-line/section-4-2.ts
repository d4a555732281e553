import type { CheckId } from '../../../src/core/model/verdict.ts';
import type { Examples } from './example.ts';
import { word } from './persons-word.ts';

/** §4.2 Manual Verification */
export const manualVerification = {
  'qa-automated-checks': word('qa-automated-checks', 'qa'),
  'qa-release-notes': word('qa-release-notes', 'qa'),
  'qa-changelog': word('qa-changelog', 'qa'),
  'qa-api-documentation': word('qa-api-documentation', 'qa'),
  'qa-staging-tested': word('qa-staging-tested', 'qa'),
  'qa-no-critical-issues': word('qa-no-critical-issues', 'qa'),
} as const satisfies Partial<Record<CheckId, Examples>>;

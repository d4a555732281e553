import { z } from 'zod';

/**
 * The closed set of expected failures. `exit` is the command line's exit code (FORMATS §8);
 * whatever is not in this list is a bug, and reaches a caller only as `internal` with an id.
 */
export const ERROR_CODES = {
  'bad-input': { exit: 2 },
  'unknown-call': { exit: 2 },
  'not-found': { exit: 2 },
  'already-exists': { exit: 2 },
  'not-a-repository': { exit: 2 },
  'unknown-revision': { exit: 2 },
  'malformed': { exit: 2 },
  'too-large': { exit: 2 },
  'too-deep': { exit: 2 },
  'outside-folder': { exit: 2 },
  'policy-invalid': { exit: 2 },
  'not-permitted': { exit: 1 },
  'verification-failed': { exit: 1 },
  'fork-detected': { exit: 1 },
  'key-unusable': { exit: 3 },
  'pin-failed': { exit: 3 },
  'gpg-unavailable': { exit: 3 },
  'gpg-failed': { exit: 3 },
  'git-unavailable': { exit: 3 },
  'git-failed': { exit: 3 },
  'browser-unavailable': { exit: 3 },
  'storage-failed': { exit: 3 },
  'storage-busy': { exit: 3 },
  'environment': { exit: 3 },
  'cancelled': { exit: 3 },
  'internal': { exit: 4 },
} as const satisfies Record<string, { exit: 1 | 2 | 3 | 4 }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const ErrorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

/** An expected failure as it travels: what happened, what to do about it, and where. */
export const AppErrorShape = z.strictObject({
  code: ErrorCode,
  message: z.string(),
  hint: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AppErrorShape = z.infer<typeof AppErrorShape>;

/** An expected failure: one clear sentence, a hint at the next step, and details such as file and place. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: AppErrorShape['details'];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: AppErrorShape['details']; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? {};
  }

  toShape(): AppErrorShape {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

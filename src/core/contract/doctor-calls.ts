import { z } from 'zod';
import { call } from './declare.ts';

const HealthCheck = z.strictObject({
  id: z.enum(['gpg', 'gpg-agent', 'pinentry', 'scdaemon', 'pcscd', 'card', 'clock', 'gnupg-folder', 'data-folder', 'disk', 'log-key', 'archive', 'git', 'confinement']),
  state: z.enum(['ok', 'warning', 'problem', 'not-needed']),
  message: z.string(),
  /** An exact command; null where there is nothing to do. */
  remedy: z.string().nullable(),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

/** What this machine has of what the console needs; part of the contract. */
export const doctorCalls = {
  'console.diagnose': call({ effect: 'read', input: z.strictObject({}), output: z.strictObject({ healthy: z.boolean(), checks: z.array(HealthCheck) }) }),
} as const;

import { z } from 'zod';
import { DeploymentMethod } from '../model/plan.ts';
import { ReleaseVersion, UtcTime } from '../model/primitives.ts';
import { call } from './declare.ts';
import { DeploymentShown } from './plan-calls.ts';
import { RollbackShown } from './rollback-calls.ts';

const Roles = z.array(z.string());

/** Where a release is deployed, and by which rules; part of the contract. */
export const boardCalls = {
  'deployment.board': call({
    effect: 'read',
    input: z.strictObject({ release: ReleaseVersion }),
    output: z.strictObject({
      release: z.string(), at: UtcTime,
      planned: z.strictObject({ method: DeploymentMethod, previous: z.string().nullable(), rollbackPlan: z.string() }).nullable(),
      deployments: z.array(DeploymentShown), rollbacks: z.array(RollbackShown),
      /** Who may what, and for how long, by the policy file in force; nobody by one that no roster names. */
      rules: z.strictObject({
        deployers: Roles, watchers: Roles, rollers: Roles, hours: z.number(), canary: z.array(z.strictObject({ percent: z.number(), minutes: z.number() })),
        /** What the policy says of the settings of each environment (§8.2). */
        environments: z.array(z.strictObject({ environment: z.string(), settings: z.record(z.string(), z.string()) })),
        triggers: z.array(z.strictObject({ id: z.string(), clause: z.string(), words: z.string() })), slowerPercent: z.number(), causeDays: z.number(),
      }),
      /** Those whom the roster in force names, for whom to ask and whom to name. */
      people: z.array(z.strictObject({ id: z.string(), name: z.string(), roles: Roles, phones: z.array(z.string()) })),
    }),
  }),
} as const;

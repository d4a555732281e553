import { z } from 'zod';
import { AppErrorShape } from '../model/errors.ts';

/** What travels back: errors thrown through a binding or an IPC channel lose their code, so they are values. */
export const Envelope = z.union([
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: AppErrorShape }),
]);
export type Envelope<Value = unknown> = { ok: true; value: Value } | { ok: false; error: AppErrorShape };

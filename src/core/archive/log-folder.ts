import { AppError } from '../model/errors.ts';

/** Names that lie inside every log's folder, or beside the logs: a part of an origin that bears one would stand in their way. */
const TAKEN = new Set(['checkpoint', 'vkey', 'tile', 'blob', 'cosigned']);
/** Names that Windows keeps for devices, whatever follows a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * That an origin can be the path of its log's folder on every system, and in nobody's way (FORMATS §1: it becomes a
 * path). Otherwise a log `LOG/checkpoint` would keep the log `LOG` from ever being written out. Errors: `outside-folder`.
 */
export function checkLogFolder(origin: string): void {
  const wrong = origin.split('/').find((part) => TAKEN.has(part) || DEVICE.test(part) || part.startsWith('.') || part.endsWith('.'));
  if (wrong === undefined) return;
  throw new AppError('outside-folder', `A log cannot be named ${origin}: "${wrong}" cannot be a folder of a log.`, { details: { origin } });
}

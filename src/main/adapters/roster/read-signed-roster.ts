import { readFile } from 'node:fs/promises';
import { AppError } from '../../../core/model/errors.ts';
import { Roster } from '../../../core/model/roster.ts';
import { verifyHeld } from '../../../core/openpgp/verify-held.ts';
import type { ReadRoster } from '../../../core/service/next-roster.ts';
import { sha256Of } from '../../../core/workflow/canonical.ts';
import { readText } from '../text-files.ts';
import { rosterKeyring } from './roster-keyring.ts';
import { signaturesBeside } from './signatures-beside.ts';

export const MAX_ROSTER_BYTES = 16 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 64 * 1024;

/**
 * Reads a roster file with the signatures beside it (`FILE.asc`, `FILE.NAME.asc`), each verified against the
 * certificates of administrators that it carries itself, and those that others do. Errors: `not-found`, `malformed`, `too-large`.
 */
export async function readSignedRoster(file: string, now: () => Date, others: readonly Roster[] = []): Promise<ReadRoster> {
  const text = await readText(file, MAX_ROSTER_BYTES);
  const roster = parseRoster(text, file);
  const keyring = rosterKeyring([roster, ...others], 'admin');
  const signers = new Set<string>();
  let signedAt: string | null = null;
  const signatures: ReadRoster['signatures'][number][] = [];
  for (const signature of await signaturesBeside(file)) {
    const bytes = await readFile(signature);
    if (bytes.length > MAX_SIGNATURE_BYTES) throw new AppError('too-large', `${signature} is no signature: it has ${bytes.length} bytes.`, { details: { path: signature } });
    // Over the very bytes that were parsed.
    const judged = verifyHeld(bytes, Buffer.from(text, 'utf8'), keyring, now());
    signatures.push({ file: signature, asc: bytes.toString('utf8'), judged });
    for (const { today, primary, created } of judged) {
      if (today !== 'good' || primary === null) continue;
      signers.add(primary);
      if (created !== null && (signedAt === null || created > signedAt)) signedAt = created;
    }
  }
  return { roster, digest: sha256Of(text), signers, signedAt, text, signatures };
}

export function parseRoster(text: string, file: string): Roster {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', `${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { details: { path: file }, cause });
  }
  const parsed = Roster.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('malformed', `${file} is not a roster: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`, {
    hint: 'schemas/roster.schema.json describes its form.', details: { path: file, place: issue?.path.map(String).join('.') ?? '' },
  });
}

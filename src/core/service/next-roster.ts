import { canonicalJson } from '../archive/canonical-json.ts';
import { AppError } from '../model/errors.ts';
import type { Roster } from '../model/roster.ts';
import type { JudgedSignature } from '../openpgp/judge-signature.ts';
import type { OpenFork, SignedRoster } from '../roster/judge-roster.ts';
import { whyUnusable } from '../roster/propose.ts';
import { sha256Of } from '../workflow/canonical.ts';

/** A roster as it was read, with the text that was signed and what each signature beside it came to. */
export interface ReadRoster extends SignedRoster {
  readonly text: string;
  readonly signatures: readonly { readonly file: string; readonly asc: string; readonly judged: readonly JudgedSignature[] }[];
}

export interface NextRosterPorts {
  readonly now: () => Date;
  /** Every version that was ever taken here, the newest first, other valid rosters of some version, and what is open of that. */
  readonly kept: () => Promise<{ readonly held: readonly ReadRoster[]; readonly rivals: readonly (ReadRoster & { readonly file: string })[]; readonly fork: OpenFork }>;
  /** Reads a roster that somebody edited; nobody signed it yet. */
  readonly readDraft: (file: string) => Promise<Roster>;
  /** Errors: `already-exists`, `environment`. */
  readonly writeNew: (path: string, text: string) => Promise<{ readonly path: string }>;
}

/** What a next version starts from: the roster that is held, or a draft of the next that somebody edited. */
export async function nextFrom(ports: NextRosterPorts, file: string | null): Promise<{ readonly held: readonly ReadRoster[]; readonly before: ReadRoster | undefined; readonly base: Roster; readonly fork: OpenFork }> {
  const { held, fork } = await ports.kept();
  const [before] = held;
  const edited = file === null ? null : await ports.readDraft(file);
  if (before === undefined && edited === null) throw new AppError('not-found', 'No roster is held, so there is none to change.', { hint: 'Write the first as a file (schemas/roster.schema.json) and give it with --from.' });
  const version = (before?.roster.version ?? 0) + 1;
  if (edited !== null && edited.version !== version) throw new AppError('bad-input', `${file ?? ''} is version ${edited.version}, and the next is ${version}.`, { hint: `Set "version" to ${version}.` });
  if (edited !== null && before !== undefined && edited.roster !== before.roster.roster) throw new AppError('bad-input', `${file ?? ''} is of the roster ${edited.roster}, and ${before.roster.roster} is held.`, {});
  const base = edited === null ? before?.roster : { ...edited, version: edited.version - 1 };
  if (base === undefined) throw new AppError('not-found', 'No roster is held, so there is none to change.', {});
  return { held, before, base, fork };
}

/** Writes the next version in RFC 8785 form, once it could be worked with. Errors: `bad-input`, `already-exists`. */
export async function writeNext(ports: NextRosterPorts, next: Roster, out: string): Promise<{ readonly path: string; readonly digest: string }> {
  const unusable = whyUnusable(next);
  if (unusable !== null) throw new AppError('bad-input', `Such a roster could not be worked with: ${unusable}.`, { hint: 'Change that too.' });
  if (Date.parse(next.expires) <= ports.now().getTime()) throw new AppError('bad-input', `The roster would have expired at ${next.expires} already.`, { hint: 'Say until when it is to hold: --expires TIME' });
  const text = canonicalJson(next);
  const { path } = await ports.writeNew(out, text);
  return { path, digest: sha256Of(text) };
}

/** What is done next with a version that was written. */
export function nextCommands(path: string, digest: string, follows: boolean): string[] {
  return [`each administrator: countersign roster sign ${path} --key FINGERPRINT`, `countersign roster verify ${path}`, follows ? `countersign roster adopt ${path}` : `countersign roster adopt ${path} --digest ${digest}`];
}

import type { EntryRef } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { isUtcTime } from '../model/primitives.ts';
import type { MonitoringRecord } from '../model/records/deployment.ts';
import { refTo, type Act } from '../workflow/acts.ts';
import type { Secret } from '../model/secret.ts';
import type { Watch } from '../workflow/watch.ts';
import { speakerWith } from './speaker.ts';
import { appendSigned, assertRole, recordBy, refused, situationOf, uniqueRefs, type DoerNamed, type Situation, type WorkflowPorts } from './workflow-ports.ts';

const MAX_OBSERVATIONS = 1024 * 1024;

/** What is watched: a deployment, or a rollback. */
interface Watched {
  readonly id: string;
  readonly release: string;
  readonly environment: string;
  readonly watch: Watch | null;
}

/** The watch begins with the end of what is watched (policy §2, step 7; §9.2, step 4). */
export async function beginWatch(ports: WorkflowPorts, { release, environment }: Omit<Watched, 'watch' | 'id'>, finish: string, signal: AbortSignal): Promise<void> {
  const { acts, rules, at } = await situationOf(ports, release, null, signal);
  const watch: MonitoringRecord = { event_type: 'monitoring', release_version: release, environment, act: 'start', at, status: 'watching', hours: rules.hours };
  await recordBy(ports, { speaker: null }, { ...watch }, [refOf(acts, finish, 'watches')]);
}

/**
 * What was seen, typed or as lines of JSON that another program wrote: in the watch where one was begun, else of what is
 * under way. Returns how many were recorded. Errors: `bad-input`, `malformed`, `too-large`.
 */
export async function observe(ports: WorkflowPorts, { release, environment, watch, begun }: Omit<Watched, 'id'> & { readonly begun: Act }, { acts, at }: Situation, who: DoerNamed, said: { readonly status: 'ok' | 'issue'; readonly words: string; readonly from: string | null }): Promise<number> {
  const seen = said.from === null ? [{ at, status: said.status, words: said.words }] : readObservations(await ports.readText(said.from, MAX_OBSERVATIONS), said.from);
  if (seen.some(({ words }) => words === '')) throw new AppError('bad-input', 'An observation says what was seen.', { hint: 'Give it with --saw.' });
  const to = watch === null ? refTo('continues', begun) : refOf(acts, watch.record, 'continues');
  for (const one of seen) {
    const record: MonitoringRecord = { event_type: 'monitoring', release_version: release, environment, act: 'observe', at: one.at, status: one.status, observed: one.words, decided_by: who.id };
    await recordBy(ports, { speaker: null }, { ...record }, [to]);
  }
  return seen.length;
}

/** Closes a watch that is due, by the signature of somebody who may (FORMATS §4); returns the record. */
export async function closeWatch(ports: WorkflowPorts, { id, release, environment, watch }: Watched, { acts, rules, at }: Situation, said: { readonly key: string; readonly passphrase?: Secret | null | undefined; readonly status: 'ok' | 'issue'; readonly words: string }, signal: AbortSignal): Promise<string> {
  if (watch === null) throw refused(`${id} is not watched.`, 'The watch begins when it is finished.');
  if (watch.state === 'closed') throw refused(`The watch was closed by ${watch.closed?.by ?? ''} at ${watch.closed?.at ?? ''}.`, 'countersign release show says where it stands.');
  if (watch.state === 'running') throw refused(`It is watched until ${watch.due}.`, 'Record what is seen meanwhile: countersign deploy observe.');
  const speaker = await speakerWith(ports, said.key, signal, said.passphrase);
  assertRole(speaker, rules.watchers, 'close a watch');
  const close: MonitoringRecord = { event_type: 'monitoring', release_version: release, environment, act: 'close', at, status: said.status, decided_by: speaker.person.id, ...(said.words === '' ? {} : { observed: said.words }) };
  const closed = await appendSigned(ports, speaker, { ...close }, uniqueRefs([...(await ports.seen()), refOf(acts, watch.record, 'closes')]));
  return closed.id;
}

/** A pointer at an act by its place. */
export function refOf(acts: readonly Act[], id: string, rel: string): EntryRef {
  const act = acts.find((one) => one.id === id);
  if (act === undefined) throw new TypeError('what was appended is not there');
  return refTo(rel, act);
}

/** Observations that another program wrote, one a line. Error: `malformed`, naming the line. */
function readObservations(text: string, file: string): { readonly at: string; readonly status: 'ok' | 'issue'; readonly words: string }[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 })).filter(({ line }) => line !== '');
  if (lines.length > 1_000) throw new AppError('too-large', `${file} has ${lines.length} observations; 1000 are read at once.`, { details: { path: file } });
  return lines.map(({ line, number }) => {
    const value = parsed(line);
    const { at, status, words } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    if (typeof at !== 'string' || !isUtcTime(at) || (status !== 'ok' && status !== 'issue') || typeof words !== 'string' || words.trim() === '' || words.length > 4_000) {
      throw new AppError('malformed', `${file}, line ${number}: it is not {"at": TIME, "status": "ok" or "issue", "words": …}.`, { details: { path: file, line: number } });
    }
    return { at, status, words: words.trim() };
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

import type { EntryRef } from '../model/archive.ts';
import type { MonitoringRecord } from '../model/records/deployment.ts';
import { refTo, type Act } from '../workflow/acts.ts';
import type { Secret } from '../model/secret.ts';
import type { Watch } from '../workflow/watch.ts';
import { speakerWith } from './speaker.ts';
import { appendSigned, assertRole, recordBy, refused, situationOf, uniqueRefs, type Situation, type WorkflowPorts } from './workflow-ports.ts';

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

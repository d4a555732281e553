import { InvalidArgumentError, type Command } from 'commander';
import type { EmergencyDetail, EmergencyDone } from '../../../core/contract/emergency-calls.ts';
import { isUtcTime } from '../../../core/model/primitives.ts';
import { Deviation, EmergencyStep, type NotifiedOf } from '../../../core/model/records/emergency.ts';
import { printable } from '../progress-line.ts';
import type { Session } from '../session.ts';
import { describeStanding } from './emergency-words.ts';
import { collect, JSON_FLAG, run, wholeNumber } from './run.ts';
import { signedBy, withKey, type WhoSigns } from './who-signs.ts';

interface Acting extends WhoSigns { readonly reason: string; readonly json?: boolean }
interface Told { readonly who: string; readonly as: NotifiedOf['as']; readonly at: string; readonly by: string }

/** What people do in an emergency beside declaring and deciding on it, each by their signature (policy §10.2). */
export function emergencyActCommands(emergency: Command): void {
  acting(emergency, 'notify', 'record who was told', 'what they were told')
    .requiredOption('--told <who,as,way[,time]>', 'who was told, as cto, ciso, incident-team or other, and by which way (may be repeated)', collectTold)
    .action((named: string, options: Acting & { readonly told: Told[] }) => act(named, options, { kind: 'notify', notified: options.told }));
  acting(emergency, 'affected', 'record which versions are affected', 'how that is known').argument('<version...>')
    .action((named: string, versions: string[], options: Acting) => act(named, options, { kind: 'affected', versions }));
  acting(emergency, 'roll-back', 'roll back in place of a patch, or not, with the proof whether that can be done', 'why').argument('<answer>', 'instead, or patch', oneOf('instead', 'patch'))
    .option('--deployment <deployment>', 'the deployment that would be undone, by id or record: it is looked whether that can be done')
    .option('--repo <folder>', 'the repository').option('--artifacts <folder>', 'the artifacts of the version before').option('--to <version>', 'the version before')
    .action((named: string, answer: 'instead' | 'patch', options: Acting & Proving) => run(options, async (session) => {
      const proof = await proofOf(session, options);
      await done(session, named, options, { kind: 'roll-back-instead', answer, proof });
    }));
  acting(emergency, 'step', 'record that a step was done, of one commit of the patch', 'what was done and found').argument('<step>', `one of ${EmergencyStep.options.join(', ')}`, oneOf(...EmergencyStep.options))
    .option('--commit <commit>', 'the commit; the tag of the version, or what was signed or judged last, where it is left out')
    .option('--repo <folder>', 'the repository: it is looked who wrote the patch, and what of it does not belong to the emergency')
    .option('--file <file>', 'what it rests on, kept by its digest (may be repeated)', collect)
    .action((named: string, step: EmergencyStep, options: Acting & { readonly commit?: string; readonly repo?: string; readonly file?: string[] }) =>
      act(named, options, { kind: 'step', step, commit: options.commit ?? null, repo: options.repo ?? null, files: options.file ?? [] }));
  acting(emergency, 'deviate', 'record that it goes on without an approval, or unsigned: it opens no gate by itself, and is owed', 'why').argument('<deviation>', `one of ${Deviation.options.join(', ')}`, oneOf(...Deviation.options))
    .option('--role <role>', 'whose approval it goes on without')
    .action((named: string, deviation: Deviation, options: Acting & { readonly role?: string }) => act(named, options, { kind: 'deviation', deviation, role: options.role ?? null }));
  acting(emergency, 'breach', 'say why a clock was missed', 'why').argument('<clock>', 'as status names it')
    .action((named: string, clock: string, options: Acting) => act(named, options, { kind: 'breach', clock }));
  acting(emergency, 'notice', 'record that somebody outside was told, as the policy file asks', 'who was told, and how').argument('<notice>', 'as the policy file names it')
    .action((named: string, notice: string, options: Acting) => act(named, options, { kind: 'notice', notice }));
  acting(emergency, 'hand-over', 'hand it over to the next person; what is left out is drafted from the records', 'why').argument('<person>', 'their id in the roster')
    .option('--known <words>', 'what is known').option('--running <words>', 'what runs').option('--owed <words>', 'what is owed')
    .action((named: string, to: string, options: Acting & { readonly known?: string; readonly running?: string; readonly owed?: string }) => run(options, async (session) => {
      const { handOverDraft: draft } = await session.call('emergency.detail', { emergency: named });
      await done(session, named, options, { kind: 'hand-over', handOver: { to, known: options.known ?? draft.known, running: options.running ?? draft.running, owed: options.owed ?? draft.owed } });
    }));
  acting(emergency, 'accept', 'accept what was handed over to you', 'what you say to it').argument('<record>', 'the hand-over')
    .action((named: string, record: string, options: Acting) => act(named, options, { kind: 'accept-hand-over', record }));
  acting(emergency, 'merge', 'tell it as one with another from now on: the earlier detection and the worse severity count', 'why they are one').argument('<into>', 'the other, by its id or its record')
    .action((named: string, into: string, options: Acting) => act(named, options, { kind: 'merge', into }));
  acting(emergency, 'close', 'close it, once nothing is owed any more', 'what is said at its end').action((named: string, options: Acting) => act(named, options, { kind: 'close' }));
  acting(emergency, 'action', 'close an action of the post-mortem', 'what was done').argument('<number>', 'which, from 1', wholeNumber)
    .action((named: string, action: number, options: Acting) => act(named, options, { kind: 'action-closed', action }));
  postMortemCommands(emergency.command('post-mortem').description('the post-mortem (policy §10.2, step 7): draft, record'));
}

function postMortemCommands(postMortem: Command): void {
  postMortem.command('draft').description('a draft in Markdown, with what happened by the archive').argument('<emergency>', 'its id, or its record').option('--out <file>', 'where to write it; else it is printed').option(...JSON_FLAG)
    .action((named: string, options: { readonly out?: string; readonly json?: boolean }) => run(options, async (session) => {
      const draft = await session.call('emergency.draftPostMortem', { emergency: named, out: options.out ?? null });
      session.print(draft, () => (draft.path === null ? draft.markdown.trimEnd() : `Wrote ${draft.path}.`));
    }));
  withKey(postMortem.command('record').description('record it as it was written, by the signature of somebody who held it').argument('<emergency>', 'its id, or its record').argument('<file>', 'the Markdown')).option(...JSON_FLAG)
    .action((named: string, file: string, options: WhoSigns & { readonly json?: boolean }) => run(options, async (session) => {
      const detail = await session.call('emergency.recordPostMortem', { emergency: named, ...(await signedBy(options)), markdown: null, file });
      session.print(detail, () => printable(`Recorded as ${detail.postMortem?.record ?? ''}, with ${detail.postMortem?.actions.length ?? 0} actions.`));
    }));
}

function acting(emergency: Command, name: string, description: string, reason: string): Command {
  return withKey(emergency.command(name).description(description).argument('<emergency>', 'its id, or its record')).requiredOption('--reason <words>', reason).option(...JSON_FLAG);
}

function act(named: string, options: Acting, what: EmergencyDone): Promise<void> {
  return run(options, (session) => done(session, named, options, what));
}

async function done(session: Session, named: string, options: Acting, what: EmergencyDone): Promise<void> {
  const detail: EmergencyDetail = await session.call('emergency.act', { emergency: named, ...(await signedBy(options)), reason: options.reason, done: what, task: undefined });
  session.print(detail, () => describeStanding(detail));
}

interface Proving { readonly deployment?: string; readonly repo?: string; readonly artifacts?: string; readonly to?: string }

/** What rollback check says of it; where it cannot be looked at, that. */
async function proofOf(session: Session, { deployment, repo, artifacts, to }: Proving): Promise<Extract<EmergencyDone, { kind: 'roll-back-instead' }>['proof']> {
  if (deployment === undefined) return [{ id: 'looked', status: 'unknown', words: 'Nobody looked whether it can be rolled back.' }];
  if (repo === undefined || artifacts === undefined) throw new InvalidArgumentError('Whether it can be rolled back is looked at with --repo and --artifacts');
  const { proof } = await session.call('rollback.check', { deployment, to: to ?? null, repo, artifacts, before: null, after: null, task: undefined });
  return proof.map(({ id, status, words }) => ({ id, status, words: words.slice(0, 1_000) }));
}

function oneOf<Value extends string>(...values: readonly Value[]): (value: string) => Value {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${values.join(', ')}`);
    return found;
  };
}

function collectTold(value: string, before: readonly Told[] = []): Told[] {
  const [who = '', as = '', by = '', at, ...more] = value.split(',').map((part) => part.trim());
  if (who === '' || by === '' || more.length > 0 || !(as === 'cto' || as === 'ciso' || as === 'incident-team' || as === 'other') || (at !== undefined && !isUtcTime(at))) throw new InvalidArgumentError('It is who,as,way or who,as,way,time, with as one of cto, ciso, incident-team, other, and the time in UTC');
  return [...before, { who, as, by, at: at ?? `${new Date().toISOString().slice(0, 19)}Z` }];
}

import type { EmergencyDone } from '../contract/emergency-calls.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { AttachmentRef, EntryRef } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { refTo } from '../workflow/acts.ts';
import { clocksOf, noticesOf } from '../workflow/emergency-clocks.ts';
import { stepRoles, type EmergencyFacts } from '../workflow/emergency-facts.ts';
import { handOverNamed, owedOf } from '../workflow/emergency-owed.ts';
import { stepsOf } from '../workflow/emergency-steps.ts';
import { postMortemActions } from '../workflow/post-mortem-actions.ts';
import { emergenciesForAct } from './clock-jumps.ts';
import { emergencyDetail } from './emergency-detail.ts';
import { emergenciesNow, ofEmergency, openEmergency, standing, type EmergencyPorts } from './emergency-ports.ts';
import { emergencyNamed, type Emergencies } from './emergency-shown.ts';
import { stepFields } from './emergency-step.ts';
import { speakerWith, type Speaker } from './speaker.ts';
import { appendSigned, assertRole, refused, uniqueRefs } from './workflow-ports.ts';

/** What an act is made of: the fields that it has beside those of every act, what it points at, what is attached. */
interface Said {
  readonly fields: Partial<EmergencyPatchRecord>;
  readonly refs?: readonly EntryRef[];
  readonly attachments?: readonly AttachmentRef[];
}

interface Doing {
  readonly facts: EmergencyFacts;
  readonly emergencies: Emergencies;
  readonly speaker: Speaker;
  readonly ports: EmergencyPorts;
  readonly context: CallContext;
}

/** What people do in an emergency beside declaring and deciding on it: each act by whoever may, and by their signature (policy §10.2; FORMATS §4). */
export function emergencyActHandlers(ports: EmergencyPorts): Pick<Handlers, 'emergency.act'> {
  return {
    'emergency.act': async ({ emergency, key, passphrase, reason, done }, context) => {
      const { signal } = context;
      const emergencies = await emergenciesForAct(ports, signal);
      const facts = openEmergency(emergencies, emergency);
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const { fields, refs = [], attachments = [] } = await sayingOf(done, { facts, emergencies, speaker, ports, context });
      const record: EmergencyPatchRecord = {
        event_type: 'emergency_patch', emergency_id: facts.one.record.emergency_id, act: done.kind, release_version: facts.one.release, severity: facts.one.severity, declared_by: speaker.person.id, declared_at: facts.now, reason, ...fields,
      };
      await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ofEmergency(facts), ...refs]), attachments);
      const after = await emergenciesNow(ports, signal);
      return emergencyDetail(ports, standing(after.all, emergencyNamed(after.all, facts.one.declared.id)), after);
    },
  };
}

async function sayingOf(done: EmergencyDone, doing: Doing): Promise<Said> {
  const { facts, speaker } = doing;
  switch (done.kind) {
    case 'notify':
      declarersOnly(doing, 'say who was told');
      if (done.notified.some(({ at }) => Date.parse(at) > Date.parse(facts.now))) throw new AppError('bad-input', 'Somebody is said to have been told at a time that is yet to come.', { hint: `Here it is ${facts.now}.` });
      return { fields: { notified: done.notified } };
    case 'affected':
      declarersOnly(doing, 'say which versions are affected');
      return { fields: { affected_versions: [...new Set(done.versions)] } };
    case 'roll-back-instead':
      declarersOnly(doing, 'decide whether it is rolled back instead');
      return { fields: { roll_back: done.answer, proof: done.proof } };
    case 'step':
      return stepSaid(done, doing);
    case 'deviation':
      return deviation(done, doing);
    case 'breach':
      return breach(done.clock, doing);
    case 'notice':
      return notice(done.notice, doing);
    case 'hand-over':
      declarersOnly(doing, 'hand an emergency over');
      if (done.handOver.to === speaker.person.id) throw new AppError('bad-input', 'Nobody hands over to themself.', { hint: 'Name the next person by their id in the roster.' });
      if (!speaker.roster.roster.people.some(({ id, status, keys }) => id === done.handOver.to && status === 'active' && keys.some(({ use }) => use.includes('approve')))) throw new AppError('bad-input', `${done.handOver.to} is nobody of the roster in force with a key for approvals.`, { hint: 'countersign roster show lists them.' });
      return { fields: { hand_over: done.handOver } };
    case 'accept-hand-over':
      return accepted(done.record, doing);
    case 'merge':
      return merged(done.into, doing);
    case 'action-closed':
      return actionClosed(done.action, doing);
    case 'close':
      return closed(doing);
  }
}

function declarersOnly({ speaker, facts }: Doing, toDo: string): void {
  assertRole(speaker, facts.rules.declarers, toDo);
}

async function stepSaid(done: Extract<EmergencyDone, { kind: 'step' }>, { facts, speaker, ports, context }: Doing): Promise<Said> {
  assertRole(speaker, facts.rules.declarers.length === 0 ? [] : stepRoles(facts.policy, done.step), `do the step “${done.step}” of an emergency`);
  const fields = await stepFields(ports, facts, speaker, done, context.signal);
  const attachments = await ports.keep(done.files, context);
  return { fields: { ...fields, step: done.step, ...(attachments.length === 0 ? {} : { evidence_sha256: Object.fromEntries(attachments.map(({ name, sha256 }) => [name, sha256])) }) }, attachments };
}

function deviation({ deviation: kind, role }: Extract<EmergencyDone, { kind: 'deviation' }>, doing: Doing): Said {
  const { approvers } = doing.facts.rules;
  declarersOnly(doing, 'record a deviation');
  if (doing.facts.one.release === null) throw refused('No version that mends it is named yet, so nothing deviates.', 'Name it first: countersign emergency release.');
  if (kind === 'unsigned') return { fields: { deviation: kind } };
  const roles = [...new Set([...approvers.major, ...approvers.security])];
  if (role === null || !roles.includes(role)) throw new AppError('bad-input', 'Whose approval it goes on without is not said.', { hint: `Give a role: ${roles.join(' or ')}.` });
  return { fields: { deviation: kind, approver_role: role } };
}

function breach(wanted: string, doing: Doing): Said {
  declarersOnly(doing, 'say why a clock was missed');
  const clocks = clocksOf(doing.facts);
  const clock = clocks.find(({ id }) => id === wanted);
  if (clock === undefined) throw new AppError('bad-input', `No clock of ${doing.facts.one.record.emergency_id} is called ${wanted}.`, { hint: `It has ${clocks.map(({ id }) => id).join(', ')}.` });
  if (clock.state !== 'breached') throw refused(`The clock ${wanted} was not missed.`, 'countersign emergency status says where each stands.');
  return { fields: { clock: wanted } };
}

function notice(wanted: string, { facts, speaker }: Doing): Said {
  const notices = noticesOf(facts);
  const one = notices.find((candidate) => candidate.notice === wanted);
  if (one === undefined) throw new AppError('bad-input', `The policy file asks for no notice "${wanted}" in this emergency.`, { hint: notices.length === 0 ? 'It names nobody outside who is to be told.' : `It asks for ${notices.map((candidate) => candidate.notice).join(', ')}.` });
  assertRole(speaker, facts.rules.declarers.length === 0 ? [] : one.roles, `give the notice “${one.words}”`);
  return { fields: { notice: wanted } };
}

function accepted(record: string, { facts, speaker }: Doing): Said {
  const handed = handOverNamed(facts, record);
  if (handed === null) throw new AppError('not-found', `${record} is no hand-over of ${facts.one.record.emergency_id}.`, { hint: 'countersign emergency status ID shows them with their records.' });
  if (handed.accepted !== null) throw refused(`${handed.accepted.by.name} accepted it at ${handed.accepted.record.declared_at}.`, 'countersign emergency status says where it stands.');
  if (handed.handOver.to !== speaker.person.id) throw refused(`It was handed over to ${handed.handOver.to}, and ${speaker.person.name} is somebody else.`, 'Whoever has the shift hands it over to you: countersign emergency hand-over.');
  return { fields: {}, refs: [refTo('accepts', handed.said.act)] };
}

function merged(wanted: string, doing: Doing): Said {
  const { facts: { one }, emergencies } = doing;
  declarersOnly(doing, 'tell two emergencies as one');
  const into = openEmergency(emergencies, wanted).one;
  if (into.declared.leaf === one.declared.leaf) throw refused(`${one.record.emergency_id} and ${wanted} are told as one already.`, 'countersign emergency status says which is told with which.');
  return { fields: { merged_into: into.record.emergency_id }, refs: [refTo('into', into.declared)] };
}

function actionClosed(number: number, { facts, speaker }: Doing): Said {
  const action = postMortemActions(facts)[number - 1];
  if (facts.postMortem === null || action === undefined) throw new AppError('not-found', facts.postMortem === null ? 'No post-mortem is recorded yet.' : `The post-mortem has no action ${number}.`, { hint: 'countersign emergency status ID lists its actions.' });
  if (action.closed !== null) throw refused(`${action.closed.by} closed it at ${action.closed.at}.`, 'countersign emergency status ID lists its actions.');
  if (speaker.person.id !== action.who) assertRole(speaker, facts.rules.declarers, 'close an action of somebody else');
  return { fields: { action: number }, refs: [refTo('closes-action-of', facts.postMortem.act)] };
}

function closed(doing: Doing): Said {
  const { facts, speaker } = doing;
  declarersOnly(doing, 'close an emergency');
  const { approvers } = facts.rules;
  const decides = [...new Set([...approvers.major, ...approvers.security])];
  // Where nothing was to be mended, whoever approves says so; all else that is owed is owed all the same.
  const owed = owedOf(facts, clocksOf(facts), stepsOf(facts)).filter(({ kind }) => !(kind === 'patch' && facts.begun.length === 0 && decides.some((role) => speaker.roles.has(role))));
  if (owed.length > 0) throw new AppError('not-permitted', `${facts.one.record.emergency_id} owes ${owed.length} ${owed.length === 1 ? 'thing' : 'things'}: ${owed.slice(0, 8).map(({ words }) => words).join(' ')}${owed.length > 8 ? ' …' : ''}`, { hint: 'It is closed when nothing is owed any more.', details: { owed: owed.map(({ id }) => id).join(', ') } });
  return { fields: {} };
}

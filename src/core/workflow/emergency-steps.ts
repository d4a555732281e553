import type { EmergencyStep } from '../model/records/emergency.ts';
import { CRITERIA } from './emergency.ts';
import { GREEN, stepRoles, type EmergencyFacts, type ProvedSaid } from './emergency-facts.ts';
import { postMortemActions } from './post-mortem-actions.ts';

/** One thing that a step of policy §10.2 asks for, worked out of the records. */
export interface StepItem {
  readonly id: string;
  readonly words: string;
  readonly source: string;
  readonly state: 'done' | 'open' | 'owed' | 'bad';
  readonly by: string | null;
  readonly at: string | null;
  readonly record: string | null;
  readonly note: string;
  /** When it was begun, where its beginning is on record before its end. */
  readonly begun: string | null;
  readonly roles: readonly string[];
}

export interface Step {
  readonly number: number;
  readonly title: string;
  readonly source: string;
  readonly state: 'done' | 'current' | 'ahead' | 'owed';
  readonly items: readonly StepItem[];
}

const TITLES = ['Emergency declared', 'Patch development', 'Expedited testing', 'Emergency approval', 'Emergency deployment', 'Post-deployment verification', 'Post-mortem'] as const;
const DEPLOYED = 5;

/** The seven steps of policy §10.2 with what each asks for. One of them is the present one; what was passed over is owed. */
export function stepsOf(facts: EmergencyFacts): Step[] {
  const canWait: readonly string[] = facts.policy.parameters.emergency_can_wait.value;
  const isMended = facts.shipped !== null || facts.rolledBack !== null;
  const instead = facts.answer?.answer === 'instead' && facts.shipped === null;
  const items = [declaredItems(facts), instead ? notAsked('patch', facts) : patchItems(facts), instead ? notAsked('tests', facts) : testItems(facts), instead ? notAsked('approvals', facts) : approvalItems(facts), instead ? rolledBackItems(facts) : deployedItems(facts), verifiedItems(facts, instead), learntItems(facts)];
  const isOpen = (list: readonly StepItem[]): boolean => list.some(({ state }) => state !== 'done');
  const holds = (list: readonly StepItem[]): boolean => list.some(({ id, state }) => state !== 'done' && !canWait.includes(id));
  const next = items.findIndex((list, index) => (isMended ? index >= DEPLOYED && isOpen(list) : holds(list)));
  const current = next === -1 ? items.findIndex(isOpen) : next;
  return items.map((list, index): Step => {
    const state = !isOpen(list) ? 'done' : index === current ? 'current' : index < current || (isMended && index < DEPLOYED) ? 'owed' : 'ahead';
    return { number: index + 1, title: TITLES[index] ?? '', source: '§10.2', state, items: state === 'owed' ? list.map((item) => (item.state === 'open' ? { ...item, state: 'owed' } : item)) : list };
  });
}

function itemOf(id: string, words: string, state: StepItem['state'], more: Partial<StepItem> = {}): StepItem {
  return { id, words, source: '§10.2', state, by: null, at: null, record: null, note: '', begun: null, roles: [], ...more };
}

function saidBy(said: ProvedSaid): Pick<StepItem, 'by' | 'at' | 'record'> {
  return { by: said.by.name, at: said.record.declared_at, record: said.act.id };
}

function declaredItems(facts: EmergencyFacts): StepItem[] {
  const { one, answer, rules, rolledBack, spoken } = facts;
  const denied = spoken.find(({ ratification }) => ratification.criterionConfirmed === false);
  const declared = one.by === null
    ? itemOf('declared', 'Declared by somebody who may', 'bad', { note: `Nobody who is ${rules.declarers.join(' or ')} signed the declaration.`, roles: rules.declarers })
    : itemOf('declared', 'Declared by somebody who may', denied === undefined ? 'done' : 'bad', {
      by: one.by.name, at: one.record.declared_at, record: one.declared.id, roles: denied === undefined ? [] : rules.rollers, note: denied === undefined ? (CRITERIA.find(({ id }) => id === one.criterion)?.words ?? '') : `${denied.who.name} ratified, and found that the criterion did not hold.`,
    });
  const told = (as: 'cto' | 'ciso', roles: readonly string[]): StepItem => {
    const words = `${as.toUpperCase()} told`;
    const declarer = one.declarations.find(({ by }) => by !== null && roles.some((role) => by.roles.has(role)));
    if (declarer !== undefined) return itemOf(`${as}-told`, words, 'done', { by: declarer.by?.name ?? null, at: declarer.record.declared_at, record: declarer.act.id, note: 'Declared it.' });
    const notified = facts.decided.flatMap((said) => (said.record.notified ?? []).filter((entry) => entry.as === as).map((entry) => ({ said, entry })))[0];
    return notified === undefined
      ? itemOf(`${as}-told`, words, 'open', { roles: rules.declarers })
      : itemOf(`${as}-told`, words, 'done', { ...saidBy(notified.said), at: notified.entry.at, note: `${notified.entry.who}, by ${notified.entry.by}.` });
  };
  const affected = facts.decided.findLast(({ record }) => record.affected_versions !== undefined);
  return [
    declared, told('cto', rules.approvers.major), told('ciso', rules.approvers.security),
    answer === null
      ? itemOf('roll-back', 'Roll back instead?', 'open', { source: '§9.1', roles: rules.declarers })
      : itemOf('roll-back', 'Roll back instead?', 'done', { ...saidBy(answer.said), source: '§9.1', note: answer.answer === 'patch' ? 'No: it is patched.' : rolledBack === null ? 'Yes: it is rolled back in place of a patch.' : 'Yes: it was rolled back.' }),
    affected === undefined ? itemOf('affected', 'Which versions are affected', 'open', { source: 'house', roles: rules.declarers }) : itemOf('affected', 'Which versions are affected', 'done', { ...saidBy(affected), source: 'house', note: (affected.record.affected_versions ?? []).join(', ') }),
  ];
}

function stepItem(facts: EmergencyFacts, step: EmergencyStep, words: string, more: Partial<StepItem> = {}): StepItem {
  const { steps, otherSteps, policy } = facts;
  const done = steps.findLast(({ record }) => record.step === step);
  const roles = stepRoles(policy, step);
  if (done !== undefined) return itemOf(step, words, 'done', { ...saidBy(done), note: [unchecked(done), more.note ?? ''].filter((note) => note !== '').join(' '), ...(more.source === undefined ? {} : { source: more.source }) });
  const old = otherSteps.findLast(({ record }) => record.step === step);
  return itemOf(step, words, 'open', { ...more, roles, note: old === undefined ? (more.note ?? '') : `${old.by.name} did it of ${short(old.record.release_commit)}, and the patch is ${short(facts.commit ?? undefined)} now.` });
}

/** What was not looked at, where somebody says what an author may not say. */
function unchecked({ record }: ProvedSaid): string {
  return record.step !== 'development-test' && record.authors_checked !== true ? 'Nobody looked whether they wrote the patch: no repository was given.' : '';
}

function short(commit: string | undefined): string {
  return commit === undefined ? 'none' : commit.slice(0, 12);
}

function patchItems(facts: EmergencyFacts): StepItem[] {
  const { one, rules } = facts;
  const named = facts.decided.findLast(({ record }) => record.act === 'release');
  return [
    one.release === null
      ? itemOf('version', 'The version that mends it is named', 'open', { source: 'house', roles: rules.declarers })
      : itemOf('version', 'The version that mends it is named', 'done', { source: 'house', by: one.namedBy, at: (named?.record ?? one.record).declared_at, record: (named?.act ?? one.declared).id, note: `${one.release}${facts.commit === null ? '' : `, ${short(facts.commit)}`}` }),
    stepItem(facts, 'review', 'Reviewed by the security architect'), stepItem(facts, 'development-test', 'Tested in development'), ...(facts.policy.parameters.emergency_unrelated.value === 'flagged' ? [unrelatedItem(facts)] : []),
  ];
}

/** Commits that nothing ties to the emergency are flagged, until the review names each of them in its reason. */
function unrelatedItem({ steps, policy }: EmergencyFacts): StepItem {
  const words = 'Nothing unrelated in it';
  const review = steps.findLast(({ record }) => record.step === 'review' && record.unrelated_commits !== undefined);
  if (review === undefined) return itemOf('unrelated', words, 'open', { source: 'house', roles: stepRoles(policy, 'review'), note: 'A review with the repository looks for commits that do not belong to the emergency.' });
  const commits = review.record.unrelated_commits ?? [];
  const unnamed = commits.filter((commit) => !review.record.reason.includes(commit.slice(0, 7)));
  if (unnamed.length > 0) return itemOf('unrelated', words, 'bad', { ...saidBy(review), source: 'house', roles: stepRoles(policy, 'review'), note: `No trailer "Emergency: ID" and no word of the review ties ${unnamed.slice(0, 10).map(short).join(', ')}${unnamed.length > 10 ? ` and ${unnamed.length - 10} more` : ''} to it.` });
  return itemOf('unrelated', words, 'done', { ...saidBy(review), source: 'house', note: commits.length === 0 ? 'Every commit names the emergency.' : `The review looked at ${commits.map(short).join(', ')}, which ${commits.length === 1 ? 'does' : 'do'} not name it.` });
}

function testItems(facts: EmergencyFacts): StepItem[] {
  const { policy, steps } = facts;
  const { least, most } = policy.parameters.expedited_testing_hours.value;
  const [begun, ended] = [steps.find(({ record }) => record.step === 'qa-test-begun'), steps.findLast(({ record }) => record.step === 'qa-test')];
  const hours = begun === undefined || ended === undefined ? null : (Date.parse(ended.record.declared_at) - Date.parse(begun.record.declared_at)) / 3_600_000;
  const note = hours === null ? (begun === undefined ? '' : `Begun at ${begun.record.declared_at} by ${begun.by.name}.`) : hours < least ? `It took less than ${least} h.` : hours > most ? `It took more than ${most} h.` : '';
  return [
    stepItem(facts, 'qa-test', `Tested by QA, expedited (${least}-${most} h)`, { note, begun: begun?.record.declared_at ?? null }),
    lineItem(facts, 'sast-scans', 'SAST run'), lineItem(facts, 'dast-scans', 'DAST run'), lineItem(facts, 'regression-tests', 'Regression tests of the critical paths'),
  ];
}

function lineItem({ runs, commit }: EmergencyFacts, line: string, words: string): StepItem {
  const run = runs.findLast(({ record }) => record.release_commit === commit);
  const status = run?.record.verdicts[line];
  if (run === undefined || status === undefined) return itemOf(line, words, 'open', { note: 'No checklist of this commit was run yet. Opening it runs it.' });
  const at = { at: run.record.run_at, record: run.act.id };
  if (GREEN.has(status)) return itemOf(line, words, 'done', { ...at, note: status === 'passed' ? '' : status });
  return itemOf(line, words, status === 'failed' || status === 'broken' ? 'bad' : 'open', { ...at, note: status });
}

function approvalItems(facts: EmergencyFacts): StepItem[] {
  const { rules, spoken, decided, subject } = facts;
  const approvals = facts.approvals.filter((one) => subject === null || one.subject === subject);
  const asked = [{ id: 'cto-approval', words: 'CTO approves', roles: rules.approvers.major }, { id: 'ciso-approval', words: 'CISO approves', roles: rules.approvers.security }];
  const people = asked.map(({ roles }) => [...approvals.filter(({ role }) => roles.includes(role)).map(({ by }) => by.id), ...opening(facts).filter(({ who }) => roles.includes(who.role)).map(({ who }) => who.id)]);
  const isOne = people.every((list) => list.length > 0) && new Set(people.flat()).size === 1;
  return asked.map(({ id, words, roles }) => {
    const signed = approvals.find(({ role }) => roles.includes(role));
    if (signed !== undefined && !isOne) return itemOf(id, words, 'done', { by: signed.by.name, at: signed.act.entry.time, record: signed.act.id, note: 'By signature.' });
    const said = opening(facts).findLast(({ who }) => roles.includes(who.role));
    if (said !== undefined && !isOne) return itemOf(id, words, said.ratification.state === 'disputed' ? 'bad' : 'done', { by: said.who.name, at: said.act.entry.time, record: said.act.id, note: `By word: ${said.why}`, roles: [] });
    const refused = spoken.findLast(({ decision, who }) => decision === 'refuse' && roles.includes(who.role));
    const without = decided.findLast(({ record }) => record.act === 'deviation' && record.deviation === 'without-approval' && roles.includes(record.approver_role ?? ''));
    const closed = spoken.findLast(({ decision, opens, who }) => decision === 'approve' && !opens && roles.includes(who.role));
    if (isOne) return itemOf(id, words, 'bad', { roles, note: 'Both approvals are of one person, and are of two.' });
    if (refused !== undefined) return itemOf(id, words, 'bad', { by: refused.who.name, at: refused.act.entry.time, record: refused.act.id, roles, note: 'Refused by word.' });
    if (without !== undefined) return itemOf(id, words, 'bad', { ...saidBy(without), roles, note: `Went on without it: ${without.record.reason} ${calls(facts, roles)}` });
    const before = [...facts.approvals.filter(({ role }) => roles.includes(role)).map(({ by }) => by.name), ...spoken.filter(({ decision, opens, who }) => decision === 'approve' && opens && roles.includes(who.role)).map(({ who }) => who.name)].at(-1);
    const note = before !== undefined ? `${before} approved what it was before; it was judged anew since, and came to something else.` : closed !== undefined ? closed.why : subject === null ? 'The patch was not judged yet.' : '';
    return itemOf(id, words, 'open', { roles, note });
  });
}

/** How often somebody who could have approved was called in vain. */
function calls({ one }: EmergencyFacts, roles: readonly string[]): string {
  const number = one.said.filter(({ record, by }) => by !== null && record.act === 'call-attempt' && roles.includes(record.attempt?.role ?? '')).length;
  return number === 0 ? 'Nobody is recorded to have been called.' : `${number} ${number === 1 ? 'call' : 'calls'} in vain ${number === 1 ? 'is' : 'are'} on record.`;
}

/** Approvals by word that open something, of what the patch is now. */
function opening({ spoken, subject }: EmergencyFacts): EmergencyFacts['spoken'] {
  return spoken.filter(({ decision, opens, act }) => decision === 'approve' && opens && (subject === null || act.entry.record['subject_digest'] === subject));
}

function deployedItems({ shipped, begun, rules }: EmergencyFacts): StepItem[] {
  const last = shipped ?? begun.at(-1) ?? null;
  const roles = rules.deployers;
  if (last === null) return [itemOf('deployed', 'Deployed outside the maintenance window', 'open', { roles }), itemOf('smoke', 'Smoke tests passed', 'open', { roles })];
  const { record, start, authority, lines, finish, state, finding } = last;
  const window = lines.find(({ id }) => id === 'window')?.words ?? '';
  const at = { by: last.deployer?.name ?? record.decided_by, at: record.at, record: start.id };
  return [
    authority === 'unauthorised'
      ? itemOf('deployed', 'Deployed outside the maintenance window', finding === null ? 'bad' : 'done', { ...at, roles: finding === null ? rules.rollers : [], note: finding === null ? 'Deployed, unauthorised.' : `Deployed, unauthorised. ${finding.by} found: ${finding.words}` })
      : itemOf('deployed', 'Deployed outside the maintenance window', 'done', { ...at, note: window }),
    finish?.record.smoke?.passed === true
      ? itemOf('smoke', 'Smoke tests passed', 'done', { by: finish.record.decided_by, at: finish.record.at, record: finish.act.id, note: `${finish.record.smoke.tests} tests` })
      : itemOf('smoke', 'Smoke tests passed', state === 'failed' ? 'bad' : 'open', { record: last.stages.at(-1)?.act.id ?? null, roles, note: state === 'failed' ? 'They did not pass.' : `${record.deployment_id} runs.` }),
  ];
}

function verifiedItems(facts: EmergencyFacts, instead: boolean): StepItem[] {
  const { shipped, rolledBack, rules, policy } = facts;
  const words = `Watched for ${policy.parameters.monitoring_hours.value} hours`;
  const watch = (instead ? rolledBack?.watch : shipped?.watch) ?? null;
  const documented = instead ? (rolledBack?.documented ?? null) : releaseRecordOf(facts);
  return [
    ...(instead ? [] : [stepItem(facts, 'production-verified', 'QA verified it in production')]),
    watch?.state === 'closed'
      ? itemOf('watch', words, 'done', { by: watch.closed?.by ?? null, at: watch.closed?.at ?? null, record: watch.closed?.record ?? null })
      : itemOf('watch', words, 'open', { roles: rules.watchers, record: watch?.record ?? null, note: watch === null ? '' : watch.state === 'due' ? `It was due at ${watch.due}, and can be closed.` : `Until ${watch.due}.` }),
    documented === null
      ? itemOf('documented', `Recorded as policy ${instead ? '§11.3' : '§11.1'} asks`, 'open', { roles: rules.watchers, note: instead ? '' : 'The record is made when the watch is closed.' })
      : itemOf('documented', `Recorded as policy ${instead ? '§11.3' : '§11.1'} asks`, 'done', { at: documented.entry.time, record: documented.id }),
  ];
}

/** The record of policy §11.1 of the version that mends it, composed or told by another program. */
function releaseRecordOf({ acts, one, shipped }: EmergencyFacts): EmergencyFacts['acts'][number] | null {
  if (shipped === null) return null;
  return acts.find(({ aside, entry }) => aside !== 'forked' && entry.record.event_type === 'release' && entry.record['release_version'] === one.release) ?? null;
}

function learntItems(facts: EmergencyFacts): StepItem[] {
  const { postMortem, rules } = facts;
  if (postMortem === null) return [itemOf('post-mortem', 'Post-mortem held and recorded', 'open', { roles: rules.declarers }), itemOf('actions', 'Its actions are done', 'open')];
  const actions = postMortemActions(facts);
  const open = actions.filter(({ state }) => state !== 'closed');
  return [
    itemOf('post-mortem', 'Post-mortem held and recorded', 'done', { by: postMortem.by.name, at: postMortem.record.held_at, record: postMortem.act.id }),
    itemOf('actions', 'Its actions are done', open.length === 0 ? 'done' : 'open', { note: actions.length === 0 ? 'None was decided on.' : `${actions.length - open.length} of ${actions.length} are closed.` }),
  ];
}

/** What a rollback in place of a patch leaves nobody to ask for; the fix comes with a later release (policy §9.2, step 5). */
function notAsked(id: string, { answer }: EmergencyFacts): StepItem[] {
  return [itemOf(`no-${id}`, 'Not asked: it is rolled back in place of a patch', 'done', { ...(answer === null ? {} : saidBy(answer.said)), source: 'house' })];
}

function rolledBackItems({ rolledBack, rules }: EmergencyFacts): StepItem[] {
  return [rolledBack === null
    ? itemOf('rolled-back', 'The version before is back in production', 'open', { source: '§9.2', roles: [...rules.rollers, ...rules.deployers] })
    : itemOf('rolled-back', 'The version before is back in production', 'done', { source: '§9.2', by: rolledBack.finish?.record.decided_by ?? null, at: rolledBack.finish?.record.at ?? null, record: rolledBack.start.id, note: rolledBack.finish?.record.to_version ?? '' })];
}

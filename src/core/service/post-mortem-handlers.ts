import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { PostMortemRecord } from '../model/records/people.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { CRITERIA } from '../workflow/emergency.ts';
import { factsOf, type EmergencyFacts } from '../workflow/emergency-facts.ts';
import { storyOf } from '../workflow/emergency-story.ts';
import { postMortemActions } from '../workflow/post-mortem-actions.ts';
import { postMortemText, readPostMortem, type PostMortem } from '../workflow/post-mortem.ts';
import { emergenciesForAct } from './clock-jumps.ts';
import { emergencyDetail } from './emergency-detail.ts';
import { emergenciesNow, ofEmergency, openEmergency, standing, type EmergencyPorts } from './emergency-ports.ts';
import { emergencyNamed } from './emergency-shown.ts';
import { speakerWith } from './speaker.ts';
import { appendSigned, refused, uniqueRefs } from './workflow-ports.ts';

const MAX_BYTES = 1024 * 1024;

/** The post-mortem of an emergency (policy §10.2, step 7): drafted from the archive, written by people, read back strictly. */
export function postMortemHandlers(ports: EmergencyPorts): Pick<Handlers, 'emergency.draftPostMortem' | 'emergency.recordPostMortem'> {
  return {
    'emergency.draftPostMortem': async ({ emergency, out, written }, { signal }) => {
      const emergencies = await emergenciesNow(ports, signal);
      const facts = factsOf(standing(emergencies.all, emergencyNamed(emergencies.all, emergency)), emergencies.ground);
      const markdown = written ?? draftOf(facts);
      return { markdown, path: out === null ? null : (await ports.writeText(out, markdown)).path };
    },
    'emergency.recordPostMortem': async ({ emergency, key, passphrase, markdown, file }, context) => {
      const { signal } = context;
      const emergencies = await emergenciesForAct(ports, signal);
      const facts = openEmergency(emergencies, emergency);
      if ((markdown === null) === (file === null)) throw new AppError('bad-input', 'The text of the post-mortem, or a file of it, is given, and not both.', { hint: 'countersign emergency post-mortem record ID FILE' });
      const text = markdown ?? (await ports.readText(file ?? '', MAX_BYTES));
      const said = readPostMortem(text, file ?? 'the post-mortem');
      const speaker = await speakerWith(ports, key, signal, passphrase);
      if (Date.parse(said.heldAt) > Date.parse(facts.now)) throw new AppError('bad-input', `It was held at ${said.heldAt}, which is yet to come: here it is ${facts.now}.`, { hint: 'Give the time in UTC.' });
      const stranger = [...said.heldBy, ...said.actions.map(({ who }) => who)].find((id) => !speaker.roster.roster.people.some((person) => person.id === id));
      if (stranger !== undefined) throw new AppError('bad-input', `${stranger} is nobody of the roster in force.`, { hint: 'countersign roster show lists everybody with their ids.' });
      if (!said.heldBy.includes(speaker.person.id)) throw refused(`${speaker.person.name} is not among those who held it: ${said.heldBy.join(', ')}.`, 'Somebody who held it signs it.');
      const attachments = file === null ? await ports.keepText(`post-mortem-${facts.one.record.emergency_id}.md`, text, context) : await ports.keep([file], context);
      const record: PostMortemRecord = {
        event_type: 'post_mortem', release_version: releaseOf(facts), emergency_id: facts.one.record.emergency_id, held_at: said.heldAt, held_by: [...said.heldBy], root_cause: said.rootCause, contributing_factors: [...said.contributing], lessons: said.lessons,
        actions: said.actions.map((action) => ({ ...action })), recorded_by: speaker.person.id, document_sha256: attachments[0]?.sha256 ?? sha256Of(text),
      };
      await appendSigned(ports, speaker, { ...record }, uniqueRefs([...(await ports.seen()), ofEmergency(facts)]), attachments);
      const after = await emergenciesNow(ports, signal);
      return emergencyDetail(ports, emergencyNamed(after.all, facts.one.declared.id), after);
    },
  };
}

/** What was deployed, or rolled back in its place. */
function releaseOf({ one, rolledBack }: EmergencyFacts): string {
  return one.release ?? rolledBack?.record.release_version ?? 'none';
}

/** Facts and timeline by the archive; what was recorded before stands in it, so that it is gone on with. */
function draftOf(facts: EmergencyFacts): string {
  const { one, shipped, rolledBack, postMortem, now } = facts;
  const before: PostMortem = postMortem === null
    ? { heldAt: now, heldBy: [], rootCause: '', contributing: [], lessons: '', actions: [] }
    : { heldAt: postMortem.record.held_at, heldBy: postMortem.record.held_by, rootCause: postMortem.record.root_cause, contributing: postMortem.record.contributing_factors ?? [], lessons: postMortem.record.lessons, actions: postMortemActions(facts) };
  const criterion = CRITERIA.find(({ id }) => id === one.criterion);
  const affected = facts.decided.findLast(({ record }) => record.affected_versions !== undefined)?.record.affected_versions ?? [];
  return postMortemText({
    id: one.record.emergency_id, timeline: storyOf(facts),
    facts: [
      ['Emergency', `${one.record.emergency_id} (${one.declared.id})`], ['What', one.record.reason], ['Criterion', criterion === undefined ? 'none was named' : `${criterion.words} (${criterion.clause})`], ['Severity', one.severity],
      ['Affected', affected.length === 0 ? 'not said' : affected.join(', ')], ['Version', one.release ?? 'none was named'], ['Detected', one.detected.at], ['Declared', `${one.record.declared_at} by ${one.by?.name ?? one.record.declared_by}`],
      ['Deadline', `${one.sla.due} (${one.sla.state})`], shipped === null && rolledBack !== null ? ['Rolled back', rolledBack.finish?.record.at ?? ''] : ['Deployed', shipped?.finish?.record.at ?? 'not yet'],
    ],
  }, before);
}

import type { Handlers } from '../contract/serve.ts';
import type { KeySetAside as SetAside } from '../model/statements.ts';
import { KeySetAside } from '../model/statements.ts';
import { personByKey } from '../roster/people.ts';
import { ofForm } from '../workflow/acts.ts';
import { keysSetAside } from '../workflow/expedited.ts';
import { speakerWith } from './speaker.ts';
import { appendSigned, assertRole, refused, situationOf, type WorkflowPorts } from './workflow-ports.ts';

/** A key that lies sealed for the night, under two people (policy §10.2). */
export function setAsideHandlers(ports: WorkflowPorts): Pick<Handlers, 'cards.setAside'> {
  return {
    'cards.setAside': async ({ fingerprint, statement, key, passphrase }, { signal }) => {
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const situation = await situationOf(ports, null, null, signal);
      const roles = situation.rules.declarers.length === 0 ? [] : situation.inForce.policy.parameters.emergency_key_roles.value;
      assertRole(speaker, roles, 'set a release key aside for emergencies');
      if (personByKey(speaker.roster.roster, fingerprint, 'release') === null) throw refused(`${fingerprint} is nobody's release key in the roster in force.`, 'Have the administrators add it first, for releases.');
      const said = ofForm(situation.acts, KeySetAside).filter(({ act, record }) => record.key_fingerprint === fingerprint && act.by.some(({ id }) => id === speaker.person.id));
      if (said.length > 0) throw refused(`${speaker.person.name} said so already (${said[0]?.act.id ?? ''}).`, 'Another person has to say so as well.');
      const record: SetAside = { event_type: 'attestation', attests: 'emergency-key', attested_by: speaker.person.id, attested_at: situation.at, key_fingerprint: fingerprint, statement, roster_digest: speaker.roster.digest };
      const { id } = await appendSigned(ports, speaker, { ...record }, await ports.seen());
      const after = await situationOf(ports, null, null, signal);
      const people = ofForm(after.acts, KeySetAside).filter(({ record: one }) => one.key_fingerprint === fingerprint).flatMap(({ act }) => act.by.map(({ name }) => name));
      return { record: id, fingerprint, by: [...new Set(people)], setAside: keysSetAside(after.acts, roles).has(fingerprint) };
    },
  };
}

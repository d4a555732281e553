import { useState, type ReactElement } from 'react';
import type { Roster } from '../../../core/model/roster.ts';
import controls from '../../components/controls.module.css';
import { PathField } from '../../components/PathField.tsx';
import { keyId, listed } from '../../components/wording.ts';
import { useConsole } from '../../frame/status-store.ts';
import { addChange, usePeople } from './people-store.ts';
import { ChangeForm, Choice, dayOf, Text } from './form-parts.tsx';
import styles from './people.module.css';

type Use = Roster['people'][number]['keys'][number]['use'][number];
interface FormProps {
  readonly roster: Roster;
}

/** Roles of the policy; the policy file and the roster may add others. */
const ROLES = ['cto', 'ciso', 'release-manager', 'devops', 'devops-lead', 'qa', 'senior-developer', 'security-architect', 'on-call', 'compliance'];

/** People of the roster, and those whom this very version adds. */
function useChoices({ people }: Roster): readonly (readonly [string, string])[] {
  const added = usePeople(({ typed }) => typed.changes).flatMap(({ change }) => change.addPeople ?? []);
  return [...people, ...added].map(({ id, name }) => [id, name === id ? id : `${name} (${id})`] as const);
}

export function AddPerson(): ReactElement {
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [emails, setEmails] = useState('');
  const ready = /^[a-z0-9][a-z0-9._-]{0,63}$/.test(id) && name.trim() !== '' && emails.split(',').every((one) => one.trim() === '' || one.includes('@'));
  return (
    <ChangeForm
      label="Add a person" ready={ready}
      onSend={() => {
        const addresses = emails.split(',').map((one) => one.trim()).filter((one) => one !== '');
        addChange({ words: `${name.trim()} joins as ${id}${addresses.length === 0 ? '' : `, ${addresses.join(', ')}`}`, change: { addPeople: [{ id, name: name.trim(), emails: addresses }] } });
        setId('');
        setName('');
        setEmails('');
      }}
    >
      <div className={styles['fields']}>
        <Text label="Id" hint="Lower case, for good: records name it." value={id} onChange={setId} testId="person-id" />
        <Text label="Name" value={name} onChange={setName} testId="person-name" />
        <Text label="E-mail addresses, separated by commas" hint="Commits by these are theirs." value={emails} onChange={setEmails} testId="person-emails" />
      </div>
      <p className={controls['hint']}>Then give them roles and a key: each is a change of its own.</p>
    </ChangeForm>
  );
}

export function ChangeStatus({ roster }: FormProps): ReactElement {
  const [id, setId] = useState('');
  const [status, setStatus] = useState('');
  const choices = useChoices(roster);
  const words = { left: 'leaves', suspended: 'is suspended', active: 'is active again' }[status] ?? '';
  return (
    <ChangeForm label="Somebody leaves or pauses" ready={id !== '' && words !== ''} onSend={() => addChange({ words: `${id} ${words}`, change: { status: [{ id, status: status as 'left' }] } })}>
      <div className={styles['fields']}>
        <Choice label="Who" value={id} options={choices} onChange={setId} testId="status-who" />
        <Choice label="What happens" value={status} options={[['left', 'Leaves'], ['suspended', 'Is suspended'], ['active', 'Is active again']]} onChange={setStatus} testId="status-what" />
      </div>
      <p className={controls['hint']}>Their word counts no more from when the version is in force; what they signed before stays.</p>
    </ChangeForm>
  );
}

export function ChangeRoles({ roster }: FormProps): ReactElement {
  const [id, setId] = useState('');
  const [role, setRole] = useState('');
  const person = roster.people.find((one) => one.id === id);
  const has = person?.roles.includes(role) === true;
  return (
    <ChangeForm
      label="Roles" ready={id !== '' && /^[a-z][a-z0-9-]*$/.test(role)} verb={has ? 'Take the role, on the list' : 'Give the role, on the list'}
      onSend={() => addChange(has ? { words: `${id} is no longer ${role}`, change: { removeRoles: [{ id, role }] } } : { words: `${id} becomes ${role}`, change: { addRoles: [{ id, role }] } })}
    >
      <div className={styles['fields']}>
        <Choice label="Who" value={id} options={useChoices(roster)} onChange={setId} testId="role-who" />
        <Text label="Role" {...(person === undefined ? {} : { hint: person.roles.length === 0 ? 'They have none.' : `They have ${listed(person.roles)}.` })} value={role} onChange={setRole} list="roles" testId="role-name" />
        <datalist id="roles">{[...new Set([...ROLES, ...roster.people.flatMap(({ roles }) => roles)])].map((one) => <option key={one} value={one} />)}</datalist>
      </div>
      <p className={controls['hint']}>Nobody gives a role to themself: another administrator has to sign that too.</p>
    </ChangeForm>
  );
}

const USES: readonly (readonly [Use, string])[] = [['approve', 'approvals and their word'], ['release', 'signing releases'], ['admin', 'signing the roster']];

/** A new key, in place of one where it was lost or grew old. */
export function ChangeKey({ roster }: FormProps): ReactElement {
  const [id, setId] = useState('');
  const [file, setFile] = useState('');
  const [uses, setUses] = useState<readonly Use[]>(['approve']);
  const [on, setOn] = useState('');
  const [old, setOld] = useState('');
  const keys = roster.people.find((one) => one.id === id)?.keys ?? [];
  const adds = file.trim() !== '' && uses.length > 0 && (on === 'card' || on === 'file');
  return (
    <ChangeForm
      label="A key" ready={id !== '' && (adds || (old !== '' && file.trim() === ''))}
      onSend={() => {
        if (old !== '') addChange({ words: `${id} no longer has the key ${keyId(old)}`, change: { removeKeys: [{ id, fingerprint: old }] } });
        if (adds) addChange({ words: `${id} has the key in ${file.trim()} for ${listed(uses)}, on a ${on}`, change: { addKeys: [{ id, file: file.trim(), fingerprint: null, use: [...uses], on: on as 'card' }] } });
        setFile('');
        setOld('');
      }}
    >
      <div className={styles['fields']}>
        <Choice label="Whose" value={id} options={useChoices(roster)} onChange={setId} testId="key-who" />
        <Choice label="Key that goes, if any" value={old} options={keys.map(({ fingerprint, use }) => [fingerprint, `${keyId(fingerprint)} for ${listed(use)}`])} onChange={setOld} testId="key-old" />
        <Choice label="New key lies on" value={on} options={[['card', 'a card'], ['file', 'a file, or in gpg']]} onChange={setOn} testId="key-on" />
      </div>
      <PathField label="File with the new public key, if any" choose="file" value={file} onChange={setFile} testId="key-file" />
      <fieldset className={styles['uses']}>
        <legend className={controls['label']}>The new key is for</legend>
        {USES.map(([use, words]) => <label key={use} className={controls['choice']}><input type="checkbox" checked={uses.includes(use)} onChange={() => setUses(uses.includes(use) ? uses.filter((one) => one !== use) : [...uses, use])} />{words}</label>)}
      </fieldset>
      <p className={controls['hint']}>A key that was lost or stolen is revoked besides, from when it was last in the right hands: Keys, “Lost or stolen”.</p>
    </ChangeForm>
  );
}

export function ChangeDeputy({ roster }: FormProps): ReactElement {
  const [id, setId] = useState('');
  const [deputy, setDeputy] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const choices = useChoices(roster);
  const [begins, ends] = [dayOf(from, false), dayOf(until, true)];
  const now = roster.people.find((one) => one.id === id)?.deputies ?? [];
  const removes = now.some((one) => one.id === deputy) && from === '' && until === '';
  return (
    <ChangeForm
      label="A deputy" ready={id !== '' && deputy !== '' && id !== deputy && (removes || (begins !== null && ends !== null && begins < ends))} verb={removes ? 'Take the deputy away, on the list' : 'Put it on the list'}
      onSend={() => {
        if (removes) addChange({ words: `${deputy} no longer stands in for ${id}`, change: { removeDeputies: [{ id, deputy }] } });
        else if (begins !== null && ends !== null) addChange({ words: `${deputy} stands in for ${id} from ${from} to ${until}`, change: { addDeputies: [{ id, deputy, from: begins, until: ends }] } });
      }}
    >
      <div className={styles['fields']}>
        <Choice label="Who is away" value={id} options={choices} onChange={setId} testId="deputy-of" />
        <Choice label="Who stands in" value={deputy} options={choices.filter(([one]) => one !== id)} onChange={setDeputy} testId="deputy-who" />
        <Text label="From this day" type="date" value={from} onChange={setFrom} testId="deputy-from" />
        <Text label="To the end of this day, UTC" type="date" value={until} onChange={setUntil} testId="deputy-until" />
      </div>
      <p className={controls['hint']}>{now.length === 0 ? 'On those days the deputy has their roles, and is themself in every other way.' : `${listed(now.map((one) => `${one.id} (${one.from.slice(0, 10)} to ${one.until.slice(0, 10)})`))} ${now.length === 1 ? 'stands' : 'stand'} in already; choose one without dates to take them away.`}</p>
    </ChangeForm>
  );
}

/** By which somebody is called back in an emergency; a word that came over any other way opens nothing (FORMATS §7). */
export function ChangePhone({ roster }: FormProps): ReactElement {
  const [id, setId] = useState('');
  const [phone, setPhone] = useState('');
  const has = roster.people.find((one) => one.id === id)?.phones ?? [];
  const given = phone.trim();
  const removes = has.includes(given);
  return (
    <ChangeForm
      label="A number or room" ready={id !== '' && given !== ''} verb={removes ? 'Take the number away, on the list' : 'Put it on the list'}
      onSend={() => {
        addChange(removes ? { words: `${id} is no longer called by ${given}`, change: { removePhones: [{ id, phone: given }] } } : { words: `${id} is called by ${given}`, change: { addPhones: [{ id, phone: given }] } });
        setPhone('');
      }}
    >
      <div className={styles['fields']}>
        <Choice label="Who" value={id} options={useChoices(roster)} onChange={setId} testId="phone-who" />
        <Text label="Number, or a room" {...(id === '' ? {} : { hint: has.length === 0 ? 'They have none.' : `They have ${listed(has)}.` })} value={phone} onChange={setPhone} testId="phone-number" list="phones" />
        <datalist id="phones">{has.map((one) => <option key={one} value={one} />)}</datalist>
      </div>
      <p className={controls['hint']}>In an emergency an approval by word counts only by a number or in a room that stands here.</p>
    </ChangeForm>
  );
}

export function ChangeRules({ roster }: FormProps): ReactElement {
  const [expires, setExpires] = useState('');
  const [threshold, setThreshold] = useState('');
  const [policy, setPolicy] = useState('');
  const digest = policy.trim().toLowerCase();
  const until = dayOf(expires, true);
  const number = /^[1-9]\d{0,2}$/.test(threshold) ? Number(threshold) : null;
  const isDigest = /^[0-9a-f]{64}$/.test(digest);
  const known = roster.policy_digests.includes(digest);
  return (
    <ChangeForm
      label="Expiry, threshold and policy" ready={(until !== null || number !== null || isDigest) && (digest === '' || isDigest)}
      onSend={() => {
        if (until !== null) addChange({ words: `The roster holds until ${expires}`, change: { expires: until } });
        if (number !== null) addChange({ words: `${number} administrators have to sign`, change: { thresholds: { admin: number } } });
        if (isDigest) addChange(known ? { words: `The policy file ${digest.slice(0, 12)} is no longer in force`, change: { removePolicies: [digest] } } : { words: `The policy file ${digest.slice(0, 12)} comes into force`, change: { addPolicies: [digest] } });
        setPolicy('');
      }}
    >
      <div className={styles['fields']}>
        <Text label="Holds to the end of this day, UTC" hint={`Now: ${roster.expires.slice(0, 10)}`} type="date" value={expires} onChange={setExpires} testId="rules-expires" />
        <Text label="Administrators who have to sign" hint={`Now: ${roster.thresholds.admin}`} type="number" value={threshold} onChange={setThreshold} testId="rules-threshold" />
      </div>
      <Text label="Policy file to add or take away, by its SHA-256" hint="countersign explain says which file is used; sha256sum its digest." value={policy} onChange={setPolicy} />
    </ChangeForm>
  );
}

export function ChangeConsole({ roster }: FormProps): ReactElement {
  const status = useConsole((state) => state.status);
  const [origin, setOrigin] = useState('');
  const [vkey, setVkey] = useState('');
  const [owner, setOwner] = useState('');
  const known = roster.consoles.some((one) => one.origin === origin.trim());
  const removes = known && vkey.trim() === '';
  return (
    <ChangeForm
      label="A console" ready={origin.trim() !== '' && (removes || (vkey.trim() !== '' && owner !== ''))} verb={removes ? 'Take the console away, on the list' : 'Put it on the list'}
      onSend={() => addChange(removes ? { words: `The console ${origin.trim()} is no longer named`, change: { removeConsoles: [origin.trim()] } } : { words: `The console ${origin.trim()} is ${owner}’s`, change: { addConsoles: [{ origin: origin.trim(), vkey: vkey.trim(), owner }] } })}
    >
      <div className={styles['fields']}>
        <Text label="Log" value={origin} onChange={setOrigin} testId="console-origin" />
        <Choice label="Owner" value={owner} options={useChoices(roster)} onChange={setOwner} testId="console-owner" />
      </div>
      <Text label="Verifier key of its log" hint="As its settings show it, by another way than the archive. Left empty for a console that is named: it is taken away." value={vkey} onChange={setVkey} testId="console-vkey" />
      {status === null ? null : <button type="button" className={styles['textButton']} onClick={() => { setOrigin(status.origin); setVkey(status.vkey); }}>Use this console’s</button>}
    </ChangeForm>
  );
}

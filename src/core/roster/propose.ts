import { AppError } from '../model/errors.ts';
import { Roster } from '../model/roster.ts';

type PersonKey = Roster['people'][number]['keys'][number];

/** What the next version has otherwise than the one that is held; people are changed in the order in which this lists it. */
export interface RosterChanges {
  readonly expires: string | null;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly addPolicies: readonly string[];
  readonly removePolicies: readonly string[];
  readonly addPeople: readonly { readonly id: string; readonly name: string; readonly emails: readonly string[] }[];
  readonly status: readonly { readonly id: string; readonly status: Roster['people'][number]['status'] }[];
  readonly addRoles: readonly { readonly id: string; readonly role: string }[];
  readonly removeRoles: readonly { readonly id: string; readonly role: string }[];
  readonly addKeys: readonly (PersonKey & { readonly id: string })[];
  readonly removeKeys: readonly { readonly id: string; readonly fingerprint: string }[];
  readonly addDeputies: readonly { readonly id: string; readonly deputy: string; readonly from: string; readonly until: string }[];
  readonly removeDeputies: readonly { readonly id: string; readonly deputy: string }[];
  readonly addPhones: readonly { readonly id: string; readonly phone: string }[];
  readonly removePhones: readonly { readonly id: string; readonly phone: string }[];
  /** Hashes of new voice codes; `replace`: those that somebody has are struck out. */
  readonly voiceCodes: readonly { readonly id: string; readonly codes: Roster['people'][number]['voice_codes']; readonly replace: boolean }[];
  readonly addConsoles: readonly Roster['consoles'][number][];
  readonly removeConsoles: readonly string[];
}

export const NO_CHANGES: RosterChanges = {
  expires: null, thresholds: {}, addPolicies: [], removePolicies: [], addPeople: [], status: [], addRoles: [], removeRoles: [], addKeys: [], removeKeys: [], addDeputies: [], removeDeputies: [], addPhones: [], removePhones: [], voiceCodes: [], addConsoles: [], removeConsoles: [],
};

/** The version after one that is held, with changes. Error: `bad-input`, for a change of somebody or something that is not there. */
export function nextRoster(held: Roster, changes: RosterChanges, resolves: readonly string[]): Roster {
  const { resolves: _, ...base } = held;
  // Parsed again, so that it shares nothing with the one that is held.
  const next = Roster.parse({ ...base, version: held.version + 1, ...(resolves.length === 0 ? {} : { resolves: [...resolves].sort() }) });
  next.expires = changes.expires ?? next.expires;
  next.thresholds = { ...next.thresholds, ...changes.thresholds };
  next.policy_digests = without(next.policy_digests, changes.removePolicies, 'policy file').concat(changes.addPolicies.filter((digest) => !held.policy_digests.includes(digest)));
  for (const { id, name, emails } of changes.addPeople) {
    if (next.people.some((person) => person.id === id)) throw new AppError('bad-input', `"${id}" is in the roster already.`, { hint: 'Change their roles or keys, or choose another id.' });
    next.people.push({ id, name, emails: [...emails], roles: [], status: 'active', deputies: [], keys: [], phones: [], voice_codes: [] });
  }
  const person = (id: string): Roster['people'][number] => {
    const found = next.people.find((one) => one.id === id);
    if (found === undefined) throw new AppError('bad-input', `Nobody in the roster is called "${id}".`, { hint: `It knows ${next.people.map((one) => one.id).join(', ')}.` });
    return found;
  };
  for (const { id, status } of changes.status) person(id).status = status;
  for (const { id, role } of changes.removeRoles) person(id).roles = without(person(id).roles, [role], `role of ${id}`);
  for (const { id, role } of changes.addRoles) person(id).roles = [...new Set([...person(id).roles, role])];
  for (const { id, fingerprint } of changes.removeKeys) {
    const { keys } = person(id);
    const gone = keys.filter((key) => key.fingerprint.endsWith(fingerprint.toUpperCase()));
    if (gone.length !== 1) throw new AppError('bad-input', `${id} has ${gone.length} keys that end in ${fingerprint}.`, { hint: 'Give the whole fingerprint, as countersign roster show --json has it.' });
    person(id).keys = keys.filter((key) => !gone.includes(key));
  }
  for (const { id, ...key } of changes.addKeys) {
    const holder = next.people.find(({ keys }) => keys.some(({ fingerprint }) => fingerprint === key.fingerprint));
    if (holder !== undefined) throw new AppError('bad-input', `The key ${key.fingerprint} is ${holder.id}'s already; one key is one person's.`, { hint: 'Remove it there first, or choose another key.' });
    person(id).keys.push(key);
  }
  for (const { id, deputy } of changes.removeDeputies) {
    const { deputies } = person(id);
    if (!deputies.some((one) => one.id === deputy)) throw new AppError('bad-input', `${deputy} is no deputy of ${id}.`, {});
    person(id).deputies = deputies.filter((one) => one.id !== deputy);
  }
  for (const { id, deputy, from, until } of changes.addDeputies) {
    if (person(deputy).id === id) throw new AppError('bad-input', `${id} cannot stand in for themself.`, {});
    if (Date.parse(until) <= Date.parse(from)) throw new AppError('bad-input', `The time of ${deputy} as deputy of ${id} ends before it begins.`, {});
    person(id).deputies.push({ id: deputy, from, until });
  }
  for (const { id, phone } of changes.removePhones) person(id).phones = without(person(id).phones, [phone], `number of ${id}`);
  for (const { id, phone } of changes.addPhones) person(id).phones = [...new Set([...person(id).phones, phone])];
  for (const { id, codes, replace } of changes.voiceCodes) person(id).voice_codes = [...(replace ? [] : person(id).voice_codes), ...codes];
  next.consoles = next.consoles.filter(({ origin }) => without(held.consoles.map((one) => one.origin), changes.removeConsoles, 'console').includes(origin));
  for (const one of changes.addConsoles) {
    person(one.owner);
    next.consoles = [...next.consoles.filter(({ origin }) => origin !== one.origin), { ...one }];
  }
  return next;
}

/** Why a roster could not be worked with although its form is right; null where it can: its own threshold can be reached, and who is named is there. */
export function whyUnusable({ people, thresholds, consoles }: Roster): string | null {
  const ids = people.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `two people are called "${twice}"`;
  const prints = people.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint));
  const shared = prints.find((print, index) => prints.indexOf(print) !== index);
  if (shared !== undefined) return `the key ${shared} is there twice, so it would be nobody's`;
  const administrators = people.filter(({ status, keys }) => status === 'active' && keys.some(({ use }) => use.includes('admin'))).length;
  if (administrators < thresholds.admin) return `${administrators} administrators could not reach its threshold of ${thresholds.admin}`;
  const stranger = [...consoles.map(({ owner }) => owner), ...people.flatMap(({ deputies }) => deputies.map(({ id }) => id))].find((id) => !ids.includes(id));
  return stranger === undefined ? null : `"${stranger}" owns a console or stands in for somebody, and is not in it`;
}

function without(list: readonly string[], removed: readonly string[], what: string): string[] {
  const missing = removed.find((one) => !list.includes(one));
  if (missing !== undefined) throw new AppError('bad-input', `There is no ${what} ${missing} in the roster.`, {});
  return list.filter((one) => !removed.includes(one));
}

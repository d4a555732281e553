import type { Person, Roster } from '../model/roster.ts';

/** What differs between two versions, one line a change, in the order in which somebody reads a roster. */
export function changesBetween(before: Roster, after: Roster): string[] {
  const said: string[] = [];
  const changed = (what: string, was: string, is: string): void => {
    if (was !== is) said.push(`${what}: ${was} → ${is}`);
  };
  changed('version', String(before.version), String(after.version));
  changed('expires', before.expires, after.expires);
  for (const name of new Set([...Object.keys(before.thresholds), ...Object.keys(after.thresholds)])) {
    changed(`threshold ${name}`, String(before.thresholds[name] ?? 'none'), String(after.thresholds[name] ?? 'none'));
  }
  said.push(...listed('policy file', before.policy_digests, after.policy_digests));
  const ids = [...new Set([...before.people, ...after.people].map(({ id }) => id))];
  for (const id of ids) said.push(...personChanges(before.people.find((one) => one.id === id) ?? null, after.people.find((one) => one.id === id) ?? null));
  said.push(...listed('console', before.consoles.map(consoleWords), after.consoles.map(consoleWords)));
  said.push(...(after.resolves ?? []).map((digest) => `names ${digest} of a roster fork`));
  return said;
}

/** Roles that somebody has in the later version, of their own or as a deputy, and had in neither way before. */
export function gained(before: Roster, after: Roster, id: string): string[] {
  const had = everyRole(before, id);
  return [...everyRole(after, id)].filter((role) => !had.has(role)).sort();
}

/** Deputies at whatever time: a grant is one although it begins later. */
function everyRole({ people }: Roster, id: string): Set<string> {
  return new Set(people.filter((person) => person.status === 'active' && (person.id === id || person.deputies.some((deputy) => deputy.id === id))).flatMap(({ roles }) => roles));
}

function personChanges(was: Person | null, is: Person | null): string[] {
  if (was === null && is !== null) return [`+ ${is.name} (${is.id}): ${is.roles.join(', ') || 'no role'}; ${is.keys.map(keyWords).join(', ') || 'no key'}`, ...is.deputies.map((deputy) => `+ ${is.id}: ${deputyWords(deputy)}`)];
  if (is === null) return was === null ? [] : [`− ${was.name} (${was.id})`];
  if (was === null) return [];
  const of = (what: string, before: readonly string[], after: readonly string[]): string[] => listed(`${is.id}: ${what}`, before, after);
  return [
    ...(was.name === is.name ? [] : [`${is.id}: name: ${was.name} → ${is.name}`]),
    ...(was.status === is.status ? [] : [`${is.id}: ${was.status} → ${is.status}`]),
    ...of('role', was.roles, is.roles), ...of('address', was.emails, is.emails), ...of('key', was.keys.map(keyWords), is.keys.map(keyWords)),
    ...is.keys.filter(({ fingerprint, cert }) => was.keys.some((key) => key.fingerprint === fingerprint && key.cert !== cert)).map(({ fingerprint }) => `${is.id}: another certificate of 0x${fingerprint.slice(-16)}`),
    ...of('deputy', was.deputies.map(deputyWords), is.deputies.map(deputyWords)), ...of('telephone', was.phones, is.phones),
    ...of('voice code', was.voice_codes.map(({ id }) => id), is.voice_codes.map(({ id }) => id)),
  ];
}

function listed(what: string, before: readonly string[], after: readonly string[]): string[] {
  return [...before.filter((one) => !after.includes(one)).map((one) => `− ${what} ${one}`), ...after.filter((one) => !before.includes(one)).map((one) => `+ ${what} ${one}`)];
}

function keyWords({ fingerprint, use, on }: Person['keys'][number]): string {
  return `${fingerprint} for ${use.join(' and ')}, on a ${on}`;
}

function deputyWords({ id, from, until }: Person['deputies'][number]): string {
  return `${id} from ${from} until ${until}`;
}

function consoleWords({ origin, vkey, owner }: Roster['consoles'][number]): string {
  return `${origin} of ${owner} (${vkey})`;
}

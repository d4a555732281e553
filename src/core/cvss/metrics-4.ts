import { base, optional, type Metric } from './metric.ts';

const X = 'X|Not defined|It is left out of the score';
const AS_BASE = 'X|Not defined|As in the base group';
const VULNERABLE = (what: string): readonly string[] => [`H|High|All of ${what}, or what matters of it`, `L|Low|Some of ${what}, without control over which`, 'N|None|Nothing of it'];
const NEED = (what: string): readonly string[] => [X, `H|High|Losing ${what} would be a catastrophe here`, `M|Medium|Losing ${what} would hurt seriously here`, `L|Low|Losing ${what} would hurt little here`];
const SAFETY = 'S|Safety|People could be injured';

const BASE = [
  { id: 'AV', name: 'Attack vector', asks: 'From where can it be exploited?', lines: ['N|Network|From anywhere that reaches it', 'A|Adjacent|From the same network, physical or logical', 'L|Local|By somebody logged in, or through a file that somebody opens', 'P|Physical|By somebody who touches it'] },
  { id: 'AC', name: 'Attack complexity', asks: 'Does the attacker have to get around a defence?', lines: ['L|Low|Nothing special; it works again and again', 'H|High|A defence has to be evaded, or a secret of this target be known'] },
  { id: 'AT', name: 'Attack requirements', asks: 'Does it depend on how the target runs?', lines: ['N|None|It works mostly everywhere', 'P|Present|Such as a race that has to be won, or a place in the network'] },
  { id: 'PR', name: 'Privileges required', asks: 'Which privileges does the attacker need before?', lines: ['N|None|None', 'L|Low|Those of an ordinary user', 'H|High|Those of an administrator'] },
  { id: 'UI', name: 'User interaction', asks: 'Does somebody else have to do something?', lines: ['N|None|Nobody has to do anything', 'P|Passive|Somebody does what they do anyway, unaware', 'A|Active|Somebody has to act against a warning, or on purpose'] },
  { id: 'VC', name: 'Confidentiality of the vulnerable system', asks: 'How much of it is disclosed?', lines: VULNERABLE('what is secret') },
  { id: 'VI', name: 'Integrity of the vulnerable system', asks: 'How much of it can be changed?', lines: VULNERABLE('what is stored') },
  { id: 'VA', name: 'Availability of the vulnerable system', asks: 'How much of it stops working?', lines: VULNERABLE('what runs') },
  { id: 'SC', name: 'Confidentiality of subsequent systems', asks: 'How much of others is disclosed?', lines: VULNERABLE('what is secret there') },
  { id: 'SI', name: 'Integrity of subsequent systems', asks: 'How much of others can be changed?', lines: VULNERABLE('what is stored there') },
  { id: 'SA', name: 'Availability of subsequent systems', asks: 'How much of others stops working?', lines: VULNERABLE('what runs there') },
] as const;

const MAY_INJURE: ReadonlySet<string> = new Set(['SI', 'SA']);

/** The metrics of CVSS 4.0 in the order in which a vector has to have them (specification, sections 2 to 5, table 23). */
export const METRICS_4: readonly Metric[] = [
  ...BASE.map(({ id, name, asks, lines }) => base(id, name, asks, ...lines)),
  optional('threat', 'E', 'Exploit maturity', 'Is it exploited?', 'X', X, 'A|Attacked|Attacks are known, or tools that make them easy', 'P|Proof of concept|A demonstration is known, and no attack', 'U|Unreported|Neither is known'),
  optional('environmental', 'CR', 'Confidentiality requirement', 'How much does secrecy matter here?', 'X', ...NEED('secrecy')),
  optional('environmental', 'IR', 'Integrity requirement', 'How much does integrity matter here?', 'X', ...NEED('integrity')),
  optional('environmental', 'AR', 'Availability requirement', 'How much does availability matter here?', 'X', ...NEED('availability')),
  ...BASE.map(({ id, name, asks, lines }) => optional('environmental', `M${id}`, `Modified ${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`, `${asks} As it is here.`, 'X', AS_BASE, ...(MAY_INJURE.has(id) ? [SAFETY] : []), ...lines)),
  optional('supplemental', 'S', 'Safety', 'Could people be injured?', 'X', X, 'N|Negligible|Slightly at most', 'P|Present|More than slightly'),
  optional('supplemental', 'AU', 'Automatable', 'Can all steps of an attack be automated over many targets?', 'X', X, 'N|No|Not all of them', 'Y|Yes|All of them'),
  optional('supplemental', 'R', 'Recovery', 'How does the system come back?', 'X', X, 'A|Automatic|By itself', 'U|User|Somebody has to bring it back', 'I|Irrecoverable|It does not'),
  optional('supplemental', 'V', 'Value density', 'How much does one attack gain?', 'X', X, 'D|Diffuse|Little', 'C|Concentrated|Much'),
  optional('supplemental', 'RE', 'Vulnerability response effort', 'How hard is it to respond?', 'X', X, 'L|Low|Easy', 'M|Moderate|It takes some effort', 'H|High|It is hard, or takes the system down'),
  optional('supplemental', 'U', 'Provider urgency', 'How urgent does the provider say that it is?', 'X', X, 'Clear|Clear|Informational', 'Green|Green|Reduced', 'Amber|Amber|Moderate', 'Red|Red|Highest'),
];

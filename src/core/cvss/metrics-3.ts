import { base, optional, type Metric } from './metric.ts';

const X = 'X|Not defined|It is left out of the score';
const VECTOR = ['N|Network|From anywhere that reaches it', 'A|Adjacent|From the same network, physical or logical', 'L|Local|By somebody logged in, or through a file that somebody opens', 'P|Physical|By somebody who touches it'];
const COMPLEXITY = ['L|Low|Nothing special; it works again and again', 'H|High|Conditions beyond the attacker’s control have to be met'];
const PRIVILEGES = ['N|None|None', 'L|Low|Those of an ordinary user', 'H|High|Those of an administrator'];
const INTERACTION = ['N|None|Nobody has to do anything', 'R|Required|Somebody has to do something first'];
const SCOPE = ['U|Unchanged|What is harmed is under the same authority as what is vulnerable', 'C|Changed|Something under another authority is harmed too'];
const IMPACT = (what: string): readonly string[] => [`H|High|All of ${what}, or what matters of it`, `L|Low|Some of ${what}, without control over which`, 'N|None|Nothing of it'];
const NEED = (what: string): readonly string[] => [X, `L|Low|Losing ${what} would hurt little here`, `M|Medium|Losing ${what} would hurt seriously here`, `H|High|Losing ${what} would be a catastrophe here`];

const BASE = [
  { id: 'AV', name: 'Attack vector', asks: 'From where can it be exploited?', lines: VECTOR },
  { id: 'AC', name: 'Attack complexity', asks: 'What does it take beyond the attacker’s control?', lines: COMPLEXITY },
  { id: 'PR', name: 'Privileges required', asks: 'Which privileges does the attacker need before?', lines: PRIVILEGES },
  { id: 'UI', name: 'User interaction', asks: 'Does somebody else have to do something?', lines: INTERACTION },
  { id: 'S', name: 'Scope', asks: 'Is something under another authority harmed?', lines: SCOPE },
  { id: 'C', name: 'Confidentiality', asks: 'How much is disclosed?', lines: IMPACT('what is secret') },
  { id: 'I', name: 'Integrity', asks: 'How much can be changed?', lines: IMPACT('what is stored') },
  { id: 'A', name: 'Availability', asks: 'How much stops working?', lines: IMPACT('what runs') },
] as const;

/** The metrics of CVSS 3.0 and 3.1 in the order of their vectors (specification 3.1, sections 2 to 4). */
export const METRICS_3: readonly Metric[] = [
  ...BASE.map(({ id, name, asks, lines }) => base(id, name, asks, ...lines)),
  optional('temporal', 'E', 'Exploit code maturity', 'Which code to exploit it is known?', 'X', X, 'H|High|It works everywhere, or by itself', 'F|Functional|Code that works mostly', 'P|Proof of concept|A demonstration that seldom works as it is', 'U|Unproven|None, or only in theory'),
  optional('temporal', 'RL', 'Remediation level', 'Which remedy is there?', 'X', X, 'U|Unavailable|None', 'W|Workaround|An unofficial one', 'T|Temporary fix|An official one that does not last', 'O|Official fix|A complete one by the vendor'),
  optional('temporal', 'RC', 'Report confidence', 'How sure is it that it exists?', 'X', X, 'C|Confirmed|It can be reproduced, or the vendor says so', 'R|Reasonable|Much is known, not everything', 'U|Unknown|There are signs, and no cause is known'),
  optional('environmental', 'CR', 'Confidentiality requirement', 'How much does secrecy matter here?', 'X', ...NEED('secrecy')),
  optional('environmental', 'IR', 'Integrity requirement', 'How much does integrity matter here?', 'X', ...NEED('integrity')),
  optional('environmental', 'AR', 'Availability requirement', 'How much does availability matter here?', 'X', ...NEED('availability')),
  ...BASE.map(({ id, name, asks, lines }) => optional('environmental', `M${id}`, `Modified ${name.toLowerCase()}`, `${asks} As it is here.`, 'X', 'X|Not defined|As in the base group', ...lines)),
];

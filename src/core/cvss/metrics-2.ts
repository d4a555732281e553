import { base, optional, type Metric } from './metric.ts';

const IMPACT = (what: string): readonly string[] => [`N|None|${what} is not touched`, `P|Partial|Part of it is lost, without control over which part`, `C|Complete|All of it is lost`];
const NEED = (what: string): readonly string[] => ['ND|Not defined|It is left out of the score', `L|Low|Losing ${what} would hurt little here`, `M|Medium|Losing ${what} would hurt seriously here`, `H|High|Losing ${what} would be a catastrophe here`];

/** The metrics of CVSS 2.0 in the order of its vectors (A Complete Guide to CVSS 2.0, section 2). */
export const METRICS_2: readonly Metric[] = [
  base('AV', 'Access vector', 'From where can it be exploited?', 'L|Local|Somebody has to be at the machine or have an account on it', 'A|Adjacent network|From the same network segment', 'N|Network|From anywhere that reaches it'),
  base('AC', 'Access complexity', 'What does it take once there?', 'H|High|Special conditions that are rare', 'M|Medium|Somewhat special conditions', 'L|Low|Nothing special'),
  base('Au', 'Authentication', 'How often does the attacker have to log in?', 'M|Multiple|Twice or more', 'S|Single|Once', 'N|None|Never'),
  base('C', 'Confidentiality impact', 'How much is disclosed?', ...IMPACT('What is secret')),
  base('I', 'Integrity impact', 'How much can be changed?', ...IMPACT('What is stored')),
  base('A', 'Availability impact', 'How much stops working?', ...IMPACT('What runs')),
  optional('temporal', 'E', 'Exploitability', 'Which code to exploit it is known?', 'ND', 'ND|Not defined|It is left out of the score', 'U|Unproven|None, or only in theory', 'POC|Proof of concept|A demonstration that seldom works as it is', 'F|Functional|Code that works mostly', 'H|High|It works everywhere, or by itself'),
  optional('temporal', 'RL', 'Remediation level', 'Which remedy is there?', 'ND', 'ND|Not defined|It is left out of the score', 'OF|Official fix|A complete one by the vendor', 'TF|Temporary fix|An official one that does not last', 'W|Workaround|An unofficial one', 'U|Unavailable|None'),
  optional('temporal', 'RC', 'Report confidence', 'How sure is it that it exists?', 'ND', 'ND|Not defined|It is left out of the score', 'UC|Unconfirmed|One report, or several that contradict each other', 'UR|Uncorroborated|Several reports that nobody official confirmed', 'C|Confirmed|The vendor or the author says so, or it was seen'),
  optional('environmental', 'CDP', 'Collateral damage potential', 'What else could be harmed here?', 'ND', 'ND|Not defined|It is left out of the score', 'N|None|Nothing', 'L|Low|Slight damage', 'LM|Low to medium|Moderate damage', 'MH|Medium to high|Significant damage', 'H|High|Catastrophic damage'),
  optional('environmental', 'TD', 'Target distribution', 'How many of the systems here are vulnerable?', 'ND', 'ND|Not defined|It is left out of the score', 'N|None|None, or only in a laboratory', 'L|Low|Up to a quarter', 'M|Medium|Up to three quarters', 'H|High|More'),
  optional('environmental', 'CR', 'Confidentiality requirement', 'How much does secrecy matter here?', 'ND', ...NEED('secrecy')),
  optional('environmental', 'IR', 'Integrity requirement', 'How much does integrity matter here?', 'ND', ...NEED('integrity')),
  optional('environmental', 'AR', 'Availability requirement', 'How much does availability matter here?', 'ND', ...NEED('availability')),
];

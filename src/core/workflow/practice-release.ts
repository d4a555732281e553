/** One commit of the practice product: what it changes, and how long before the drill began it was made. */
export interface PracticeCommit {
  readonly author: string;
  readonly email: string;
  readonly minutesBefore: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
  /** The version that it is tagged as; null where it is none. */
  readonly tag: string | null;
}

export const PRACTICE_PRODUCT = 'harbour';
export const PRACTICE_VERSION = 'v1.4.1';

/** What happens in the drill, as whoever is on the phone would tell it. */
export const PRACTICE_SCENARIO = [
  'It is the middle of the night. The support desk of Harbour, which sells ferry tickets, calls you.',
  'A customer changed the number in the address of her order and saw the order of a stranger: name, address, card digits. She tried ten numbers; all of them opened.',
  'The access log shows two addresses that have been counting through all orders for forty minutes. They are still at it.',
  `The development team has a patch, ${PRACTICE_VERSION}: it asks whose order it is before it is shown. It is built and signed; QA waits for you.`,
  'The CTO and the CISO are asleep. Their numbers stand in the roster.',
].join('\n');

/** People of the drill; whoever practises is the first. Numbers are of those that are kept for fiction. */
export const PRACTICE_PEOPLE = {
  you: { id: 'you', name: 'You, on call', email: 'you@practice.example', roles: ['on-call', 'devops', 'qa', 'security-architect'], phones: [] },
  cast: [
    { id: 'cleo', name: 'Cleo Martens', email: 'cleo@practice.example', roles: ['cto'], phones: ['+1 202 555 0143'] },
    { id: 'ines', name: 'Ines Okafor', email: 'ines@practice.example', roles: ['ciso'], phones: ['+1 202 555 0172'] },
  ],
  desk: { id: 'desk', name: 'Release desk', email: 'desk@practice.example', roles: ['release-manager'], phones: [] },
} as const;

const PACKAGE = (version: string): string => `${JSON.stringify({ name: PRACTICE_PRODUCT, version, private: true, type: 'module' }, null, 2)}\n`;
const ORDERS = 'export function order(orders, number) {\n  return orders.get(number) ?? null;\n}\n';
const ORDERS_ASKED = 'export function order(orders, number, customer) {\n  const found = orders.get(number) ?? null;\n  return found === null || found.customer !== customer ? null : found;\n}\n';
const DEVELOPER = { author: 'Sam Lindgren', email: 'sam@practice.example' };

/** The history of the practice product: the version that is attacked, and the one that mends it. */
export const PRACTICE_COMMITS: readonly PracticeCommit[] = [
  { ...DEVELOPER, minutesBefore: 60 * 24 * 40, message: 'Show an order by its number', files: { 'package.json': PACKAGE('1.4.0'), 'src/orders.js': ORDERS, 'CHANGELOG.md': '# Changelog\n\n## [1.4.0]\n\n### Added\n\n- Orders by their number.\n' }, tag: 'v1.4.0' },
  { ...DEVELOPER, minutesBefore: 25, message: 'Ask whose order it is before it is shown', files: { 'package.json': PACKAGE('1.4.1'), 'src/orders.js': ORDERS_ASKED, 'test/regression/orders.test.js': "import { order } from '../../src/orders.js';\n\nconst orders = new Map([[1, { customer: 'ada' }]]);\nif (order(orders, 1, 'eve') !== null) throw new Error('a stranger sees it');\n" }, tag: PRACTICE_VERSION },
];

/** What the smoke tests say after the deployment. */
export const PRACTICE_SMOKE = '<testsuites><testsuite name="test/smoke/production" tests="2"><testcase classname="test/smoke/production" name="the shop answers"/><testcase classname="test/smoke/production" name="an order is shown to its customer"/></testsuite></testsuites>';

/** Reports of the practice build, in the shape in which the tools of a pipeline write them: critical paths, static and dynamic analysis. */
export function practiceReports(at: Date): Readonly<Record<string, string>> {
  const suite = (kind: string, names: readonly string[]): string => `<testsuites><testsuite name="test/${kind}/orders" tests="${names.length}">${names.map((name) => `<testcase classname="test/${kind}/orders" name="${name}"/>`).join('')}</testsuite></testsuites>`;
  return {
    'reports/regression.xml': suite('regression', ['an order is shown to its customer', 'an order is not shown to a stranger', 'an order can be paid']),
    'reports/unit.xml': suite('unit', ['a number that is no order']),
    'reports/eslint.json': `${JSON.stringify([{ filePath: 'src/orders.js', messages: [], errorCount: 0, warningCount: 0 }], null, 2)}\n`,
    'reports/zap.json': `${JSON.stringify({ '@version': '2.16.1', '@generated': at.toUTCString().replace(' GMT', ''), site: [{ '@name': 'https://development.practice.example', alerts: [{ pluginid: '10021', alert: 'X-Content-Type-Options Header Missing', riskcode: '1', confidence: '2', instances: [] }] }] }, null, 2)}\n`,
  };
}

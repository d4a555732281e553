import type { Handlers } from '../../src/core/contract/serve.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { AppError } from '../../src/core/model/errors.ts';
import { pgpWords } from '../../src/core/model/pgp-words.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import type { Scenario } from './preview-bridge.ts';
import { digest, minutesBefore, NOW } from './preview-releases.ts';
import type { View } from './preview-views.ts';

type Person = Roster['people'][number];
const LONG = 'Maximiliane Aleksandra von und zu Hohenstein-Weißenburg, the second of that name, who stands in for whoever is away, at whatever hour, and whose title alone is longer than any column on any screen is wide';

function person(id: string, name: string, roles: string[], use: Person['keys'][number]['use'], more: Partial<Person> = {}): Person {
  const print = digest(`key ${id}`).slice(0, 40).toUpperCase();
  return { id, name, emails: [`${id}@ghostquant.example`], roles, status: 'active', deputies: [], phones: [], voice_codes: [], keys: [{ fingerprint: print, cert: '-----BEGIN PGP PUBLIC KEY BLOCK-----', use, on: roles.includes('cto') || roles.includes('ciso') ? 'card' : 'file' }], ...more };
}

const PEOPLE: readonly Person[] = [
  person('grace', 'Grace Hopper', ['security-architect', 'devops-lead'], ['approve', 'admin']),
  person('quinn', 'Quinn Tester', ['qa'], ['approve']),
  person('xiaoming', '王小明', ['cto'], ['approve', 'admin'], { phones: ['+49 30 555 0101', 'Room 2.14'], voice_codes: Array.from({ length: 9 }, (_, at) => ({ id: `c0${at + 1}`, salt: '0'.repeat(32), scrypt: '0'.repeat(64), duress: at === 4 })), deputies: [{ id: 'max', from: '2026-02-20T00:00:00Z', until: '2026-03-10T23:59:59Z' }] }),
  person('ines', 'Inés Núñez', ['ciso'], ['approve', 'admin']),
  person('max', LONG, ['release-manager', 'senior-developer', 'on-call', 'compliance'], ['approve']),
  person('hostile', '<img src=x onerror=alert(1)> \u202Eelpmaxe', ['devops'], ['release']),
  person('leo', 'Leo Gone', ['release-manager'], ['approve', 'release'], { status: 'left' }),
  person('maryam', 'مريم الحداد', ['on-call'], ['approve'], { status: 'suspended' }),
];
const ROSTER: Roster = {
  v: 1, roster: 'ghostquant', version: 4, expires: '2026-04-15T00:00:00Z', policy_digests: [digest('policy'), digest('policy of last year')], thresholds: { admin: 2, witnesses: 1 }, people: [...PEOPLE],
  consoles: [{ origin: 'countersign.invalid/console-7f3a', vkey: 'countersign.invalid/console-7f3a+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=', owner: 'grace' }, { origin: 'countersign.invalid/ciso-desk', vkey: 'countersign.invalid/ciso-desk+2f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=', owner: 'ines' }],
};
const DIGEST = digest('roster 4');

type RosterView = NonNullable<Output<'roster.read'>['held']>;
function viewOf(roster: Roster, name: string, problem: string | null): RosterView {
  return {
    roster: roster.roster, version: roster.version, digest: name, expires: roster.expires, problem, threshold: roster.thresholds.admin, policies: roster.policy_digests,
    people: roster.people.map(({ id, name: called, roles, status, keys, deputies }) => ({ id, name: called, roles, status, deputies, keys: keys.map(({ fingerprint, use, on }) => ({ fingerprint, use, on })), signedThis: id === 'grace' || id === 'ines' })),
    consoles: roster.consoles.map(({ origin, owner }) => ({ origin, owner })), words: pgpWords(name),
  };
}

const many: Roster = { ...ROSTER, version: 3, people: [...PEOPLE, ...Array.from({ length: 2_992 }, (_, index) => person(`dev-${index}`, `Developer ${index}`, ['senior-developer'], ['approve']))] };
const older = (version: number): Roster => ({ ...(version === 3 ? many : ROSTER), version, people: version === 3 ? many.people : PEOPLE.slice(0, 2 + version) });

/** What is held, as the status line has it. */
export function heldRosterOf(scenario: Scenario): Output<'console.status'>['roster'] {
  if (scenario === 'first') return null;
  return { roster: ROSTER.roster, version: 4, expires: ROSTER.expires, problem: scenario === 'broken' ? FORK : null };
}
const FORK = `There are 2 valid rosters of version 4 (${DIGEST.slice(0, 12)} and ${digest('rival').slice(0, 12)}): authority is frozen until a version names both`;

type SeatState = Output<'seat.read'>;
function seatKeys(): SeatState['keys'] {
  return [['grace', false, null], ['quinn', true, null], ['xiaoming', false, 'D2760001240103040006123456780000'], ['max', true, null]].flatMap(([id, inFile, card]) => {
    const found = PEOPLE.find((one) => one.id === id);
    const key = found?.keys[0];
    return found === undefined || key === undefined ? [] : [{ key: inFile === true ? `/root/.countersign/keys/${key.fingerprint}.asc` : key.fingerprint, fingerprint: key.fingerprint, person: { id: found.id, name: found.name }, roles: found.roles, use: key.use, inFile: inFile === true, card: typeof card === 'string' ? card : null }];
  });
}

type Owned = 'roster.makeVoiceCodes' | 'roster.voiceCodes' | 'roster.adopt' | 'roster.propose' | 'roster.read' | 'roster.show' | 'roster.sign' | 'roster.verify' | 'seat.leave' | 'seat.lock' | 'seat.read' | 'seat.take' | 'statement.who' | 'artifacts.store';

/** Stand-ins for the calls of the roster and of the seat. */
export function peopleAnswers(scenario: Scenario): Pick<Handlers, Owned> {
  const keys = seatKeys();
  const nobody: SeatState = scenario === 'rich' ? { seat: null, locked: false, keys, problem: null } : { seat: null, locked: false, keys: [], problem: scenario === 'broken' ? `${FORK}.` : 'No roster of people and keys is held on this console, so it cannot say whose a key is.' };
  const sits = keys[1];
  let state: SeatState = scenario !== 'rich' || sits === undefined ? nobody : { ...nobody, seat: { ...sits, since: minutesBefore(31) } };
  const problem = scenario === 'broken' ? FORK : null;
  const refuse = (): void => {
    if (scenario === 'first') throw new AppError('not-found', 'This console holds no roster.', { hint: 'countersign roster adopt FILE --digest SHA256' });
  };
  const verified = (file: string): Output<'roster.verify'> => ({
    roster: 'ghostquant', version: 5, digest: digest(file), words: pgpWords(digest(file)), expires: '2027-03-01T00:00:00Z',
    signatures: [{ file: `${file.split('/').at(-1) ?? file}.grace.asc`, person: 'Grace Hopper', fingerprint: PEOPLE[0]?.keys[0]?.fingerprint ?? null, good: true, why: null }, { file: `${file.split('/').at(-1) ?? file}.eve.asc`, person: null, fingerprint: 'E'.repeat(40), good: false, why: 'its key is not known' }],
    thresholds: [{ version: 5, digest: null, people: ['grace'], needed: 2, reached: false }, { version: 4, digest: DIGEST, people: ['grace'], needed: 2, reached: false }],
    changes: ['version: 4 → 5', 'expires: 2026-04-15T00:00:00Z → 2027-03-01T00:00:00Z', 'leo: − role release-manager', `+ eve (${LONG}): qa; 0xEEEEEEEEEEEEEEEE (approve, file)`],
    verdict: scenario === 'first' ? 'first' : 'refused', problem: scenario === 'first' ? null : 'The roster is signed by 1 of the 2 administrators that its own threshold asks for.',
  });
  return {
    'roster.read': async () => ({ held: scenario === 'first' ? null : viewOf(ROSTER, DIGEST, problem) }),
    'roster.show': async ({ version }) => {
      refuse();
      const shown = version === null || version === 4 ? ROSTER : older(version);
      return {
        view: viewOf(shown, digest(`roster ${shown.version}`), shown.version === 4 ? problem : 'Version 4 took its place at 2026-01-20T09:00:00Z'), roster: shown,
        versions: [1, 2, 3, 4].map((one) => ({ version: one, digest: digest(`roster ${one}`), from: one === 1 ? '2025-06-01T08:00:00Z' : `2025-${String(6 + one * 2).padStart(2, '0').replace('14', '12')}-02T08:00:00Z`, until: ROSTER.expires, problem: one === 4 ? problem : null })),
        changes: shown.version === 1 ? [] : ['version: 3 → 4', 'expires: 2026-01-20T00:00:00Z → 2026-04-15T00:00:00Z', '+ leo: left', 'xiaoming: + deputy max 2026-02-20T00:00:00Z – 2026-03-10T23:59:59Z', `+ console countersign.invalid/ciso-desk of ${LONG}`],
        takenBy: [{ origin: 'countersign.invalid/console-7f3a', at: minutesBefore(60 * 24 * 40), record: 'countersign.invalid/console-7f3a#2101' }, { origin: 'countersign.invalid/ciso-desk', at: minutesBefore(60 * 24 * 38), record: 'countersign.invalid/ciso-desk#212' }],
        rivals: scenario === 'broken' ? [{ version: 4, digest: digest('rival'), file: '/root/.countersign/roster/rivals/4-9ab1.json' }] : [],
      };
    },
    'roster.propose': async ({ out }) => ({
      file: out, version: 5, digest: digest(out), words: pgpWords(digest(out)), changes: verified(out).changes,
      asks: [{ version: 4, administrators: ['grace', 'xiaoming', 'ines'], needed: 2 }, { version: 5, administrators: ['grace', 'xiaoming', 'ines'], needed: 2 }],
      notes: ['grace gains a role, so another administrator has to sign it besides'], next: [`each administrator: countersign roster sign ${out} --key FINGERPRINT`],
    }),
    'roster.voiceCodes': async () => ({
      people: ROSTER.people.map(({ id, name, phones, voice_codes: codes }) => ({ id, name, phones, left: Math.max(0, codes.length - 2), codes: codes.map((code, at) => ({ id: code.id, burntBy: at === 0 ? 'countersign.invalid/console-7f3a#2801' : null })) })),
    }),
    'roster.makeVoiceCodes': async ({ person: of, count, out }) => ({
      person: of, name: ROSTER.people.find(({ id }) => id === of)?.name ?? of, file: out, version: 5, digest: digest(out), changes: verified(out).changes, next: [`countersign roster verify ${out}`],
      codes: Array.from({ length: count + 1 }, (_, at) => ({ id: `c${String(at + 1).padStart(2, '0')}`, words: pgpWords(digest(`code ${at}`)).slice(0, 6), duress: at === 4 })),
    }),
    'roster.sign': async ({ file }) => ({ signature: `${file}.grace.asc`, person: 'Grace Hopper', fingerprint: PEOPLE[0]?.keys[0]?.fingerprint ?? '', digest: digest(file) }),
    'roster.verify': async ({ file }) => verified(file),
    'roster.adopt': async ({ file }) => {
      if (file === null) return viewOf(ROSTER, DIGEST, null);
      throw new AppError('not-permitted', 'The roster is signed by 1 of the 2 administrators that its own threshold asks for.', { hint: 'Have the administrators sign the file: gpg --detach-sign --armor, one NAME.PERSON.asc each beside it.', details: { roster: 'ghostquant', version: 5 } });
    },
    'artifacts.store': async ({ draft, to, readBack }) => ({
      place: `${to}/${draft.version}`, guard: to.startsWith('s3:') ? 'looked' : 'atomic', kept: readBack === null ? null : { folder: readBack, manifest: `${readBack}/evidence-manifest.json` }, record: 'countersign.invalid/console-7f3a#2978',
      files: [`ghostquant-${draft.version}.tar.gz`, `ghostquant-${draft.version}.tar.gz.asc`, 'SHA256SUMS', 'SHA256SUMS.asc', 'sbom.cdx.json'].map((name, at) => ({ name, sha256: digest(name), size: 38_797_312 >> at, state: at === 4 ? 'there' : 'uploaded' })),
    }),
    'statement.who': async ({ about, check }) => {
      const roles = about === 'suppression' ? ['security-architect'] : about === 'risk' ? ['ciso', 'security-architect'] : about === 'binding' ? [] : check?.startsWith('qa-') === true ? ['qa'] : ['release-manager', 'devops-lead'];
      const speaking = PEOPLE.filter(({ status, keys: theirs }) => status === 'active' && theirs.some(({ use }) => use.includes('approve')));
      if (scenario !== 'rich') return { roles, people: [], problem: problem ?? 'No roster of people and keys is held on this console' };
      return { roles, problem: null, people: speaking.map((one) => ({ id: one.id, name: one.name, why: roles.length > 0 && !roles.some((role) => one.roles.includes(role)) ? `${one.name} is not ${roles.join(' or ')} in the roster in force.` : null })) };
    },
    'seat.read': async () => state,
    'seat.take': async ({ key }) => {
      const taken = keys.find((one) => one.key === key);
      if (taken === undefined) throw new AppError('not-found', `There is no secret key ${key}.`);
      return (state = { ...nobody, seat: { ...taken, since: NOW } });
    },
    'seat.lock': async () => (state = { ...state, locked: state.seat !== null }),
    'seat.leave': async () => (state = nobody),
  };
}

const settled = 800;
/** Their places that have a picture. */
export const PEOPLE_VIEWS: readonly View[] = [
  { name: 'people-seat', address: '#/home', act: (page) => page.getByTestId('seat').click() },
  {
    name: 'people-attest', address: '#/release/v1.1.0/checklist?line=qa-staging-tested',
    act: async (page) => {
      if ((await page.getByTestId('attest-statement').count()) === 0) return;
      await page.getByTestId('attest-statement').fill('Smoke and regression tests ran on staging at 14:10 UTC; I watched both, and looked at the new order form by hand.');
      await page.getByTestId('act-passphrase').fill('correct horse');
      await page.getByTestId('attest').scrollIntoViewIfNeeded();
    },
  },
  { name: 'people-attest-not-asked', address: '#/release/v1.1.0/checklist?line=monitoring-configured', act: (page) => page.getByTestId('attest').scrollIntoViewIfNeeded({ timeout: 2_000 }).catch(() => undefined) },
  {
    name: 'people-suppress', address: '#/release/v1.1.0/checklist?line=dependency-scans',
    act: async (page) => {
      await page.getByTestId('way-suppression').click({ timeout: 2_000 }).catch(() => undefined);
      await page.getByTestId('statement-suppression').scrollIntoViewIfNeeded({ timeout: 1_000 }).catch(() => undefined);
    },
  },
  {
    name: 'people-store', address: '#/release/v1.1.0/artifacts',
    act: async (page) => {
      await page.waitForTimeout(settled);
      await page.getByTestId('open-store').click();
      await page.getByTestId('store-to').fill('s3://ghostquant-releases/console');
      await page.getByTestId('store-button').click();
      await page.getByTestId('stored').waitFor({ timeout: 5_000 });
      await page.getByTestId('stored').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'people-seat-long', address: '#/people',
    act: async (page) => {
      await page.getByTestId('seat').click();
      if ((await page.getByTestId('seat-max').count()) === 0) return;
      await page.getByTestId('seat-max').click();
      await page.getByTestId('seat-passphrase').fill('correct horse');
      await page.getByTestId('take-seat').click();
    },
  },
  { name: 'people-roster', address: '#/people' },
  {
    name: 'people-codes', address: '#/people',
    act: async (page) => {
      await page.getByTestId('person-xiaoming').getByRole('button').click();
      await page.getByTestId('open-codes').click();
      await page.getByTestId('codes-out').fill('/root/.countersign/roster-5.json');
    },
  },
  {
    name: 'people-codes-made', address: '#/people',
    act: async (page) => {
      await page.getByTestId('person-xiaoming').getByRole('button').click();
      await page.getByTestId('open-codes').click();
      await page.getByTestId('codes-out').fill('/root/.countersign/roster-5.json');
      await page.getByTestId('make-codes-button').click();
      await page.getByTestId('duress-code').scrollIntoViewIfNeeded();
    },
  },
  { name: 'people-person', address: '#/people', act: async (page) => { await page.getByTestId('person-xiaoming').click({ timeout: 2_000 }).catch(() => undefined); } },
  { name: 'people-many', address: '#/people?version=3' },
  { name: 'people-below', address: '#/people', act: async (page) => { await page.getByTestId('show-words').click({ timeout: 2_000 }).catch(() => undefined); await page.getByRole('heading', { name: 'Versions' }).scrollIntoViewIfNeeded({ timeout: 2_000 }).catch(() => undefined); } },
  {
    name: 'people-propose', address: '#/people',
    act: async (page) => {
      if ((await page.getByTestId('open-propose').count()) === 0) return;
      await page.getByTestId('open-propose').click();
      await page.getByTestId('change-deputy').click();
      await page.getByTestId('deputy-of').selectOption('quinn');
      await page.getByTestId('deputy-who').selectOption('max');
      await page.getByTestId('deputy-from').fill('2026-03-09');
      await page.getByTestId('deputy-until').fill('2026-03-13');
      await page.getByTestId('add-change').click();
      await page.getByTestId('change-lost').click();
      await page.getByTestId('lost-who').selectOption('ines');
    },
  },
  {
    name: 'people-proposed', address: '#/people',
    act: async (page) => {
      if ((await page.getByTestId('open-propose').count()) === 0) return;
      await page.getByTestId('open-propose').click();
      await page.getByTestId('propose-out').fill('/srv/roster/roster-5.json');
      await page.getByTestId('change-status').click();
      await page.getByTestId('status-who').selectOption('maryam');
      await page.getByTestId('status-what').selectOption('active');
      await page.getByTestId('add-change').click();
      await page.getByTestId('propose-button').click();
    },
  },
  {
    name: 'people-file', address: '#/people',
    act: async (page) => {
      await page.getByTestId('open-file').click({ timeout: 2_000 }).catch(() => undefined);
      await page.getByTestId('roster-path').fill('/srv/roster/roster-5.json', { timeout: 2_000 }).catch(() => undefined);
      await page.getByTestId('verify-roster').click({ timeout: 2_000 }).catch(() => undefined);
      await page.getByTestId('heard-digest').fill('adult adroitness ', { timeout: 1_000 }).catch(() => undefined);
    },
  },
  { name: 'people-locked', address: '#/release/v1.1.0/checklist', act: async (page) => { await page.waitForTimeout(settled); await page.keyboard.press('Control+l'); await page.getByTestId('lock-screen').waitFor({ timeout: 3_000 }).catch(() => undefined); } },
  {
    name: 'people-seat-nobody', address: '#/home',
    act: async (page) => {
      const locked = page.getByTestId('lock-screen');
      if (await locked.isVisible()) {
        await locked.getByTestId('seat-grace').click();
        await locked.getByTestId('take-seat').click();
        await page.getByTestId('seat').click();
        await page.getByTestId('leave-seat').click();
      } else await page.getByTestId('seat').click();
    },
  },
];

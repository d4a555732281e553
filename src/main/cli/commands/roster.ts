import { InvalidArgumentError } from 'commander';
import type { Input, Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { askPassphrase, PASSPHRASE_FD } from '../passphrase.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';
import { voiceCodeCommand } from './voice-codes.ts';

type Changes = Input<'roster.propose'>['changes'];
type Asked = 'expires' | 'threshold' | 'addPolicy' | 'removePolicy' | 'addPerson' | 'status' | 'addRole' | 'removeRole' | 'addKey' | 'removeKey' | 'addDeputy' | 'removeDeputy' | 'addPhone' | 'removePhone' | 'addConsole' | 'removeConsole';
type Proposing = Partial<Record<Exclude<Asked, 'expires'>, string[]>> & { readonly expires?: string; readonly from?: string; readonly out: string; readonly json?: boolean };

/** What each option of `propose` takes, and how it is written. */
const OPTIONS: readonly (readonly [flag: string, form: string, meaning: string])[] = [
  ['--add-person', 'ID:NAME:EMAIL[,EMAIL]', 'somebody who was not in it'],
  ['--status', 'ID:active|left|suspended', 'somebody leaves, pauses or comes back'],
  ['--add-role', 'ID:ROLE', 'a role for somebody'],
  ['--remove-role', 'ID:ROLE', 'a role that somebody has no more'],
  ['--add-key', 'ID:FILE:USE[+USE]:card|file', 'the public key in FILE, for approve, release or admin'],
  ['--remove-key', 'ID:FINGERPRINT', 'a key that is somebody’s no more'],
  ['--add-deputy', 'ID:DEPUTY:FROM/UNTIL', 'who stands in for somebody, from day to day (YYYY-MM-DD)'],
  ['--remove-deputy', 'ID:DEPUTY', 'who stands in for somebody no more'],
  ['--add-phone', 'ID:NUMBER', 'a number or a room by which somebody is called back'],
  ['--remove-phone', 'ID:NUMBER', 'a number that is somebody’s no more'],
  ['--add-console', 'OWNER:VKEY', 'a console by the key of its log'],
  ['--remove-console', 'ORIGIN', 'a console that is in use no more'],
  ['--threshold', 'NAME=N', 'how many it takes, such as admin=2'],
  ['--add-policy', 'SHA256', 'a policy file in force'],
  ['--remove-policy', 'SHA256', 'a policy file that is in force no more'],
];

export const rosterCommands: AddCommands = (program) => {
  const roster = program.command('roster').description('the people, keys and policy files whose word counts, and the next version of them');

  roster
    .command('show')
    .description('show the roster that this console holds, or a version that it held before, and whether it is in force')
    .option('--version <n>', 'a version that was held here', wholeNumber)
    .option('--words', 'its digest in words, to be read aloud')
    .option(...JSON_FLAG)
    .action((options: { version?: number; words?: boolean; json?: boolean }) =>
      run(options, async (session) => {
        const { held } = await session.call('roster.read', {});
        if (held === null) {
          session.print({ held }, () => 'This console holds no roster, so nobody’s approval or attestation can count. countersign roster adopt FILE --digest SHA256 takes one.');
          return session.finish(1);
        }
        const shown = await session.call('roster.show', { version: options.version ?? null });
        session.print({ held, ...shown }, () => (options.words === true ? inWords(shown.view.words) : [describe(shown.view), ...around(shown)].join('\n')));
        session.finish(shown.view.problem === null ? 0 : 1);
      }),
    );

  voiceCodeCommand(roster);

  const propose = roster
    .command('propose')
    .description('write the next version, from the one that is held, as a file that the administrators sign')
    .requiredOption('--out <file>', 'the new file; nothing is replaced')
    .option('--from <file>', 'a roster that you edited, with the next version’s number; what else is given is changed in it')
    .option('--expires <time>', 'until when it holds (RFC 3339, UTC)');
  for (const [flag, form, meaning] of OPTIONS) propose.option(`${flag} <${form}>`, `${meaning} (may be repeated)`, collect);
  propose.option(...JSON_FLAG).action((options: Proposing) =>
    run(options, async (session) => {
      const proposed = await session.call('roster.propose', { file: options.from ?? null, changes: changesOf(options), out: options.out });
      session.print(proposed, () => [
        `${proposed.file} is version ${proposed.version}, SHA-256 ${proposed.digest}`, ...proposed.changes.map((change) => `  ${change}`),
        ...proposed.asks.map(({ version, administrators, needed }) => `  asks for ${needed} of version ${version}’s administrators: ${administrators.join(', ')}`),
        ...proposed.notes.map((note) => `  note: ${note}`), ...proposed.next.map((next) => `  next: ${next}`),
      ].map(printable).join('\n'));
    }),
  );

  roster
    .command('sign')
    .description('sign a roster as one of its administrators, into FILE.PERSON.asc beside it')
    .argument('<file>')
    .requiredOption('--key <fingerprint>', 'your key for admin: one that gpg holds, or a local key’s file')
    .option('--local-key', 'the key lies in a file; its passphrase is asked for')
    .option(...PASSPHRASE_FD)
    .option(...JSON_FLAG)
    .action((file: string, options: { key: string; localKey?: boolean; passphraseFd?: number; json?: boolean }) =>
      run(options, async (session) => {
        const passphrase = options.localKey === true ? await askPassphrase(options.passphraseFd)(`Passphrase of ${options.key}`) : null;
        const signed = await session.call('roster.sign', { file, key: options.key, passphrase, task: undefined });
        session.print(signed, () => printable(`${signed.person} signed ${signed.digest} into ${signed.signature}`));
      }),
    );

  roster
    .command('verify')
    .description('say who signed a roster, which thresholds that reaches, and what it changes; exit 0 only where it could be adopted')
    .argument('<file>')
    .option(...JSON_FLAG)
    .action((file: string, options: { json?: boolean }) =>
      run(options, async (session) => {
        const verified = await session.call('roster.verify', { file });
        session.print(verified, () => verifiedWords(verified));
        session.finish(verified.verdict === 'refused' ? 1 : 0);
      }),
    );

  roster
    .command('adopt')
    .description('take a roster: the first by the digest that came by another way, a later one by its signatures')
    .argument('[file]', 'roster.json, with NAME.asc signatures of its administrators beside it; left out, what a sync brought')
    .option('--digest <sha256>', 'the SHA-256 of the file, as it was read to you by another way')
    .option(...JSON_FLAG)
    .action((file: string | undefined, options: { digest?: string; json?: boolean }) =>
      run(options, async (session) => {
        const adopted = await session.call('roster.adopt', { file: file ?? null, digest: options.digest?.toLowerCase() ?? null, task: undefined });
        session.print(adopted, () => describe(adopted));
      }),
    );
};

function changesOf(options: Proposing): Changes {
  const each = <Value>(given: readonly string[] | undefined, form: RegExp, flag: string, made: (...parts: string[]) => Value): Value[] => (given ?? []).map((value) => {
    const match = form.exec(value);
    if (match === null) throw new AppError('bad-input', `--${flag} ${value} is not of the form ${OPTIONS.find(([name]) => name === `--${flag}`)?.[1] ?? ''}.`, { hint: 'countersign roster propose --help shows each.' });
    return made(...match.slice(1).map((part) => part ?? ''));
  });
  const pair = /^([^:]+):(.+)$/;
  return {
    expires: options.expires ?? null,
    thresholds: Object.fromEntries(each(options.threshold, /^([^=]+)=(\d{1,4})$/, 'threshold', (name = '', count = '') => [name, Number(count)] as const)),
    addPolicies: options.addPolicy ?? [], removePolicies: options.removePolicy ?? [],
    addPeople: each(options.addPerson, /^([^:]+):([^:]+):(.*)$/, 'add-person', (id = '', name = '', emails = '') => ({ id, name, emails: emails.split(',').filter((email) => email !== '') })),
    status: each(options.status, /^([^:]+):(active|left|suspended)$/, 'status', (id = '', status = '') => ({ id, status: status as 'active' | 'left' | 'suspended' })),
    addRoles: each(options.addRole, pair, 'add-role', (id = '', role = '') => ({ id, role })), removeRoles: each(options.removeRole, pair, 'remove-role', (id = '', role = '') => ({ id, role })),
    addKeys: each(options.addKey, /^([^:]+):(.+):((?:approve|release|admin)(?:\+(?:approve|release|admin))*):(card|file)$/, 'add-key', (id = '', file = '', use = '', on = '') => ({ id, file, fingerprint: null, use: use.split('+') as ('approve' | 'release' | 'admin')[], on: on as 'card' | 'file' })),
    removeKeys: each(options.removeKey, pair, 'remove-key', (id = '', fingerprint = '') => ({ id, fingerprint: fingerprint.replace(/^0x/i, '') })),
    addDeputies: each(options.addDeputy, /^([^:]+):([^:]+):(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/, 'add-deputy', (id = '', deputy = '', from = '', until = '') => ({ id, deputy, from: `${from}T00:00:00Z`, until: `${until}T23:59:59Z` })),
    removeDeputies: each(options.removeDeputy, pair, 'remove-deputy', (id = '', deputy = '') => ({ id, deputy })),
    addPhones: each(options.addPhone, pair, 'add-phone', (id = '', phone = '') => ({ id, phone })), removePhones: each(options.removePhone, pair, 'remove-phone', (id = '', phone = '') => ({ id, phone })),
    addConsoles: each(options.addConsole, /^([^:]+):((.+)\+[0-9a-f]{8}\+.+)$/, 'add-console', (owner = '', vkey = '', origin = '') => ({ owner, vkey, origin })), removeConsoles: options.removeConsole ?? [],
  };
}

function describe({ roster, version, digest, expires, problem, threshold, policies, people, consoles }: Output<'roster.adopt'>): string {
  const signers = people.filter(({ signedThis }) => signedThis);
  return [
    `${roster}, version ${version}, ${problem === null ? `in force until ${expires}` : `not in force: ${problem}`}`,
    `  SHA-256 ${digest}`,
    `  signed by ${signers.map(({ name }) => name).join(', ') || 'nobody'} (${threshold} needed)`,
    ...policies.map((policy) => `  policy file ${policy}`),
    ...people.map(({ name, roles, status, keys, deputies }) => `  ${name}${status === 'active' ? '' : ` (${status})`}: ${roles.join(', ') || 'no role'}; ${keys.map(({ fingerprint, use }) => `0x${fingerprint.slice(-16)} ${use.join('+')}`).join(', ') || 'no key'}${deputies.map(({ id, from, until }) => `; ${id} stands in from ${from} until ${until}`).join('')}`),
    ...consoles.map(({ origin, owner }) => `  console ${origin} of ${owner}`),
  ].map(printable).join('\n');
}

/** Who took it, and what there is beside it. */
function around({ takenBy, versions, rivals }: Output<'roster.show'>): string[] {
  return [
    ...takenBy.map(({ origin, at, record }) => `  taken by ${origin} at ${at} (${record})`),
    ...(versions.length < 2 ? [] : versions.map(({ version, from, until }) => `  version ${version} in force from ${from ?? 'a time that is not known'} until ${until}`)),
    ...rivals.map(({ version, digest, file }) => `  another valid version ${version}: ${digest}, in ${file}`),
  ].map(printable);
}

/** Eight a line, numbered, so that two people keep their place. */
function inWords(words: readonly string[]): string {
  return Array.from({ length: Math.ceil(words.length / 8) }, (_, line) => `${String(line * 8 + 1).padStart(2)}  ${words.slice(line * 8, line * 8 + 8).join(' ')}`).join('\n');
}

function verifiedWords({ roster, version, digest, signatures, thresholds, changes, verdict, problem }: Output<'roster.verify'>): string {
  return [
    `${roster}, version ${version}: ${verdict}${problem === null ? '' : `: ${problem}`}`, `  SHA-256 ${digest}`,
    ...signatures.map(({ file, person, fingerprint, good, why }) => `  ${file}: ${good ? 'good' : 'does not count'}, ${person ?? 'nobody known'} ${fingerprint ?? ''}${why === null ? '' : `; ${why}`}`),
    ...thresholds.map((one) => `  ${one.digest === null ? 'its own threshold' : `the threshold of version ${one.version}`}: ${one.people.length} of ${one.needed}${one.people.length === 0 ? '' : ` (${one.people.join(', ')})`}`),
    ...changes.map((change) => `  ${change}`),
    ...(verdict === 'first' ? ['  Nothing is held here yet: have its digest read to you by another way, and adopt it with --digest.'] : []),
  ].map(printable).join('\n');
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It is a whole number from 1');
  return Number(value);
}

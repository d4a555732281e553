import { InvalidArgumentError, type Command } from 'commander';
import type { VerbalRequestShown, VerbalShown } from '../../../core/contract/verbal-calls.ts';
import { askPassphrase } from '../passphrase.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run } from './run.ts';
import { signedBy, withKey, type WhoSigns } from './who-signs.ts';

interface Common extends WhoSigns { readonly json?: boolean }
interface Asking extends Common { readonly repo: string; readonly outputs: string[]; readonly release: string; readonly since?: string; readonly policy?: string; readonly approver: string; readonly role: string; readonly risk: string }
interface Taking extends Common {
  readonly refuse?: boolean; readonly channel: Channel; readonly called: string; readonly callBack?: boolean; readonly words: string; readonly readBack?: string; readonly code?: string; readonly noCode?: boolean; readonly witness?: string;
  readonly late?: boolean; readonly spoken?: string; readonly attach?: string[]; readonly consent?: boolean;
}
interface Attempting extends Common { readonly approver: string; readonly role: string; readonly called: string; readonly outcome: Outcome; readonly words: string }

const CHANNELS = ['phone', 'room', 'radio', 'video'] as const;
type Channel = (typeof CHANNELS)[number];
const OUTCOMES = ['no-answer', 'busy', 'voicemail', 'no-connection', 'refused-to-talk'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Approving by word in an emergency (FORMATS §7), and what the approver signs in the morning; joined to `countersign emergency`. */
export function verbalCommands(emergency: Command): void {
  const verbal = emergency.command('verbal').description('an approval by word: request, record, attempt, witness, form, list');
  withKey(verbal.command('request').description('log what is to be approved, and only then draw the words that are read back').argument('<emergency>', 'its id, or its record'))
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
    .requiredOption('--release <version>', 'the version that mends it')
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--policy <file>', 'another policy file')
    .requiredOption('--approver <id>', 'who is called, by their id in the roster')
    .requiredOption('--role <role>', 'the role in which they are asked, such as cto or ciso')
    .requiredOption('--risk <words>', 'what could go wrong; it is read aloud')
    .option(...JSON_FLAG)
    .action((named: string, options: Asking) =>
      run(options, async (session) => {
        const { release, repo, outputs, since, policy, approver, role, risk } = options;
        const request = await session.call('verbal.request', {
          emergency: named, draft: { version: release, declared: [], repo, outputs, since: since ?? null, policyFile: policy ?? null }, approver, role, risk, ...(await signedBy(options)), task: undefined,
        });
        session.print(request, () => asked(request));
      }));
  withKey(verbal.command('record').description('sign what came of the call; the words are typed blind where they are not given').argument('<request>', 'the record of the statement'))
    .option('--refuse', 'they refused it')
    .option('--channel <channel>', `one of ${CHANNELS.join(', ')}`, oneOf(CHANNELS), 'phone')
    .requiredOption('--called <number>', 'the number or room by which they were reached, as the roster has it')
    .option('--call-back', 'you called that number yourself')
    .requiredOption('--words <words>', 'what they said')
    .option('--read-back <words>', 'the words that they said back, as you heard them; asked for where it is left out')
    .option('--code <words>', 'the voice code that they read, as you heard it; asked for where it is left out')
    .option('--no-code', 'they had no code at hand')
    .option('--witness <id>', 'who else was on the line, by their id in the roster; they sign later')
    .option('--late', 'it was written on paper first')
    .option('--spoken <time>', 'when it was said, where it is entered late (RFC 3339, UTC)')
    .option('--attach <file>', 'notes or a recording, kept by digest (may be repeated)', collect)
    .option('--consent', 'they agreed to what is recorded')
    .option(...JSON_FLAG)
    .action((request: string, options: Omit<Taking, 'code'> & { readonly code?: string | boolean }) =>
      run(options, async (session) => {
        const { refuse, channel, called, callBack, words, witness, late, spoken, attach, consent } = options;
        const typed = askPassphrase(undefined);
        const readBack = refuse === true ? '' : (options.readBack ?? (await typed('Words that they said back')));
        const code = options.code === false || refuse === true ? null : typeof options.code === 'string' ? options.code : await typed('Their voice code (--no-code where they have none)');
        const shown = await session.call('verbal.record', {
          request, ...(await signedBy(options)), decision: refuse === true ? 'refuse' : 'approve', channel, called, callBack: callBack === true, words, readBack: split(readBack), voiceCode: code === null ? null : split(code), witness: witness ?? null,
          spokenAt: spoken ?? null, late: late === true, files: attach ?? [], consent: consent === true, task: undefined,
        });
        session.print(shown, () => describe(shown));
        session.finish(shown.opens || shown.decision === 'refuse' ? 0 : 1);
      }));
  withKey(verbal.command('attempt').description('record that somebody was called and did not decide').argument('<emergency>', 'its id, or its record'))
    .requiredOption('--approver <id>', 'who was called')
    .requiredOption('--role <role>', 'the role in which they were to be asked')
    .requiredOption('--called <number>', 'the number or room, as the roster has it')
    .requiredOption('--outcome <outcome>', `one of ${OUTCOMES.join(', ')}`, oneOf(OUTCOMES))
    .requiredOption('--words <words>', 'what happened')
    .option(...JSON_FLAG)
    .action((named: string, options: Attempting) =>
      run(options, async (session) => {
        const { approver, role, called, outcome, words } = options;
        const attempt = await session.call('verbal.attempt', { emergency: named, ...(await signedBy(options)), approver, role, called, outcome, words });
        session.print(attempt, () => printable(`Recorded as ${attempt.record}: attempt ${attempt.attempts} to reach ${approver}.`));
      }));
  withKey(verbal.command('witness').description('sign that you were on the line and heard it, or that you did not').argument('<verbal>', 'the record of the approval'))
    .option('--denied', 'you did not hear it')
    .requiredOption('--words <words>', 'what you heard')
    .option(...JSON_FLAG)
    .action((named: string, options: Common & { readonly denied?: boolean; readonly words: string }) =>
      run(options, async (session) => {
        const shown = await session.call('verbal.witness', { verbal: named, ...(await signedBy(options)), heard: options.denied !== true, words: options.words });
        session.print(shown, () => describe(shown));
      }));
  verbal.command('form').description('the same call as a form on paper, to be entered late').argument('<request>', 'the record of the statement')
    .option('--out <file>', 'write it to this file')
    .option(...JSON_FLAG)
    .action((request: string, options: { readonly out?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const form = await session.call('verbal.form', { request, out: options.out ?? null });
        session.print(form, () => (form.path === null ? form.text.trimEnd() : `Written to ${form.path}.`));
      }));
  verbal.command('list').description('what was asked and said by word, and what it comes to').argument('[emergency]', 'its id, or its record')
    .option(...JSON_FLAG)
    .action((named: string | undefined, options: { readonly json?: boolean }) =>
      run(options, async (session) => {
        const { at, verbal: said } = await session.call('verbal.list', { emergency: named ?? null, release: null });
        const requests = named === undefined ? [] : (await session.call('verbal.requests', { emergency: named })).requests.filter(({ answered }) => !answered);
        session.print({ at, verbal: said, requests }, () => [...said.map(describe), ...requests.map((one) => printable(`${one.record}  ${one.approver.name} (${one.approver.role}) is asked since ${one.askedAt}, and has not answered.`))].join('\n') || 'Nothing was said by word.');
      }));

  withKey(emergency.command('ratify').description('sign the very bytes that were read to you on the phone').argument('<verbal>', 'the record of what you said'))
    .option('--criterion-denied', 'no criterion of policy §10.1 held; what was deployed was unauthorised then')
    .option('--reason <words>', 'why, where it did not hold; what you want remembered else')
    .option('--shown <sha256>', 'the digest of the statement that you read')
    .option('--out <file>', 'also write the statement to this file, and its detached signature to FILE.asc')
    .option(...JSON_FLAG)
    .action((named: string, options: Common & { readonly criterionDenied?: boolean; readonly reason?: string; readonly shown?: string; readonly out?: string }) =>
      run(options, async (session) => {
        const { criterionDenied, reason, shown, out } = options;
        const ratified = await session.call('verbal.ratify', { verbal: named, ...(await signedBy(options)), criterionConfirmed: criterionDenied !== true, reason: reason ?? '', shown: shown ?? null, out: out ?? null });
        session.print(ratified, () => [describe(ratified), ...(out === undefined ? [] : [`  gpg --verify ${out}.asc ${out}`])].join('\n'));
      }));
  withKey(emergency.command('dispute').description('sign that you did not say it, or not so').argument('<verbal>', 'the record of what you are told to have said'))
    .requiredOption('--reason <words>', 'what was otherwise')
    .option(...JSON_FLAG)
    .action((named: string, options: Common & { readonly reason: string }) =>
      run(options, async (session) => {
        const shown = await session.call('verbal.dispute', { verbal: named, ...(await signedBy(options)), reason: options.reason });
        session.print(shown, () => describe(shown));
      }));
}

/** What to do and to say, in the order in which a call goes. */
function asked({ record, approver, numbers, statement, statementSha256, readBack, nextCode, codesLeft }: VerbalRequestShown): string {
  return [
    `${record}: ask ${approver.name} as ${approver.role}. Call them yourself, by one of: ${numbers.join(', ')}`,
    'Read this aloud, down to the empty line:',
    ...statement.trimEnd().split('\n').map((line) => `  | ${line}`.trimEnd()),
    `  (SHA-256 ${statementSha256})`,
    `Read out these words, and have them said back: ${readBack.join(' ')}`,
    nextCode === null ? 'No voice code of theirs is left: have a third person on the line.' : `Ask for their code ${nextCode} (${codesLeft} left), six words.`,
    `Then: countersign emergency verbal record ${record} --called NUMBER --call-back --words WORDS --key FINGERPRINT`,
  ].map(printable).join('\n');
}

const IDENTITY = { 'coded': 'by their code', 'witnessed': 'before a witness', 'word-only': 'by the taker’s word alone' } as const;
const RATIFIED = { 'owed': 'unratified, until', 'overdue': 'unratified, overdue since', 'ratified': 'ratified at', 'disputed': 'disputed at', 'not-needed': '' } as const;

function describe({ record, approver, decision, release, spokenAt, takenBy, identity, opens, why, ratification, witness, notes }: VerbalShown): string {
  const { state, due, at } = ratification;
  return [
    `${record}: ${approver.name} (${approver.role}) ${decision === 'approve' ? 'approved' : 'refused'} ${release} by word at ${spokenAt}, taken by ${takenBy}, ${IDENTITY[identity]}.`,
    `  ${opens ? 'It opens.' : decision === 'refuse' ? 'It keeps the gate closed.' : 'It opens nothing.'} ${why}`,
    ...(state === 'not-needed' ? [] : [`  ${RATIFIED[state]} ${at ?? due}.`]),
    ...(witness === null ? [] : [`  ${witness.name}, witness: ${witness.state === 'signed' ? `signed at ${witness.at ?? ''}` : witness.state === 'denied' ? 'says that it was not so' : `owes a signature until ${witness.due}`}.`]),
    ...notes.map((note) => `  ${note}`),
  ].map(printable).join('\n');
}

function split(words: string): string[] {
  return words.split(/[\s,]+/).filter((word) => word !== '');
}

function oneOf<const Value extends string>(values: readonly Value[]): (given: string) => Value {
  return (given) => {
    const found = values.find((value) => value === given);
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${values.join(', ')}`);
    return found;
  };
}

import { InvalidArgumentError, type Command } from 'commander';
import type { Output } from '../../../core/contract/types.ts';
import type { LocalKey, RotationDue } from '../../../core/model/local-keys.ts';
import { RevocationCause } from '../../../core/model/local-keys.ts';
import { askPassphrase, PASSPHRASE_FD, type AskPassphrase } from '../passphrase.ts';
import { printable } from '../progress-line.ts';
import type { Session } from '../session.ts';
import { collect, JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

interface Asking { readonly passphraseFd?: number; readonly json?: boolean }
interface New extends Asking { readonly name: string; readonly email: string; readonly algorithm: 'ed25519' | 'rsa4096'; readonly days?: number; readonly file?: string }
interface Revoke extends Asking { readonly reason: RevocationCause; readonly words: string; readonly certificate?: string; readonly out?: string }
interface Propose extends Asking { readonly since: string; readonly reason: RevocationCause; readonly words: string; readonly out: string }
interface Rotate extends Asking { readonly to: string; readonly lost?: boolean; readonly stolen?: boolean; readonly since?: string; readonly reason: string; readonly decidedBy: string[]; readonly out: string }

const KEY_ARGUMENT = ['<key>', 'a fingerprint, the end of one, or the file of a local key'] as const;

/** Keys: those that gpg holds, and those that lie in files here (policy §5.1.2, §7.1). */
export const keyCommands: AddCommands = (program) => {
  const keys = program.command('keys').description('list keys that can sign; make, take, change, rotate, revoke and publish them').option(...JSON_FLAG).action(listKeys);
  keys.command('list').description('list the secret keys that gpg and this console hold, and when each is to be rotated').option(...JSON_FLAG).action(listKeys);

  keys
    .command('new').description('make a key in a file, protected by a passphrase, with its revocation certificate beside it')
    .requiredOption('--name <name>', 'whose it is').requiredOption('--email <address>', 'their mail address')
    .option('--algorithm <name>', 'ed25519 or rsa4096', algorithm, 'ed25519').option('--days <n>', 'until it expires; 365 where it is left out', wholeNumber)
    .option('--file <file>', 'where it is written; the folder of keys of this console where it is left out')
    .option(...PASSPHRASE_FD).option(...JSON_FLAG)
    .action((options: New, command: Command) => act(options, command, async (session, ask) => {
      const { name, email, algorithm: kind, days, file } = options;
      const made = await session.call('keys.create', { name, email, algorithm: kind, days, passphrase: await ask('Passphrase of the new key', true), file: file ?? null });
      session.print(made, () => wroteWords('Made', made));
    }));

  keys
    .command('import').description('take a private key that was exported elsewhere, as it is protected there').argument('<file>', 'armored or binary')
    .option('--file <file>', 'where it is written; the folder of keys of this console where it is left out').option(...PASSPHRASE_FD).option(...JSON_FLAG)
    .action((from: string, options: Asking & { file?: string }, command: Command) => act(options, command, async (session, ask) => {
      const taken = await session.call('keys.import', { from, passphrase: await ask('Passphrase of the key'), file: options.file ?? null });
      session.print(taken, () => wroteWords('Took', taken));
    }));

  keys
    .command('export').description('write the public key, armored').argument(...KEY_ARGUMENT).option('--out <file>', 'a file for it; standard output where it is left out').option(...JSON_FLAG)
    .action((key: string, options: Asking & { out?: string }, command: Command) => act(options, command, async (session) => {
      const exported = await session.call('keys.export', { key, out: options.out ?? null });
      session.print(exported, () => (exported.path === null ? exported.armored.trimEnd() : `Wrote the public key ${exported.fingerprint} to ${exported.path}.`));
    }));

  keys
    .command('passwd').description('change the passphrase of a local key').argument(...KEY_ARGUMENT).option(...PASSPHRASE_FD).option(...JSON_FLAG)
    .action((key: string, options: Asking, command: Command) => act(options, command, async (session, ask) => {
      const changed = await session.call('keys.passwd', { key, passphrase: await ask('Passphrase'), newPassphrase: await ask('New passphrase', true) });
      session.print(changed, () => `Changed the passphrase of ${changed.key.fingerprint}.`);
    }));

  keys
    .command('revoke').description('revoke a local key for good, by its own secret or by its revocation certificate').argument(...KEY_ARGUMENT)
    .requiredOption('--reason <cause>', RevocationCause.options.join(', '), cause).requiredOption('--words <words>', 'why, as everybody will read it')
    .option('--certificate <file>', 'the revocation certificate that was made with the key, where its passphrase is lost').option('--out <file>', 'a file for the revoked public key')
    .option(...PASSPHRASE_FD).option(...JSON_FLAG)
    .action((key: string, options: Revoke, command: Command) => act(options, command, async (session, ask) => {
      const { certificate } = options;
      const by = certificate === undefined ? { with: 'passphrase' as const, passphrase: await ask('Passphrase') } : { with: 'certificate' as const, certificate };
      const revoked = await session.call('keys.revoke', { key, cause: options.reason, words: options.words, by });
      const written = options.out === undefined ? null : await session.call('keys.export', { key: revoked.key.fingerprint, out: options.out });
      session.print(revoked, () => [`Revoked ${revoked.key.fingerprint}, recorded as ${revoked.record}.`, ...(written?.path == null ? [] : [`Wrote it to ${written.path}.`]), `Publish it again: countersign keys publish ${revoked.key.fingerprint} --out DIR --replace`].join('\n'));
    }));

  keys
    .command('rotate').description('record that another key takes the place of this one; the old key signs that, unless it is lost or stolen').argument(...KEY_ARGUMENT)
    .requiredOption('--to <key>', 'the new key, which is there already').requiredOption('--out <folder>', 'for the statement, its signatures and the public keys')
    .requiredOption('--decided-by <person>', 'who decided it (may be repeated)', collect).option('--reason <words>', 'why', 'rotation at least once a year (policy §5.1.2)')
    .option('--lost', 'the old key is lost; needs --since').option('--stolen', 'the old key is in other hands; needs --since').option('--since <time>', 'when it was last surely in the right hands (RFC 3339, UTC)')
    .option(...PASSPHRASE_FD).option(...JSON_FLAG)
    .action((old: string, options: Rotate, command: Command) => act(options, command, async (session, ask) => {
      const how = kindOf(options, command);
      const here = await session.call('keys.list', {});
      const passphraseOf = async (named: string, words: string): Promise<string | null> => (isGpgs(here, named) ? null : ask(words));
      const rotated = await session.call('keys.rotate', {
        old, new: options.to, reason: options.reason, decidedBy: options.decidedBy, out: options.out,
        how: how.kind === 'planned' ? { kind: how.kind, passphrase: await passphraseOf(old, 'Passphrase of the old key') } : how,
        newPassphrase: await passphraseOf(options.to, 'Passphrase of the new key'),
      });
      session.print(rotated, () => rotatedWords(rotated));
    }));

  keys
    .command('propose-revocation').description('write what the administrators decide by their signatures: that a lost or stolen key is revoked').argument('<key>', 'its fingerprint')
    .requiredOption('--since <time>', 'when it was last surely in the right hands (RFC 3339, UTC)').requiredOption('--reason <cause>', RevocationCause.options.join(', '), cause)
    .requiredOption('--words <words>', 'why, as everybody will read it').requiredOption('--out <file>', 'the file that they sign').option(...JSON_FLAG)
    .action((key: string, options: Propose, command: Command) => act(options, command, async (session) => {
      const proposed = await session.call('keys.proposeRevocation', { key, cause: options.reason, since: options.since, words: options.words, out: options.out });
      session.print(proposed, () => proposedWords(proposed));
    }));

  keys
    .command('record-revocation').description('record that a lost or stolen key is revoked, once enough administrators signed the proposal').argument('<file>', 'the proposal, with FILE.NAME.asc beside it')
    .option(...JSON_FLAG)
    .action((file: string, options: Asking, command: Command) => act(options, command, async (session) => {
      const recorded = await session.call('keys.recordRevocation', { file });
      session.print(recorded, () => [`${recorded.fingerprint} is revoked from ${recorded.since} on by ${recorded.decidedBy.join(', ')}, recorded as ${recorded.record}.`, 'Still to be done:', ...recorded.next.map((step) => `  ${step}`)].map(printable).join('\n'));
    }));

  keys
    .command('publish').description('write the public key for a website and for a web key directory, and say how to send it to a key server').argument(...KEY_ARGUMENT)
    .requiredOption('--out <folder>', 'what a web server serves').option('--replace', 'replace what is there').option(...JSON_FLAG)
    .action((key: string, options: Asking & { out: string; replace?: boolean }, command: Command) => act(options, command, async (session) => {
      const published = await session.call('keys.publish', { key, out: options.out, replace: options.replace === true });
      session.print(published, () => [`Wrote the public key ${published.fingerprint}:`, ...published.written.map(({ path }) => `  ${path}`), 'Once online:', ...published.next.map((step) => `  ${step}`)].map(printable).join('\n'));
    }));
};

/** `keys --json list` and `keys list --json` are one: commander gives the option to whichever comes first. */
function act(options: Asking, command: Command, action: (session: Session, ask: AskPassphrase) => Promise<void>): Promise<void> {
  return run({ json: options.json === true || command.parent?.opts()['json'] === true }, (session) => action(session, askPassphrase(options.passphraseFd)));
}

function listKeys(options: Asking, command: Command): Promise<void> {
  return act(options, command, async (session) => {
    const listed = await session.call('keys.list', {});
    session.print(listed, () => listedWords(listed) || 'There is no secret key, neither in gpg nor in a file here.');
  });
}

function listedWords({ keys, problem, rotations, local }: Output<'keys.list'>): string {
  const held = keys.map((key) => keyWords(key, key.onCard === null ? 'in gpg' : `on card ${key.onCard}`, rotations.find(({ fingerprint }) => fingerprint === key.fingerprint)));
  return [...(problem === null ? [] : [problem]), ...held, ...local.map((key) => keyWords(key, `in ${key.file}`, key.rotation))].map(printable).join('\n');
}

function keyWords({ fingerprint, users, algorithm: kind, expires, unusable }: Pick<LocalKey, 'fingerprint' | 'users' | 'algorithm' | 'expires'> & { readonly unusable: string | null }, where: string, rotation: RotationDue | undefined): string {
  const notes = [kind, where, expires === null ? 'never expires' : `expires ${expires.slice(0, 10)}`, unusable === null ? null : `cannot sign: ${unusable}`, unusable === null && rotation !== undefined ? dueWords(rotation) : null];
  return `${fingerprint}  ${users[0] ?? ''}  (${notes.filter((note) => note !== null).join(', ')})`;
}

function dueWords({ state, due, daysLeft }: RotationDue): string {
  const day = due.slice(0, 10);
  if (state === 'overdue') return `ROTATION OVERDUE since ${day}`;
  return state === 'soon' ? `ROTATE BY ${day}, ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left` : `rotate by ${day}`;
}

function wroteWords(verb: string, { key, revocation }: Output<'keys.create'>): string {
  return [
    `${verb} ${key.fingerprint} (${key.algorithm}), ${key.expires === null ? 'which never expires' : `which expires ${key.expires.slice(0, 10)}`}.`,
    `  ${key.file}`,
    ...(revocation === null ? [] : [`  ${revocation}`, 'Print the revocation certificate, seal it and keep it elsewhere: it revokes the key without its passphrase.']),
  ].map(printable).join('\n');
}

function rotatedWords({ record, old, new: next, certified, written, touched, next: steps }: Output<'keys.rotate'>): string {
  return [
    `${next} takes the place of ${old}, recorded as ${record}${certified ? '; the old key certified it' : ''}.`,
    ...written.map(({ path }) => `  ${path}`),
    ...touchedWords('Releases that the old key signed:', touched),
    'Still to be done:', ...steps.map((step) => `  ${step}`),
  ].map(printable).join('\n');
}

function proposedWords({ fingerprint, file, sha256, threshold, administrators, touched, next }: Output<'keys.proposeRevocation'>): string {
  return [
    `Wrote the proposal to revoke ${fingerprint} to ${file}.`, `  SHA-256 ${sha256}`, `${threshold} of ${administrators.join(', ')} decide it.`,
    ...touchedWords('Releases that it signed, once it is decided:', touched), 'Next:', ...next.map((step) => `  ${step}`),
  ].map(printable).join('\n');
}

function touchedWords(title: string, touched: Output<'keys.rotate'>['touched']): string[] {
  return touched.length === 0 ? [] : [title, ...touched.map(({ record: id, release_version: version, signed_at: at, state }) => `  ${state}  ${version ?? 'no version'}  signed ${at}  ${id}`)];
}

function kindOf({ lost, stolen, since }: Rotate, command: Command): { readonly kind: 'planned' } | { readonly kind: 'lost' | 'stolen'; readonly since: string } {
  if (lost === true && stolen === true) command.error('error: a key is lost or stolen; name the graver, --stolen');
  const kind = stolen === true ? 'stolen' : lost === true ? 'lost' : 'planned';
  if ((kind === 'planned') !== (since === undefined)) command.error(kind === 'planned' ? 'error: --since goes with --lost or --stolen' : `error: --${kind} needs --since`);
  return kind === 'planned' || since === undefined ? { kind: 'planned' } : { kind, since };
}

function isGpgs({ keys, local }: Output<'keys.list'>, named: string): boolean {
  const print = named.replace(/^0x/i, '').replaceAll(/\s/g, '').toUpperCase();
  const among = (ones: readonly { readonly fingerprint: string; readonly signing: string | null }[]): boolean => ones.some(({ fingerprint, signing }) => fingerprint.endsWith(print) || signing?.endsWith(print) === true);
  return !among(local) && among(keys);
}

function algorithm(value: string): string {
  if (value !== 'ed25519' && value !== 'rsa4096') throw new InvalidArgumentError('It is ed25519 or rsa4096');
  return value;
}

function cause(value: string): string {
  if (!RevocationCause.safeParse(value).success) throw new InvalidArgumentError(`It is one of ${RevocationCause.options.join(', ')}`);
  return value;
}

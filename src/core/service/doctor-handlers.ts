import type { HealthCheck } from '../contract/doctor-calls.ts';
import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { CardStatus } from '../model/card.ts';
import { quoted } from '../signing/sign-release.ts';

/** A file or folder that is for its owner alone; null where there is none. */
export interface PrivatePlace {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly mine: boolean;
}

export interface DoctorPorts {
  readonly gpgVersion: () => Promise<{ version: string | null; problem: string | null }>;
  readonly gitVersion: () => Promise<{ version: string | null; problem: string | null }>;
  /** Whether an agent that runs answers; none is started. */
  readonly agentAnswers: () => Promise<boolean>;
  readonly pinentry: () => Promise<{ readonly program: string | null; readonly runs: boolean; readonly hasTerminal: boolean; readonly hasDisplay: boolean }>;
  readonly readCard: () => Promise<CardStatus>;
  readonly places: () => Promise<{ readonly gnupg: PrivatePlace | null; readonly home: PrivatePlace | null; readonly logKeys: readonly PrivatePlace[]; /** The log's key lies in the system's keyring. */ readonly keyringMark: boolean; readonly freeBytes: number | null }>;
  /** The time of the newest entry; null where there is no archive yet, which is not made. Throws where it does not open. */
  readonly newestEntry: () => Promise<{ readonly time: string | null } | null>;
  readonly confinementProblem: () => AppError | null;
  readonly now: () => Date;
}

const LEAST_GPG = [2, 2] as const;
const LEAST_FREE = 1024 ** 3;
/** Before this program was written no clock is right. */
const EARLIEST = Date.UTC(2025, 0, 1);
/** Clocks of several consoles may differ so much, in milliseconds. */
const LEEWAY = 5 * 60 * 1000;

/** Looks at everything that the console leans on. Nothing is made, no pinentry is started. */
export function doctorHandlers(ports: DoctorPorts): Pick<Handlers, 'console.diagnose'> {
  return {
    'console.diagnose': async () => {
      const [gpg, git, places] = [await ports.gpgVersion(), await ports.gitVersion(), await ports.places()];
      const archive = await ports.newestEntry().then((newest) => ({ newest, failure: null }), (cause: unknown) => ({ newest: null, failure: cause }));
      const checks: HealthCheck[] = [
        gpgCheck(gpg),
        ...(gpg.version === null ? notAsked(['gpg-agent', 'pinentry', 'scdaemon', 'pcscd', 'card'], 'gpg is not there.') : [agentCheck(await ports.agentAnswers()), pinentryCheck(await ports.pinentry()), ...cardChecks(await ports.readCard())]),
        clockCheck(ports.now(), archive.newest?.time ?? null),
        privateCheck('gnupg-folder', places.gnupg, 'gpg makes it with the first key.', 0o700),
        privateCheck('data-folder', places.home, 'It is made with the first record.', 0o700),
        diskCheck(places.freeBytes),
        ...logKeyChecks(places),
        archiveCheck(archive),
        git.version === null ? found('git', 'problem', git.problem ?? 'git was not found.', 'apt-get install git') : found('git', 'ok', `git ${git.version}.`),
        confinementCheck(ports.confinementProblem()),
      ];
      return { healthy: !checks.some(({ state }) => state === 'problem'), checks };
    },
  };
}

function found(id: HealthCheck['id'], state: HealthCheck['state'], message: string, remedy: string | null = null): HealthCheck {
  return { id, state, message, remedy };
}

function notAsked(ids: readonly HealthCheck['id'][], why: string): HealthCheck[] {
  return ids.map((id) => found(id, 'not-needed', why));
}

function gpgCheck({ version, problem }: { readonly version: string | null; readonly problem: string | null }): HealthCheck {
  if (version === null) return found('gpg', 'problem', problem ?? 'gpg was not found.', 'apt-get install gnupg');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < LEAST_GPG[0] || (major === LEAST_GPG[0] && minor < LEAST_GPG[1]);
  return old ? found('gpg', 'problem', `gpg ${version} is too old; ${LEAST_GPG.join('.')} is the least.`, 'apt-get install gnupg') : found('gpg', 'ok', `gpg ${version}.`);
}

function agentCheck(answers: boolean): HealthCheck {
  return answers ? found('gpg-agent', 'ok', 'The agent answers.') : found('gpg-agent', 'warning', 'No agent is running; gpg starts one when it needs it.', 'gpgconf --launch gpg-agent');
}

function pinentryCheck({ program, runs, hasTerminal, hasDisplay }: Awaited<ReturnType<DoctorPorts['pinentry']>>): HealthCheck {
  if (program === null || !runs) return found('pinentry', 'problem', program === null ? 'No pinentry was found: nothing can ask for a PIN.' : `The pinentry ${program} is not there or cannot be run.`, 'apt-get install pinentry-curses');
  if (hasTerminal || hasDisplay) return found('pinentry', 'ok', `${program}, on ${hasDisplay ? 'a display' : 'a terminal'}.`);
  return found('pinentry', 'warning', `${program} has neither a display nor a terminal to ask on.`, 'export GPG_TTY=$(tty)');
}

/** In the order in which gpg reaches a card; without one, none of it is a problem: keys can lie in the agent. */
function cardChecks({ state, message, hint, parts, card }: CardStatus): HealthCheck[] {
  const part = (id: 'scdaemon' | 'pcscd', name: string): HealthCheck => {
    if (parts[id] === 'found') return found(id, 'ok', `${id} is there.`);
    return parts[id] === 'missing' ? found(id, 'warning', `${id} was not found, so that cards cannot be used.`, `apt-get install ${name}`) : found(id, 'not-needed', 'Nothing before it could ask.');
  };
  const isWrong = state === 'pin-blocked' || state === 'no-answer' || state === 'not-openpgp' || state === 'unclear';
  return [
    part('scdaemon', 'scdaemon'), part('pcscd', 'pcscd'),
    card !== null && !isWrong ? found('card', 'ok', `${card.manufacturer} ${card.serial}, ${card.tries.user} PIN tries left.`) : isWrong ? found('card', 'problem', message, hint) : found('card', 'not-needed', message),
  ];
}

function clockCheck(now: Date, newest: string | null): HealthCheck {
  if (now.getTime() < EARLIEST) return found('clock', 'problem', `The clock says ${now.toISOString()}, before this program was written.`, 'timedatectl set-time "YYYY-MM-DD HH:MM:SS"');
  if (newest !== null && now.getTime() < Date.parse(newest) - LEEWAY) return found('clock', 'problem', `The clock says ${now.toISOString()}, and the archive holds an entry of ${newest}: it was set back.`, 'timedatectl set-time "YYYY-MM-DD HH:MM:SS"');
  return found('clock', 'ok', `${now.toISOString()}, after every entry of the archive.`);
}

function privateCheck(id: 'gnupg-folder' | 'data-folder' | 'log-key', place: PrivatePlace | null, otherwise: string, wanted: number): HealthCheck {
  if (place === null) return found(id, 'not-needed', otherwise);
  if (!place.mine) return found(id, 'problem', `${place.path} belongs to another user.`, `chown -R "$(id -un)" ${quoted(place.path)}`);
  const mode = place.mode.toString(8).padStart(3, '0');
  return (place.mode & 0o077) === 0 ? found(id, 'ok', `${place.path} is for its owner alone.`) : found(id, 'problem', `${place.path} can be used by others (mode ${mode}).`, `chmod ${wanted.toString(8)} ${quoted(place.path)}`);
}

/** Which of the two keystores it is, is said; opening the archive shows whether the keyring gives it. */
function logKeyChecks({ logKeys, keyringMark }: Awaited<ReturnType<DoctorPorts['places']>>): HealthCheck[] {
  if (logKeys.length > 0) return logKeys.map((key) => privateCheck('log-key', key, '', 0o600)).map((check) => (check.state === 'ok' ? { ...check, message: `In a file: ${check.message}` } : check));
  return keyringMark ? [found('log-key', 'ok', 'In the system’s keyring.')] : notAsked(['log-key'], 'It is made with the first record.');
}

function diskCheck(free: number | null): HealthCheck {
  if (free === null) return found('disk', 'warning', 'How much room is left could not be found out.');
  const room = `${(free / 1024 ** 3).toFixed(1)} GiB are free.`;
  return free < LEAST_FREE / 16 ? found('disk', 'problem', room, 'df -h "$HOME"') : free < LEAST_FREE ? found('disk', 'warning', room, 'df -h "$HOME"') : found('disk', 'ok', room);
}

function archiveCheck({ newest, failure }: { readonly newest: { readonly time: string | null } | null; readonly failure: unknown }): HealthCheck {
  if (failure !== null) return found('archive', 'problem', failure instanceof AppError ? failure.message : 'The archive does not open.', 'countersign archive verify');
  return newest === null ? found('archive', 'not-needed', 'There is none yet; it is made with the first record.') : found('archive', 'ok', newest.time === null ? 'It opens, and is empty.' : `It opens; its newest entry is of ${newest.time}.`);
}

/** Only running checks here needs it. */
function confinementCheck(problem: AppError | null): HealthCheck {
  return problem === null ? found('confinement', 'ok', 'Commands can be run confined.') : found('confinement', 'warning', problem.message, problem.hint ?? 'apt-get install bubblewrap');
}

import type { SavedRelease } from '../../core/contract/contract.ts';
import type { EmergencyShown } from '../../core/contract/emergency-calls.ts';
import { verifyEverything } from '../screens/archive/archive-store.ts';
import { evaluateRelease, type OpenRelease } from '../screens/release/release-store.ts';
import { changeSettings } from './status-store.ts';
import { shownError } from '../core-client.ts';
import { notify } from './notice-store.ts';
import { goTo } from './route-store.ts';
import { addressOf } from './routes.ts';
import { askForSeat, lockSeat } from './seat-store.ts';

/** Something that can be done or gone to, by its name. */
export interface Command {
  readonly id: string;
  readonly group: 'Screens' | 'Acts' | 'Releases' | 'Lines';
  readonly name: string;
  readonly detail: string;
  readonly run: () => void;
}

function screen(name: string, address: string, detail: string): Command {
  return { id: address, group: 'Screens', name, detail, run: () => goTo(address) };
}

const SCREENS: readonly Command[] = [
  screen('Home', addressOf.home, 'What needs you now'),
  screen('Releases', addressOf.releases, 'Every release that is remembered'),
  screen('Emergency', addressOf.emergencies, 'What was declared, and the time that is left'),
  screen('Archive', addressOf.archive, 'What was recorded'),
  screen('Verify', addressOf.verify, 'A file or a release folder'),
  screen('Keys', addressOf.keys, 'Cards, keys, and when each is due'),
  screen('People', addressOf.people, 'Roles, keys and thresholds: the roster'),
  screen('Metrics', addressOf.metrics, 'How often, how fast, how well releases go out'),
  screen('Settings', addressOf.settings, 'Appearance, policy, archives'),
];

/** Every screen, act, release, and line of the release in hand. */
export function commandsFor(releases: readonly SavedRelease[], here: { readonly id: string; readonly release: OpenRelease } | null, emergencies: readonly EmergencyShown[]): Command[] {
  return [...SCREENS, ...actsFor(here), ...emergencies.filter(({ by, closed, mergedInto }) => by !== null && closed === null && mergedInto === null).flatMap(actsIn), ...releases.flatMap(commandsOf), ...(here === null ? [] : linesOf(here.id, here.release))];
}

function actsFor(here: { readonly id: string; readonly release: OpenRelease } | null): Command[] {
  const acts: Command[] = [
    { id: 'new-release', group: 'Acts', name: 'Load a release', detail: 'From a repository and its outputs', run: () => goTo(addressOf.newRelease) },
    { id: 'practise', group: 'Acts', name: 'Practise an emergency', detail: 'A drill in an archive of its own, or the one that runs', run: () => goTo(addressOf.drill) },
    { id: 'declare-emergency', group: 'Acts', name: 'Declare an emergency', detail: 'Three answers and your signature', run: () => goTo(addressOf.declareEmergency) },
    { id: 'set-aside-key', group: 'Acts', name: 'Set a release key aside for emergencies', detail: 'By the signatures of two people', run: () => goTo(addressOf.setAsideKey) },
    {
      id: 'verify-everything', group: 'Acts', name: 'Verify everything in the archive', detail: 'Recompute every entry and every root',
      run: () => {
        goTo(addressOf.archive);
        void verifyEverything();
      },
    },
    { id: 'sync', group: 'Acts', name: 'Sync the archive to a folder', detail: 'Hand over what is only here', run: () => goTo(addressOf.act('sync')) },
    { id: 'export', group: 'Acts', name: 'Export the archive', detail: 'Tiles, JSON lines or a table', run: () => goTo(addressOf.act('export')) },
    { id: 'append', group: 'Acts', name: 'Append records from a file', detail: 'Genesis records, one a line', run: () => goTo(addressOf.act('append')) },
    { id: 'seat', group: 'Acts', name: 'Take the seat', detail: 'Say by your key who sits here', run: () => askForSeat() },
    { id: 'lock', group: 'Acts', name: 'Lock the window', detail: 'Ctrl L', run: () => void lockSeat() },
    appearance('light'), appearance('dark'), appearance('system'),
  ];
  if (here === null) return acts;
  const { id, release } = here;
  const version = release.saved?.draft.version ?? id;
  return [
    { id: 'check-again', group: 'Acts', name: `Check ${version} again`, detail: 'Judge it from what is there now', run: () => void evaluateRelease(id) },
    { id: 'edit', group: 'Acts', name: `Change what is loaded for ${version}`, detail: 'Repository, outputs, types', run: () => goTo(addressOf.edit(id)) },
    { id: 'sign', group: 'Acts', name: `Sign the files of ${version}`, detail: 'Open the signing room', run: () => goTo(addressOf.sign(id)) },
    { id: 'plan', group: 'Acts', name: `Plan ${version}`, detail: 'Scope, timeline, windows and the way back', run: () => goTo(addressOf.release(id, 'plan')) },
    { id: 'lead', group: 'Acts', name: `Hand on, suspend or give up ${version}`, detail: 'Lead it through the eight steps', run: () => goTo(addressOf.release(id, 'overview')) },
    { id: 'withdraw', group: 'Acts', name: `Withdraw ${version}`, detail: 'Among its approvals', run: () => goTo(addressOf.release(id, 'approvals')) },
    { id: 'told', group: 'Acts', name: `See what was done to ${version}`, detail: 'Everybody’s acts, in order', run: () => goTo(addressOf.release(id, 'record')) },
    { id: 'decide', group: 'Acts', name: `Approve or reject ${version}`, detail: 'What is being approved, on one page', run: () => goTo(addressOf.approve(id)) },
    { id: 'deploy', group: 'Acts', name: `Deploy ${version}`, detail: 'Where it is deployed, and what comes next there', run: () => goTo(addressOf.release(id, 'deployment')) },
    { id: 'roll-back', group: 'Acts', name: `Roll back ${version}`, detail: 'Whether it is called for, and can be done', run: () => goTo(addressOf.rollback(id)) },
    ...acts,
  ];
}

/** What is done in an emergency that is not closed. */
function actsIn({ id, record, reason }: EmergencyShown): Command[] {
  const to = (name: string, address: string): Command => ({ id: `${record} ${address}`, group: 'Acts', name, detail: `${id}: ${reason.slice(0, 80)}`, run: () => goTo(address) });
  return [
    to('Go on with the emergency', addressOf.emergency(record)), to('Ask somebody by word, ratify or dispute', addressOf.emergency(record, 'calls')), to('See the clocks of the emergency', addressOf.emergency(record, 'clocks')),
    to('Hand over, merge or close the emergency', addressOf.emergency(record, 'shift')), to('Write the post-mortem', addressOf.postMortem(record)),
  ];
}

function appearance(theme: 'light' | 'dark' | 'system'): Command {
  return {
    id: `appearance-${theme}`, group: 'Acts', name: theme === 'system' ? 'Follow the system’s appearance' : `Use the ${theme} appearance`, detail: 'Appearance',
    run: () => {
      changeSettings({ appearance: theme }).catch((cause: unknown) => notify({ tone: 'failed', text: shownError(cause).message, address: addressOf.settings }));
    },
  };
}

function commandsOf({ id, draft, last }: SavedRelease): Command[] {
  return [{
    id: `release-${id}`, group: 'Releases', name: draft.version,
    detail: last === null ? 'Not judged yet' : `Gate ${last.gate}`,
    run: () => goTo(addressOf.release(id)),
  }];
}

function linesOf(id: string, release: OpenRelease): Command[] {
  return (release.assessment?.lines ?? []).map(({ result, words }) => ({
    id: `line-${result.id}`, group: 'Lines', name: words, detail: `§${result.section} · ${result.id}`, run: () => goTo(addressOf.line(id, result.id)),
  }));
}

/** Commands whose name or detail holds every word that was typed; those that begin with it first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return commands.filter(({ group }) => group !== 'Lines');
  const [first = ''] = words;
  return commands
    .filter(({ name, detail }) => words.every((word) => `${name} ${detail}`.toLowerCase().includes(word)))
    .map((command, index) => ({ command, rank: command.name.toLowerCase().startsWith(first) ? 0 : 1, index }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ command }) => command);
}

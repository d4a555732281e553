import { capital } from '../../components/wording.ts';

/** "release-manager or devops", from roles; where the policy file that is used gives nobody authority, that. */
export function rolesInWords(roles: readonly string[]): string {
  return roles.length === 0 ? 'nobody, because no roster in force names this policy file' : roles.join(' or ');
}

/** "1 h 12 min", "24 h": as people say how long is left. */
export function hoursLeft(milliseconds: number): string {
  const minutes = Math.max(0, Math.ceil(milliseconds / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours === 0 ? `${rest} min` : rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const LINES: Readonly<Record<string, string>> = {
  'deployer': 'Who deploys', 'standing': 'Standing', 'plan': 'Plan', 'gate': 'Gate', 'approvals': 'Approvals', 'not-alone': 'Not alone', 'window': 'Maintenance window', 'staging': 'Staging before',
  'artifacts': 'Artifacts', 'configuration': 'Configuration', 'clock': 'Clock',
  'artifacts-here': 'Artifacts are here', 'artifacts-verify': 'They verify', 'deployed-before': 'Deployed before', 'no-migration': 'No migration between', 'no-configuration': 'No configuration between',
};

/** What a line of authority or of proof is about. */
export function lineName(id: string): string {
  return LINES[id] ?? capital(id.replaceAll('-', ' '));
}

/** Who can mend something, without how the command line does. */
export function whoCan(who: string): string {
  return who.replace(/:? *countersign .*$/, '').trim();
}

export const METHODS = { 'direct': 'Direct', 'blue-green': 'Blue-green', 'canary': 'Canary' } as const;

/** Staging before production, others between, by name. */
export function byEnvironment(a: string, b: string): number {
  const place = (name: string): number => ({ development: 0, staging: 1, production: 3 })[name] ?? 2;
  return place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0);
}

import type { CommitRange } from '../model/release.ts';

/** Somebody in a part; the roster's id is the person, however many keys they have. */
export interface Party {
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
}

/** Which parts nobody plays both of (FORMATS §5), in its order. */
export const MUST_DIFFER = {
  'risk': { parts: ['who asked for the risk to be accepted', 'who accepts it'] },
  'types': { parts: ['who asked for fewer types than are derived', 'who signs that they do'] },
  'approval': { parts: ['an author of the change', 'who approves it'] },
  'cto-and-ciso': { parts: ['who approves as CTO', 'who approves as CISO'] },
  'qa': { parts: ['an author of the change', 'who attests its tests'] },
  'deployment': { parts: ['who deploys', 'the only approver'] },
  'verbal': { parts: ['who approves by word', 'who takes the approval', 'who witnesses it'] },
} as const;
export type MustDiffer = keyof typeof MUST_DIFFER;

/** One person under whatever name: by the roster's id, or by an address that both have. */
export function samePerson(a: Party, b: Party): boolean {
  if (a.id === b.id) return true;
  const theirs = new Set(a.emails.map((email) => email.toLowerCase()));
  return b.emails.some((email) => theirs.has(email.toLowerCase()));
}

/** Which two parts of a rule one person plays, in words without a full stop; null where all are different people. A part that nobody plays is null. */
export function clashOf(rule: MustDiffer, players: readonly (Party | null)[]): string | null {
  const { parts } = MUST_DIFFER[rule];
  for (const [place, player] of players.entries()) {
    const other = player === null ? -1 : players.findIndex((one, index) => index > place && one !== null && samePerson(player, one));
    if (player !== null && other !== -1) return `${player.name} is ${parts[place] ?? ''} and ${parts[other] ?? ''}, who have to be different people`;
  }
  return null;
}

/** Whether who deploys is the only one who approved; one approver beside them is enough. */
export function deploysAlone(deployer: Party, approvers: readonly Party[]): string | null {
  return approvers.length > 0 && approvers.every((approver) => samePerson(deployer, approver)) ? clashOf('deployment', [deployer, approvers[0] ?? null]) : null;
}

/** A commit of the release that somebody authored, or was a co-author of; null where there is none. It bars them for that change alone. */
export function authored({ emails }: Pick<Party, 'emails'>, { range }: { readonly range: Pick<CommitRange, 'commits'> }): string | null {
  const theirs = new Set(emails.map((email) => email.toLowerCase()));
  const isTheirs = (address: string): boolean => theirs.has((/<([^<>]+)>/.exec(address)?.[1] ?? address).toLowerCase());
  return range.commits.find(({ author, coAuthors }) => isTheirs(author.email) || coAuthors.some(isTheirs))?.id ?? null;
}

import { byLeafOf, pointedAt } from './acts.ts';
import type { EmergencyFacts, ProvedSaid } from './emergency-facts.ts';
import { PostMortemRecord } from '../model/records/people.ts';

/** What is to be done so that it does not happen again, with who said that it is done. */
export interface PostMortemAction {
  readonly number: number;
  readonly what: string;
  readonly who: string;
  readonly until: string;
  readonly state: 'open' | 'overdue' | 'closed';
  readonly closed: { readonly by: string; readonly at: string; readonly words: string; readonly record: string } | null;
}

/**
 * The actions of the newest post-mortem (policy §10.2, step 7). One is closed by whoever owns it or by somebody who may declare; it stays
 * closed where a later post-mortem takes it over word for word.
 */
export function postMortemActions({ postMortem, one, acts, rules, now }: Pick<EmergencyFacts, 'postMortem' | 'one' | 'acts' | 'rules' | 'now'>): PostMortemAction[] {
  if (postMortem === null) return [];
  const byLeaf = byLeafOf(acts);
  const closings = one.said.filter((said): said is ProvedSaid => said.record.act === 'action-closed' && said.by !== null).flatMap((said) => {
    const [about] = pointedAt(said.act, 'closes-action-of', byLeaf);
    const action = about === undefined ? undefined : PostMortemRecord.safeParse(about.entry.record).data?.actions[(said.record.action ?? 0) - 1];
    if (action === undefined || !(said.by.id === action.who || rules.declarers.some((role) => said.by.roles.has(role)))) return [];
    return [{ what: action.what, who: action.who, by: said.by.name, at: said.record.declared_at, words: said.record.reason, record: said.act.id }];
  });
  return postMortem.record.actions.map(({ what, who, until }, index) => {
    const closing = closings.find((closed) => closed.what === what && closed.who === who) ?? null;
    return { number: index + 1, what, who, until, state: closing !== null ? 'closed' : Date.parse(now) > Date.parse(until) ? 'overdue' : 'open', closed: closing === null ? null : { by: closing.by, at: closing.at, words: closing.words, record: closing.record } };
  });
}

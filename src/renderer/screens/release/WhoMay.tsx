import { useEffect, type ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import { AppError } from '../../../core/model/errors.ts';
import { listed } from '../../components/wording.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { placeOf, readWho, useAttesting, type Saying } from './attest-store.ts';
import styles from './attest.module.css';

const NAMED = 5;

/** Whether whoever sits here could say it, who else could, and why not: known before anybody is asked for a signature. */
export function useWhoMay(id: string, assessment: Assessment, about: Saying, line: AssessedLine): { readonly may: boolean; readonly words: ReactElement } {
  const place = placeOf(id, line.result.id, about);
  const who = useAttesting((state) => state.who[place]);
  const seat = useSeat((state) => state.seat);
  const check = line.result.id;
  useEffect(() => {
    void readWho(place, assessment, about, check);
  }, [place, assessment, about, check, seat?.person.id]);
  if (who === undefined) return { may: false, words: <p className={styles['soft']}>Looking who may.</p> };
  if (who instanceof AppError) return { may: false, words: <p className={styles['cannot']}>{who.message} {who.hint}</p> };
  if (who.problem !== null) return { may: false, words: <p className={styles['cannot']} data-testid="who-may">{who.problem}, so nobody’s signed word would count yet.</p> };
  const able = who.people.filter(({ why }) => why === null);
  const others = able.filter((person) => person.id !== seat?.person.id).map(({ name }) => name);
  const me = who.people.find((person) => person.id === seat?.person.id) ?? null;
  const asked = who.roles.length === 0 ? 'Anybody of the roster with a key for approvals may' : `It asks ${who.roles.join(' or ')}`;
  const rest = others.length === 0 ? (me?.why === null ? 'Nobody else could.' : 'Nobody else in the roster could either.') : `${me?.why === null ? 'So could' : 'It could be'} ${others.length > NAMED ? `${others.slice(0, NAMED).join(', ')} and ${others.length - NAMED} more` : listed(others)}.`;
  const own = seat === null ? '' : me === null ? `${seat.person.name} has no key for approvals in the roster in force.` : me.why ?? `${me.name} may.`;
  return {
    may: me?.why === null,
    words: <p className={me !== null && me.why === null ? styles['soft'] : styles['cannot']} data-testid="who-may" dir="auto">{asked}. {own} {seat === null && others.length > 0 ? `${others.length > NAMED ? `${others.slice(0, NAMED).join(', ')} and ${others.length - NAMED} more` : listed(others)} could.` : rest}</p>,
  };
}

import { contract } from '../contract/contract.ts';
import type { Caller, Dispatch, Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { SeatKeeper } from './seat.ts';

/** Who sits at the window. */
export function seatHandlers(seat: SeatKeeper): Pick<Handlers, 'seat.read' | 'seat.take' | 'seat.lock' | 'seat.leave'> {
  return {
    'seat.read': () => seat.state(),
    'seat.take': async ({ key, passphrase }, { caller, signal }) => {
      if (!isWindow(caller)) throw new AppError('not-permitted', 'Only a window has a seat.', { hint: 'The command line names its key with every act.' });
      return seat.take(key, passphrase ?? null, signal);
    },
    'seat.lock': () => seat.lock(),
    'seat.leave': () => seat.leave(),
  };
}

/**
 * Stands before a window's calls: from a locked window nothing is signed, written or exchanged, and nothing is ever signed
 * with a key of somebody else than who sits there. Work that was begun before goes on. The command line has no seat: it
 * names its key with every act.
 */
export function beforeTheSeat(dispatch: Dispatch, seat: SeatKeeper): Dispatch {
  return async (name, raw, caller) => {
    const declared = isWindow(caller) && Object.hasOwn(contract, name) ? contract[name as keyof typeof contract] : null;
    if (declared === null || declared.type !== 'call' || declared.effect === 'read') return dispatch(name, raw, caller);
    try {
      if (seat.isLocked()) throw refused('The window is locked, so nothing is done from it.', 'Take the seat again with your key. What was begun before goes on.');
      if (declared.effect === 'sign') await assertOwn(raw, seat);
    } catch (cause) {
      if (cause instanceof AppError) return { ok: false, error: cause.toShape() };
      throw cause;
    }
    return dispatch(name, raw, caller);
  };
}

function isWindow({ shell }: Caller): boolean {
  return shell === 'electron' || shell === 'chromium';
}

/** No act under somebody else's name: neither with their key nor in words. */
async function assertOwn(raw: unknown, seat: SeatKeeper): Promise<void> {
  const named = keysNamedIn(raw);
  const as = nameGiven(raw);
  if (named.length === 0 && as === null) return;
  const person = await seat.person();
  for (const key of named) {
    const owner = await seat.ownerOf(key);
    if (owner === null || owner.id === person?.id) continue;
    if (person === null) throw refused(`Nobody sits at this window, and that key is ${owner.name}’s.`, `Take the seat as ${owner.name} first: at the top of the window, or by Ctrl K.`);
    throw refused(`${person.name} sits here, and that key is ${owner.name}’s: nobody acts under somebody else’s name.`, `Sign with your own key, or have ${owner.name} take the seat.`);
  }
  if (as === null || as === person?.id || person === null) return;
  const other = await seat.namedInRoster(as);
  if (other !== null) throw refused(`${person.name} sits here, and "${as}" is ${other}: nobody acts under somebody else’s name.`, `Do it as yourself, or have ${other} take the seat.`);
}

/** Where calls name keys that sign: `key`, `doer.key`, `local.file`, and both keys of a rotation. */
function keysNamedIn(raw: unknown): string[] {
  if (!isObject(raw)) return [];
  const { key, doer, local, old, new: next } = raw;
  return [key, isObject(doer) ? doer['key'] : null, isObject(local) ? local['file'] : null, old, next].filter((one): one is string => typeof one === 'string');
}

function nameGiven(raw: unknown): string | null {
  const doer = isObject(raw) ? raw['doer'] : null;
  return isObject(doer) && typeof doer['as'] === 'string' ? doer['as'] : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refused(message: string, hint: string): AppError {
  return new AppError('not-permitted', message, { hint });
}

import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly tone: 'plain' | 'failed';
  readonly text: string;
  /** Where the whole of it is shown. */
  readonly address: string | null;
}

export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

let lastId = 0;
/** The newest few are kept; older ones were seen or are on their own screens. */
const KEPT = 4;

/** Tells the end of something that went on elsewhere. It stays until it is closed: nobody reads on a timer. */
export function notify(notice: Omit<Notice, 'id'>): void {
  lastId += 1;
  const id = lastId;
  useNotices.setState(({ notices }) => ({ notices: [...notices, { id, ...notice }].slice(-KEPT) }));
}

export function closeNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

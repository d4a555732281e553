/** What is typed in a call beside the words that are heard blind; kept until the call is signed. */
export interface CallFields extends Readonly<Record<string, string>> {
  readonly stage: string;
  readonly called: string;
  readonly callBack: string;
  readonly channel: string;
  readonly witness: string;
  readonly words: string;
  readonly decision: string;
  /** `yes` where it was written on paper first. */
  readonly late: string;
  readonly spokenAt: string;
  readonly files: string;
  readonly consent: string;
}

export const BLANK_CALL: CallFields = { stage: '2', called: '', callBack: 'yes', channel: 'phone', witness: '', words: '', decision: '', late: '', spokenAt: '', files: '', consent: '' };

export const CHANNELS = [['phone', 'Telephone'], ['room', 'In a room'], ['video', 'Video'], ['radio', 'Radio']] as const;
export type Channel = (typeof CHANNELS)[number][0];

export function channelIn(text: string): Channel {
  return CHANNELS.find(([id]) => id === text)?.[0] ?? 'phone';
}

/** Which part of the call is open. What was heard is kept in no storage: after a reload it is heard again. */
export function stageOf({ stage, decision, called }: CallFields, readBackWhole: boolean): number {
  const kept = Number(stage);
  const wanted = Number.isInteger(kept) && kept >= 2 && kept <= 7 ? kept : 2;
  if (called === '' && wanted > 2) return 2;
  return wanted > 4 && !readBackWhole && decision !== 'refuse' ? 4 : wanted;
}

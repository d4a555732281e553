/** The two channels between the window and the main process. */
export const CALL_CHANNEL = 'countersign:call';
export const EVENT_CHANNEL = 'countersign:event';

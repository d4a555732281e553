import { connect, type Socket } from 'node:net';
import { SW } from './apdu.ts';
import { keepCard, readCard } from './card-state.ts';
import { ATR, powerOn, type PoweredCard } from './openpgp-card.ts';

/** One-byte messages of vpcd (vsmartcard's protocol): anything longer is a command to the card. */
const OFF = 0x00;
const ON = 0x01;
const RESET = 0x02;
const GIVE_ATR = 0x04;

/** A person's hand at the reader: it puts cards in, pulls them, touches them, and can break them. */
export interface Hand {
  /** Puts the card that lies in this file into the reader. */
  readonly insert: (file: string) => Promise<void>;
  readonly pull: () => void;
  /** Touches the card, now or the next time it waits for that; or lets its time pass. */
  readonly touch: (touched: boolean) => void;
  /** Whether the card waits for a touch. */
  readonly awaitsTouch: () => boolean;
  /** From now on the card gives no answer; false: it does again. */
  readonly mute: (muted: boolean) => void;
  /** The next signature fails in the card's memory (6581). */
  readonly breakMemory: () => void;
  /** The card is pulled at the moment at which it is to make its next signature. */
  readonly pullWhileSigning: () => void;
}

/** A reader behind vpcd at this port: a card in it is a connection, an empty one is none. */
export function createReader(port: number): Hand {
  let connection: Socket | null = null;
  let muted = false;
  let fault: number | null = null;
  let pullAtSignature = false;
  let touches: boolean[] = [];
  let waiting: ((touched: boolean) => void) | null = null;

  const pull = (): void => {
    connection?.destroy();
    connection = null;
    waiting = null;
    touches = [];
  };
  const surroundings = {
    touched: () => {
      const given = touches.shift();
      if (given !== undefined) return Promise.resolve(given);
      return new Promise<boolean>((resolve) => {
        waiting = resolve;
      });
    },
    fault: () => {
      const now = fault;
      fault = null;
      return now;
    },
    signing: () => {
      if (!pullAtSignature) return Promise.resolve();
      pullAtSignature = false;
      pull();
      // Whatever it would have answered, nobody hears it.
      return new Promise<void>(() => undefined);
    },
  };

  return {
    insert: async (file) => {
      pull();
      muted = false;
      const socket = connect(port, '127.0.0.1').setNoDelay(true);
      connection = socket;
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      socket.on('error', () => undefined);
      const state = readCard(file);
      let card: PoweredCard | null = null;
      const carryOut = async (message: Buffer): Promise<void> => {
        const control = message.length === 1 ? message.readUInt8(0) : null;
        if (control === GIVE_ATR) send(socket, ATR);
        else if (control === ON || control === RESET) card = powerOn(state, surroundings);
        else if (control === OFF) card = null;
        else if (!muted) {
          const said = card === null ? Buffer.from([SW.conditionsNotMet >> 8, SW.conditionsNotMet & 0xff]) : await card.transmit(message);
          // What the card did is kept before anybody is told.
          keepCard(file, state);
          send(socket, said);
        }
      };
      let last = Promise.resolve();
      onFrames(socket, (message) => {
        last = last.then(() => carryOut(message));
      });
    },
    pull,
    touch: (touched) => {
      if (waiting === null) touches.push(touched);
      else waiting(touched);
      waiting = null;
    },
    awaitsTouch: () => waiting !== null,
    mute: (now) => {
      muted = now;
    },
    breakMemory: () => {
      fault = SW.memoryFailure;
    },
    pullWhileSigning: () => {
      pullAtSignature = true;
    },
  };
}

/** Frames in both directions: two bytes of length, then the message. */
function onFrames(socket: Socket, take: (message: Buffer) => void): void {
  let held = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const end = 2 + held.readUInt16BE(0);
      take(Buffer.from(held.subarray(2, end)));
      held = held.subarray(end);
    }
  });
}

function send(socket: Socket, message: Buffer): void {
  if (socket.destroyed) return;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  socket.write(Buffer.concat([length, message]));
}

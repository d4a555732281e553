import { readCheckpoint, type Checkpoint } from '../archive/checkpoint.ts';
import { parseCosignerKey, readCosignatures, type CosignerKey } from '../archive/cosignature.ts';
import type { CosignedCheckpoint } from '../archive/cosigned-file.ts';
import { parseNote, parseVerifierKey, type VerifierKey } from '../archive/note.ts';
import type { TreeHash } from '../archive/tree.ts';
import { formatAddCheckpoint, judgeAddCheckpoint, MAX_REQUEST_BYTES, parseAddCheckpoint, type AddCheckpoint } from '../archive/witness-exchange.ts';
import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { WitnessBook } from '../sync/witness-book.ts';
import { instant } from './release-handlers.ts';

/** This console's log as one that asks, and its archive as a witness that remembers. */
export interface WitnessDesk {
  readonly ownOrigin: string;
  /** The own checkpoint at a size, signed; the newest where none is named. Error: `bad-input` where it never was so large. */
  readonly ownCheckpoint: (size: number | null) => Buffer;
  /** Hashes of RFC 6962 §2.1.2 over the own log. */
  readonly consistency: (oldSize: number, size: number) => readonly TreeHash[];
  /** The vkey of a log, by the roster in force or as it is held; null where it is unknown. */
  readonly logKey: (origin: string) => string | null;
  /** The root of a log that is held, at a size; null where it is not held so far. */
  readonly heldRoot: (origin: string, size: number) => TreeHash | null;
  readonly book: WitnessBook & {
    readonly last: (origin: string) => CosignedCheckpoint | null;
    /** Cosigns in the step in which it is kept; null where another process cosigned meanwhile. */
    readonly cosign: (note: Buffer, after: number) => CosignedCheckpoint | null;
  };
}

export interface WitnessPorts {
  readonly desk: () => Promise<WitnessDesk>;
  readonly readText: (path: string, limit: number) => Promise<string>;
  readonly writeText: (path: string, text: string) => Promise<{ readonly path: string }>;
}

const MAX_RESPONSE_BYTES = 64 * 1024;

/** Witnessing by files (C2SP tlog-witness, add-checkpoint): a request, a response, and its acceptance. */
export function witnessHandlers(ports: WitnessPorts): Pick<Handlers, 'witness.request' | 'witness.respond' | 'witness.accept'> {
  return {
    'witness.request': async ({ witness, old, out }) => {
      const desk = await ports.desk();
      const checkpoint = desk.ownCheckpoint(null);
      const { origin, size } = readCheckpoint(checkpoint);
      const oldSize = old ?? (witness === null ? 0 : lastSeenBy(desk, witnessNamed(witness, desk)));
      if (oldSize > size) throw new AppError('bad-input', `The log has ${size} entries, and ${oldSize} are said to have been cosigned.`, { hint: 'If a witness saw more than there is, the data folder was put back from a backup or is used twice: sync first.' });
      const text = formatAddCheckpoint({ oldSize, proof: oldSize === 0 ? [] : desk.consistency(oldSize, size), checkpoint }).toString('utf8');
      return { file: (await ports.writeText(out, text)).path, origin, size, oldSize };
    },
    'witness.respond': async ({ file, vkey, out }) => {
      const desk = await ports.desk();
      const request = parseAddCheckpoint(Buffer.from(await ports.readText(file, MAX_REQUEST_BYTES)));
      const claimed = readCheckpoint(request.checkpoint);
      const log = trustedLog(desk, claimed, vkey, file);
      const judged = judgeAddCheckpoint(request, log, stateOf(desk.book.last(claimed.origin)));
      if ('status' in judged) {
        if (judged.status !== 409) return { cosigned: false, status: judged.status, message: judged.why, file: null };
        const { path } = await ports.writeText(out, `${judged.size}\n`);
        return { cosigned: false, status: 409, message: `This console cosigned ${judged.size} entries of ${claimed.origin} last, and it asks from ${request.oldSize} on: hand ${path} back, and have it asked again from there.`, file: path };
      }
      const held = desk.heldRoot(claimed.origin, claimed.size);
      if (held !== null && !held.equals(claimed.root)) return { cosigned: false, status: 422, message: `It is of another history than the ${claimed.size} entries of ${claimed.origin} that are held here. Keep ${file}: its signature shows that the log was rewritten.`, file: null };
      const made = desk.book.cosign(request.checkpoint, request.oldSize);
      if (made === null) throw new AppError('storage-busy', 'Another process cosigned this log meanwhile.', { hint: 'Answer the request again.' });
      const { path } = await ports.writeText(out, made.cosignature.line);
      const witness = desk.book.keys().find(({ name }) => name === made.cosignature.witness);
      return { cosigned: true, file: path, origin: claimed.origin, size: claimed.size, witness: made.cosignature.witness, vkey: witness?.text ?? '', time: timeOf(made.cosignature.time) };
    },
    'witness.accept': async ({ file, request, vkey }) => {
      const desk = await ports.desk();
      const response = await ports.readText(file, MAX_RESPONSE_BYTES);
      const [, size] = /^(\d{1,16})\n$/.exec(response) ?? [];
      if (size !== undefined) throw new AppError('bad-input', `The witness cosigned ${size} entries of this log last, and was asked from another size on.`, { hint: `Ask again: countersign witness request --old ${size} --out FILE`, details: { path: file } });
      const note = await askedOf(ports, desk, request);
      const whole = Buffer.concat([note, Buffer.from(response)]);
      const witnesses = [...desk.book.keys(), ...(vkey === null ? [] : [parseCosignerKey(vkey)])].filter(({ name }) => name !== desk.ownOrigin);
      const lines = parseNote(whole).signatures.length - parseNote(note).signatures.length;
      const accepted = readCosignatures(whole, witnesses);
      const checkpoint = readCheckpoint(note);
      for (const cosignature of accepted) desk.book.keep({ checkpoint, cosignature, keyId: keyIdOf(cosignature.witness, witnesses), note: Buffer.concat([note, Buffer.from(cosignature.line)]) });
      if (accepted.length === 0) {
        throw new AppError('verification-failed', `${file} has no cosignature of a witness that is known here.`, { hint: 'Name the witness’ key, as it came by another way, with --vkey; or have the administrators add its console to the roster.', details: { path: file } });
      }
      return { origin: checkpoint.origin, size: checkpoint.size, accepted: accepted.map(({ witness, time }) => ({ witness, time: timeOf(time) })), ignored: lines - accepted.length };
    },
  };
}

/** A checkpoint of this console's own log that was sent out, signed again to the same bytes. */
async function askedOf(ports: WitnessPorts, desk: WitnessDesk, request: string | null): Promise<Buffer> {
  if (request === null) return desk.ownCheckpoint(null);
  const asked: AddCheckpoint = parseAddCheckpoint(Buffer.from(await ports.readText(request, MAX_REQUEST_BYTES)));
  const { origin, size } = readCheckpoint(asked.checkpoint);
  const own = desk.ownCheckpoint(size);
  if (origin !== desk.ownOrigin || parseNote(own).text !== parseNote(asked.checkpoint).text) {
    throw new AppError('verification-failed', `${request} is not about this console's log as it is.`, { details: { path: request } });
  }
  return own;
}

function trustedLog(desk: WitnessDesk, { origin }: Checkpoint, named: string | null, file: string): VerifierKey {
  const known = desk.logKey(origin);
  if (named !== null && known !== null && named.trim() !== known) throw new AppError('bad-input', `${origin} has another key here than the one that was named.`, { hint: 'Leave --vkey out, or find out which is right before anything is cosigned.' });
  const text = named ?? known;
  if (text === null) throw new AppError('not-found', `Nobody told this console the key of the log ${origin}.`, { hint: 'Name it, as it came by another way, with --vkey.', details: { path: file, status: 404 } });
  const log = parseVerifierKey(text.trim());
  if (log.name !== origin) throw new AppError('bad-input', `The key that was named is of ${log.name}, and the request of ${origin}.`, { details: { path: file } });
  return log;
}

function stateOf(last: CosignedCheckpoint | null): { size: number; root: TreeHash } | null {
  return last === null ? null : { size: last.checkpoint.size, root: last.checkpoint.root };
}

/** By its vkey, or by its name where that is known here. */
function witnessNamed(text: string, desk: WitnessDesk): CosignerKey {
  const known = desk.book.keys().find(({ name }) => name === text.trim());
  return known ?? parseCosignerKey(text.trim());
}

function lastSeenBy(desk: WitnessDesk, { keyId }: CosignerKey): number {
  return Math.max(0, ...desk.book.held(desk.ownOrigin).filter((one) => one.keyId === keyId.toString('hex')).map(({ checkpoint }) => checkpoint.size));
}

function keyIdOf(witness: string, witnesses: readonly CosignerKey[]): string {
  return witnesses.find(({ name }) => name === witness)?.keyId.toString('hex') ?? '';
}

function timeOf(seconds: number): string {
  return instant(new Date(seconds * 1000));
}

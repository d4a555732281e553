import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { CheckRequest } from './hashing.ts';

/** How much is read at a time; larger reads were not faster. */
const CHUNK = 1024 * 1024;
/** How many bytes go by between two reports of progress. */
const REPORT_EVERY = 16 * CHUNK;

type Request = { readonly id: number; readonly path: string; readonly check: CheckRequest | null } | { readonly cancel: number };

let cancelled = -1;
const chunk = Buffer.allocUnsafe(CHUNK);

parentPort?.on('message', (request: Request) => {
  if ('cancel' in request) {
    cancelled = request.cancel;
    return;
  }
  void hash(request.id, request.path, request.check).then(
    (digest) => parentPort?.postMessage({ id: request.id, digest }),
    (cause: NodeJS.ErrnoException) =>
      parentPort?.postMessage({ id: request.id, failure: { code: cause.code ?? 'UNKNOWN', message: cause.message } }),
  );
});

async function hash(id: number, path: string, request: CheckRequest | null): Promise<{ sha256: string; size: number; signatures: unknown }> {
  const check = request === null ? null : await checkOf(request);
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error('not a regular file'), { code: 'NOT_A_FILE' });
    const sum = createHash('sha256');
    let size = 0;
    let unreported = 0;
    for (;;) {
      const read = readSync(file, chunk, 0, CHUNK, null);
      if (read === 0) break;
      const bytes = read === CHUNK ? chunk : chunk.subarray(0, read);
      sum.update(bytes);
      check?.update(bytes);
      size += read;
      unreported += read;
      if (unreported < REPORT_EVERY) continue;
      parentPort?.postMessage({ id, bytes: unreported });
      unreported = 0;
      // Let a cancellation in: the reads above are synchronous.
      await new Promise(setImmediate);
      if (cancelled === id) throw Object.assign(new Error('cancelled'), { code: 'CANCELLED' });
    }
    if (unreported > 0) parentPort?.postMessage({ id, bytes: unreported });
    return { sha256: sum.digest('hex'), size, signatures: check?.finish() ?? [] };
  } finally {
    closeSync(file);
  }
}

/** What verifies is loaded where something is to be verified: most files are only hashed. */
async function checkOf({ signature, certificates, at }: CheckRequest): Promise<{ update: (bytes: Uint8Array) => void; finish: () => unknown }> {
  const [{ readKeyring }, { readSignatureFile }, { SignaturesCheck }] = await Promise.all([
    import('../../core/openpgp/keyring.ts'), import('../../core/openpgp/signature-file.ts'), import('../../core/openpgp/signature-check.ts'),
  ]);
  const running = new SignaturesCheck(readSignatureFile(signature), readKeyring(certificates));
  return { update: (bytes) => running.update(bytes), finish: () => running.finish().judge(at) };
}

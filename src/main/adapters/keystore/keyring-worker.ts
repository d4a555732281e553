/**
 * One question to the system's keyring, in a process of its own: the library may wait for a bus or for a person who does
 * not come, and only a process can be stopped then. The question comes and the answer goes through pipes, never as arguments.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Entry } from '@napi-rs/keyring';

const { act, service, account, secret } = JSON.parse(readFileSync(0, 'utf8')) as { readonly act: 'get' | 'set' | 'remove'; readonly service: string; readonly account: string; readonly secret: string };

function answer(): { readonly value: string | null } | { readonly failure: string } {
  try {
    // Without this, Linux would fall back on the kernel's keyring, which is empty after the next start of the machine.
    const entry = new Entry(service, account, { linux: { store: 'secret-service' } });
    if (act === 'set') entry.setPassword(secret);
    if (act === 'remove') entry.deleteCredential();
    return { value: act === 'get' ? entry.getPassword() : null };
  } catch (cause) {
    return { failure: cause instanceof Error ? cause.message : String(cause) };
  }
}

writeSync(1, JSON.stringify(answer()));

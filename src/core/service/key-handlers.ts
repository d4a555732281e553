import { signedBytes } from '../approval/personal-signature.ts';
import type { RecordParts } from '../archive/entry.ts';
import type { Handlers } from '../contract/serve.ts';
import { KeyRevocationRecord } from '../model/key-records.ts';
import { rotationDue } from '../model/local-keys.ts';
import { writeArmor } from '../openpgp/write-armor.ts';
import { webKeyDirectory, type DirectoryFile } from '../signing/web-key-directory.ts';
import type { ArchivePort } from './archive-port.ts';
import { certificateOf, gpgKeys, heldKey, localKey, textSigner, usersOf, type HeldKeyPorts } from './held-key.ts';
import { rotateKey } from './rotate-key.ts';
import { instant } from './release-handlers.ts';

export interface KeyPorts extends HeldKeyPorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  /** Writes files under a folder, which is made where it is not there. Errors: `already-exists`, `environment`. */
  readonly writeFiles: (folder: string, files: readonly DirectoryFile[], replace: boolean) => Promise<{ readonly path: string; readonly sha256: string }[]>;
  readonly writeText: (path: string, text: string) => Promise<{ readonly path: string }>;
}

/** As policy §7.1.3 has it. */
const KEYSERVER = 'keyserver.ubuntu.com';

type KeyCalls = 'keys.list' | 'keys.create' | 'keys.import' | 'keys.export' | 'keys.passwd' | 'keys.revoke' | 'keys.rotate' | 'keys.publish';

/** Keys in files, and the life of every key that signs (policy §5.1.2, §7.1). */
export function keyHandlers(ports: KeyPorts): Pick<Handlers, KeyCalls> {
  const { openpgp, local, now } = ports;
  return {
    'keys.list': async () => {
      const { problem } = await openpgp.version();
      const keys = await gpgKeys(openpgp);
      const rotations = keys.map(({ fingerprint, created, expires }) => ({ fingerprint, ...rotationDue(created, expires, now()) }));
      return { keys, problem, rotations, local: await local.list() };
    },
    'keys.create': async ({ passphrase, ...wanted }) => local.create({ ...wanted, passphrase: passphrase.reveal() }),
    'keys.import': async ({ from, passphrase, file }) => local.import(from, passphrase.reveal(), file),
    'keys.export': async ({ key, out }) => {
      const held = await heldKey(ports, key);
      const armored = writeArmor('PUBLIC KEY BLOCK', await certificateOf(ports, held));
      return { fingerprint: held.key.fingerprint, armored, path: out === null ? null : (await ports.writeText(out, armored)).path };
    },
    'keys.passwd': async ({ key, passphrase, newPassphrase }) => {
      const { file } = await localKey(ports, key, (print) => `gpg --edit-key ${print} passwd save`);
      return { key: await local.changePassphrase(file, passphrase.reveal(), newPassphrase.reveal()) };
    },
    'keys.revoke': async ({ key, cause, words, by }, { signal }) => {
      const found = await localKey(ports, key, (print) => `gpg --gen-revoke ${print} > ${print}.revocation.asc && gpg --import ${print}.revocation.asc && gpg --send-keys ${print}`);
      const record = KeyRevocationRecord.parse({
        event_type: 'key_revocation', revoked_at: instant(now()), key_fingerprint: found.fingerprint, cause, reason: words, by: by.with === 'passphrase' ? 'own-key' : 'certificate',
      });
      const parts = { record: { ...record }, refs: [], attachments: [] };
      // The archive is opened first, and the key's last signature is over its own end.
      await ports.archive();
      const able = by.with === 'passphrase' && found.unusable === null;
      const signatures = able ? [{ fingerprint: found.fingerprint, asc: await (await textSigner(ports, { at: 'file', key: found }, by.passphrase, signal)).sign(signedBytes(parts)) }] : [];
      const revoked = await local.revoke(found.file, by.with === 'passphrase' ? { passphrase: by.passphrase.reveal(), cause, words } : { certificate: by.certificate });
      const { id } = await ports.append({ ...parts, signatures });
      return { key: revoked, armored: writeArmor('PUBLIC KEY BLOCK', await local.certificate(found.file)), record: id };
    },
    'keys.rotate': (input, { signal }) => rotateKey(ports, input, signal),
    'keys.publish': async ({ key, out, replace }) => {
      const held = await heldKey(ports, key);
      const { fingerprint } = held.key;
      const certificate = await certificateOf(ports, held);
      const { files, domains } = webKeyDirectory(usersOf(certificate), certificate);
      const website = { path: `${fingerprint}.asc`, bytes: Buffer.from(writeArmor('PUBLIC KEY BLOCK', certificate)) };
      const written = await ports.writeFiles(out, [website, ...files], replace);
      return { fingerprint, written, domains, next: publishCommands(fingerprint, held.at === 'file', domains) };
    },
  };
}

/** What a person does once they are online; nothing is sent from here. */
function publishCommands(fingerprint: string, inFile: boolean, domains: readonly string[]): string[] {
  return [
    ...(inFile ? [`gpg --import ${fingerprint}.asc`] : []),
    `gpg --keyserver ${KEYSERVER} --send-keys ${fingerprint}`,
    ...domains.map((domain) => `serve .well-known/openpgpkey at https://openpgpkey.${domain}/ (or https://${domain}/), then: gpg --auto-key-locate clear,wkd --locate-external-keys ADDRESS@${domain}`),
  ];
}

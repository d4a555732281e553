import { createHash } from 'node:crypto';

/** A file of a Web Key Directory, by its path with `/` from the root of a web server. */
export interface DirectoryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const ROOT = '.well-known/openpgpkey';
const Z_BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769';
/** Both parts become names of files and folders. */
const ADDRESS = /^([^\s@<>/\\]{1,64})@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$/i;

/** z-base-32 (RFC 6189 §5.1.6), five bits a letter. */
export function zBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (octet) => octet.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => Z_BASE_32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '').join('');
}

/** Hash of the local part of a mail address in lower case, ASCII letters only (draft-koch-openpgp-webkey-service §3.1). */
export function localPartHash(local: string): string {
  return zBase32(createHash('sha1').update(local.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())).digest());
}

/** The mail address of a user id, `Name <address>` or the address alone; null where there is none that can be served. */
export function addressOf(user: string): { readonly local: string; readonly domain: string } | null {
  const [, local, domain] = ADDRESS.exec((/<([^<>]*)>\s*$/.exec(user)?.[1] ?? user).trim()) ?? [];
  return local === undefined || domain === undefined ? null : { local, domain: domain.toLowerCase() };
}

/**
 * The directory for a certificate, in both layouts (draft §3.1): for `openpgpkey.DOMAIN`, and for `DOMAIN` itself, which
 * is left out where there are several domains, as one folder cannot be two servers. With the policy file (§4.5).
 */
export function webKeyDirectory(users: readonly string[], certificate: Uint8Array): { readonly files: DirectoryFile[]; readonly domains: string[] } {
  const addresses = users.flatMap((user) => addressOf(user) ?? []);
  const domains = [...new Set(addresses.map(({ domain }) => domain))].sort();
  const policy = new Uint8Array(0);
  const files = new Map<string, Uint8Array>();
  for (const { local, domain } of addresses) {
    const roots = domains.length === 1 ? [`${ROOT}/${domain}`, ROOT] : [`${ROOT}/${domain}`];
    for (const root of roots) files.set(`${root}/policy`, policy).set(`${root}/hu/${localPartHash(local)}`, certificate);
  }
  return { files: [...files].map(([path, bytes]) => ({ path, bytes })), domains };
}

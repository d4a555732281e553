import type { Card } from '../../../core/model/card.ts';

/** OpenPGP public-key algorithms by number (RFC 9580 §9.1), as `keyattr` gives them. */
const RSA = '1';

/**
 * Reads `gpg --card-status --with-colons` (GnuPG's doc/DETAILS has no section for it; g10/card-util.c writes it). Null
 * where no OpenPGP card is in it.
 */
export function parseCard(listing: string): Card | null {
  const lines = new Map<string, string[]>();
  for (const line of listing.split('\n')) {
    const [name = '', ...fields] = line.split(':');
    // keyattr comes once for each slot; the first is the signing key's.
    if (!lines.has(name)) lines.set(name, fields);
  }
  const field = (name: string, index = 0): string => unescapeColons(lines.get(name)?.[index] ?? '');
  const count = (name: string, index = 0): number => Number.parseInt(field(name, index), 10) || 0;
  const serial = field('serial');
  if (serial === '' || field('Reader', 3) !== 'openpgp-card') return null;
  const sign = fingerprint(field('fpr', 0));
  return {
    reader: field('Reader', 0), id: field('Reader', 2), serial,
    manufacturer: field('vendor', 1) === '' ? `manufacturer ${field('vendor', 0)}` : field('vendor', 1),
    version: versionOf(field('version')),
    holder: holderOf(field('name', 0), field('name', 1)), login: field('login') || null, url: field('url') || null,
    keys: { sign, encrypt: fingerprint(field('fpr', 1)), authenticate: fingerprint(field('fpr', 2)) },
    algorithm: sign === null ? null : algorithmOf(field('keyattr', 1), field('keyattr', 2)),
    tries: { user: count('pinretry', 0), reset: count('pinretry', 1), admin: count('pinretry', 2) },
    signatures: count('sigcount'),
    touch: touchOf(field('uif', 0)),
    // 1: the PIN holds for one signature only.
    pinEachTime: field('forcepin') === '1',
  };
}

/** The user interaction flag (OpenPGP card 3.4 §4.4.3.6), from a byte's number. */
export function touchOf(flag: string): Card['touch'] {
  return flag === '0' ? 'off' : flag === '1' ? 'on' : flag === '2' ? 'permanent' : null;
}

/** `0304` is 3.4. */
function versionOf(text: string): string {
  const [, major = '', minor = ''] = /^(..)(..)$/.exec(text) ?? [];
  return major === '' ? text : `${Number.parseInt(major, 16)}.${Number.parseInt(minor, 16)}`;
}

/** Names are kept surname first (ISO 7501-1), parted in two fields. */
function holderOf(first: string, second: string): string | null {
  return [first, second].filter((part) => part !== '').join(' ') || null;
}

function algorithmOf(number: string, parameter: string): string {
  return number === RSA ? `RSA-${parameter}` : parameter || `algorithm ${number}`;
}

function fingerprint(text: string): string | null {
  return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text) && !/^0+$/.test(text) ? text : null;
}

function unescapeColons(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

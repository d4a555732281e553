import type { Person, Roster } from '../../../core/model/roster.ts';
import { readKeyring, type Keyring } from '../../../core/openpgp/keyring.ts';
import { writeArmor } from '../../../core/openpgp/write-armor.ts';

type KeyUse = Person['keys'][number]['use'][number];

/** The certificates of everybody's keys for some uses. */
export function rosterKeyring(rosters: readonly Roster[], ...uses: readonly KeyUse[]): Keyring {
  const certificates = rosters.flatMap(({ people }) => people).flatMap(({ keys }) => keys.filter((key) => key.use.some((use) => uses.includes(use))).map(({ cert }) => cert.trim()));
  return readKeyring(Buffer.from(`${[...new Set(certificates)].join('\n')}\n`, 'utf8'));
}

/** Each certificate of a keyring as it stands in a roster, by the fingerprint of its primary key. */
export function armoredCertificates(keyring: Keyring): Map<string, string> {
  return new Map(keyring.certificates.map(({ primary: { fingerprint } }) => [fingerprint, writeArmor('PUBLIC KEY BLOCK', keyring.excerpt(keyring.candidates([fingerprint])))]));
}

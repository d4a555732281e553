/** The first armor of a text is of this kind (RFC 9580 §6.2); what stands before it, as mail programs write, is passed over. */
export function beginsArmor(head: string, label: string): boolean {
  return /^-----BEGIN PGP ([A-Z ,/0-9]{1,40})-----[ \t]*\r?$/m.exec(head.slice(0, 4096))?.[1] === label;
}

export function endsArmor(text: string, label: string): boolean {
  return text.includes(`\n-----END PGP ${label}-----`);
}

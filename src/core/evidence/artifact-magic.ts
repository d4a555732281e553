/** The first bytes of archives, packages and programs: a build output is one by its content, whatever its name. */
const MAGIC: readonly (readonly [offset: number, bytes: readonly number[]])[] = [
  [0, [0x1f, 0x8b]], // gzip
  [0, [0x50, 0x4b, 0x03, 0x04]], // zip, wheel, jar
  [0, [0x50, 0x4b, 0x05, 0x06]], // empty zip
  [257, [0x75, 0x73, 0x74, 0x61, 0x72]], // tar (ustar)
  [0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]], // xz
  [0, [0x42, 0x5a, 0x68]], // bzip2
  [0, [0x28, 0xb5, 0x2f, 0xfd]], // zstd
  [0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]], // 7z
  [0, [0x7f, 0x45, 0x4c, 0x46]], // ELF
  [0, [0x4d, 0x5a]], // PE
  [0, [0xcf, 0xfa, 0xed, 0xfe]], // Mach-O
  [0, [0xca, 0xfe, 0xba, 0xbe]], // Mach-O universal, Java class
  [0, [0x00, 0x61, 0x73, 0x6d]], // WebAssembly
  [0, [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e]], // ar, deb
  [0, [0xed, 0xab, 0xee, 0xdb]], // rpm
  [0, [0x25, 0x50, 0x44, 0x46, 0x2d]], // PDF
  [0, [0x68, 0x73, 0x71, 0x73]], // squashfs
];

export function isArtifact(head: Uint8Array): boolean {
  return MAGIC.some(([offset, bytes]) => head.length >= offset + bytes.length && bytes.every((byte, index) => head[offset + index] === byte));
}

/** A binary detached signature: an old or new packet header with tag 2 and version 3, 4 or 6 (RFC 9580 §4.2, §5.2). */
export function isBinarySignature(head: Uint8Array): boolean {
  const [first = 0, second = 0] = head;
  if ((first & 0x80) === 0) return false;
  const old = (first & 0x40) === 0;
  const tag = old ? (first >> 2) & 0x0f : first & 0x3f;
  const headerLength = old ? [2, 3, 5, 1][first & 3] ?? 2 : second < 192 ? 2 : second < 224 ? 3 : 6;
  const version = head[headerLength];
  return tag === 2 && head.length < 64 * 1024 && (version === 3 || version === 4 || version === 6);
}

/** Why bytes are no OpenPGP, or none that is read here. Thrown by parsers, never past this folder's doors. */
export class OpenPgpFault extends Error {
  /** `malformed` breaks the format (RFC 9580); `unsupported` keeps to it, and asks for what is not built in here. */
  readonly code: 'malformed' | 'unsupported';

  constructor(code: OpenPgpFault['code'], message: string) {
    super(message);
    this.name = 'OpenPgpFault';
    this.code = code;
  }
}

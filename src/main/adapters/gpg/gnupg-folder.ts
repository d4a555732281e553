import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where gpg keeps keys; no command that is run here may see it. */
export function gnupgFolder(): string {
  return process.env['GNUPGHOME'] ?? join(homedir(), '.gnupg');
}

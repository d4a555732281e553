import { spawn } from 'node:child_process';

/** A card that is mute would hold everybody up for ever. */
const LONGEST_WAIT = 5_000;
const MOST_BYTES = 1024 * 1024;

/**
 * Gives gpg-agent commands of its own protocol (Assuan; `SCD` goes to the card daemon) and returns what it printed,
 * byte for byte as Latin-1. Null where there is no gpg-connect-agent, or no answer in five seconds.
 */
export function askAgent(...commands: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('gpg-connect-agent', [...commands, '/bye'], { env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true, timeout: LONGEST_WAIT });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said.length < MOST_BYTES) said += chunk.toString('latin1');
    });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === null ? null : said));
  });
}

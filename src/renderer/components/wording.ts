/** "1 file", "3 files", "3,000 files". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numbered(count)} ${count === 1 ? one : many}`;
}

export function numbered(value: number): string {
  return value.toLocaleString('en-GB');
}

const MIB = 1024 * 1024;

/** Sizes in MiB; below a hundredth of one, in bytes, because 0.00 says nothing. */
export function sized(bytes: number): string {
  if (bytes < MIB / 100) return counted(bytes, 'byte');
  const mib = bytes / MIB;
  return `${mib < 10 ? mib.toFixed(2) : mib < 100 ? mib.toFixed(1) : numbered(Math.round(mib))} MiB`;
}

/** "3 h 12 min", "45 s". */
export function lasting(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return counted(Math.round(whole / 86_400), 'day');
}

/** "4 min ago", "in 3 days". */
export function relative(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (Math.abs(seconds) < 45) return seconds < 0 ? 'in a moment' : 'just now';
  const distance = Math.abs(seconds);
  const words =
    distance < 3600 ? `${Math.round(distance / 60)} min`
    : distance < 86_400 ? `${Math.round(distance / 3600)} h`
    : distance < 60 * 86_400 ? counted(Math.round(distance / 86_400), 'day')
    : distance < 730 * 86_400 ? counted(Math.round(distance / (30.44 * 86_400)), 'month')
    : counted(Math.round(distance / (365.25 * 86_400)), 'year');
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** "2025-11-23 21:44". */
export function utc(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

/** The same instant on this machine's clock: the hour alone where the day is the same. */
export function local(time: string): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const hour = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return day === time.slice(0, 10) ? hour : `${day} ${hour}`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Last part of a path, whichever way its separators lean. */
export function baseName(path: string): string {
  return path.replace(/[/\\]+$/, '').split(/[/\\]/).at(-1) ?? path;
}

/** An entry by the last part of its log's name and its number, "desk-2 #41"; the whole stands on hover. */
export function entryName({ origin, seq }: { readonly origin: string; readonly seq: number }): string {
  return `${origin.split('/').at(-1) ?? origin} #${seq}`;
}

/** The key as people read it out: 0x and its last sixteen digits. */
export function keyId(fingerprint: string): string {
  return `0x${fingerprint.slice(-16)}`;
}

/** A fingerprint in groups of four. */
export function grouped(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ');
}

/** `signing_run` as "signing run". */
export function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}

export function capital(text: string): string {
  return text === '' ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** "2026-11-24 09:00" as RFC 3339 UTC; null where it is no time. */
export function instantOf(text: string): string | null {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})$/.exec(text.trim()) ?? [];
  const instant = `${day ?? ''}T${time ?? ''}:00Z`;
  return day === undefined || Number.isNaN(Date.parse(instant)) ? null : instant;
}

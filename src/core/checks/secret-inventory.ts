import { parseDocument } from 'yaml';
import { z } from 'zod';
import { CalendarDate } from '../model/primitives.ts';

/** One secret by name: when it was last rotated, and how many days that lasts where it is not the house's rule. */
export interface InventoriedSecret {
  readonly name: string;
  readonly rotated: string;
  readonly everyDays: number | null;
}

export type SecretInventory =
  | { readonly secrets: readonly InventoriedSecret[] }
  /** Why it is not read; `holdsValues` where it seems to hold what it may only name. */
  | { readonly problem: string; readonly holdsValues: boolean };

const MAX_CHARACTERS = 1_000_000;
const Entry = z.strictObject({
  name: z.string().min(1).max(200), rotated: CalendarDate, every_days: z.number().int().min(1).max(3660).optional(),
  owner: z.string().max(200).optional(), where: z.string().max(200).optional(), note: z.string().max(500).optional(),
});
const Inventory = z.strictObject({ v: z.literal(1).optional(), secrets: z.array(Entry).max(10_000) });

/** Fields that hold a value by their name. */
const VALUE_FIELD = /^(?:value|secret|password|passwd|token|key|private_?key|api_?key|credential|passphrase|content|data)$/i;

/** What secrets look like, by the forms that their makers gave them, and any long string without a space that no word is like. */
const VALUE_FORMS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/, /\bAKIA[0-9A-Z]{16}\b/, /\bgh[pousr]_[A-Za-z0-9]{30,}/, /\bgithub_pat_[A-Za-z0-9_]{30,}/, /\bglpat-[A-Za-z0-9_-]{20}/, /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bsk_(?:live|test)_[A-Za-z0-9]{16,}/, /\bnpm_[A-Za-z0-9]{30,}/, /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, /:\/\/[^\s/:@]+:[^\s/@]{3,}@/,
];

/** Reads an inventory of secrets (YAML or JSON). It names them only; one that seems to hold a value is not looked at further. */
export function readSecretInventory(text: string): SecretInventory {
  if (text.length > MAX_CHARACTERS) return { problem: `it is longer than ${MAX_CHARACTERS} characters`, holdsValues: false };
  const document = parseDocument(text, { strict: true, uniqueKeys: true, merge: false });
  const [fault] = document.errors;
  if (fault !== undefined) return { problem: `line ${text.slice(0, fault.pos[0]).split('\n').length} is not YAML`, holdsValues: false };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { problem: 'it uses aliases, which an inventory has no need of', holdsValues: false };
  }
  const holding = valuePlace(value, '');
  if (holding !== null) return { problem: `${holding} seems to hold a secret itself`, holdsValues: true };
  const parsed = Inventory.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.map(String).join('.') ?? '';
    return { problem: `${place === '' ? '' : `${place}: `}${issue?.message ?? 'it is no inventory'}`, holdsValues: false };
  }
  const names = parsed.data.secrets.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { problem: `"${twice}" stands in it twice`, holdsValues: false };
  return { secrets: parsed.data.secrets.map(({ name, rotated, every_days }) => ({ name, rotated, everyDays: every_days ?? null })) };
}

/** Where something in a document looks like a secret's value; its words are never repeated. */
function valuePlace(value: unknown, place: string): string | null {
  if (typeof value === 'string') return looksLikeValue(value) ? (place === '' ? 'it' : place) : null;
  if (Array.isArray(value)) return firstOf(value.map((part, index) => () => valuePlace(part, `${place}${place === '' ? '' : '.'}${index}`)));
  if (typeof value !== 'object' || value === null) return null;
  return firstOf(Object.entries(value).map(([field, part]) => () => {
    const at = `${place}${place === '' ? '' : '.'}${looksLikeValue(field) ? 'a field' : field.slice(0, 40)}`;
    const isValue = VALUE_FIELD.test(field) && typeof part !== 'object' && part !== null;
    return isValue || looksLikeValue(field) ? at : valuePlace(part, at);
  }));
}

function firstOf(looks: readonly (() => string | null)[]): string | null {
  for (const look of looks) {
    const found = look();
    if (found !== null) return found;
  }
  return null;
}

function looksLikeValue(text: string): boolean {
  if (VALUE_FORMS.some((form) => form.test(text))) return true;
  return text.split(/\s+/).some((word) => word.length >= 20 && isRandom(word));
}

/** Letters of both cases with digits, or that change case at every turn, or hexadecimal, in one long piece: no name that a person gave. */
function isRandom(word: string): boolean {
  const piece = /[A-Za-z0-9+/=_]{20,}/.exec(word)?.[0];
  if (piece === undefined) return false;
  if (/^[0-9a-f]{32,}$/i.test(piece)) return true;
  if (!/[a-z]/.test(piece) || !/[A-Z]/.test(piece)) return false;
  const runs = piece.match(/[a-z]+|[A-Z]+|\d+|[^A-Za-z\d]+/g)?.length ?? 0;
  return (piece.match(/\d/g)?.length ?? 0) >= 3 || runs / piece.length > 0.36;
}

import { SaxesParser } from 'saxes';
import type { EvidenceLimits } from '../model/evidence.ts';
import { UnusableEvidence, type Reading, type XmlFormat, type XmlReader } from './format.ts';

/**
 * How many elements and attributes a document may have before it is refused as too large: what a parser needs grows
 * with them, not with the bytes. Measured: a document at the bound takes about three seconds.
 */
const MAX_PARTS = 1_500_000;

export interface XmlRoot {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The document type declares something of its own. */
  readonly declares: boolean;
}

/** Name and attributes of the root element, from the beginning of a document; null where none was reached. Linear. */
export function rootOf(head: string): XmlRoot | null {
  let at = 0;
  let declares = false;
  for (;;) {
    at = afterSpace(head, at);
    if (head.startsWith('<!--', at)) at = after(head, '-->', at + 4);
    else if (head.startsWith('<?', at)) at = after(head, '?>', at + 2);
    else if (/^<!doctype/i.test(head.slice(at, at + 9))) {
      const close = head.indexOf('>', at);
      const subset = head.indexOf('[', at);
      if (subset !== -1 && (close === -1 || subset < close)) {
        declares = true;
        at = after(head, ']', subset);
        at = at === -1 ? -1 : after(head, '>', at);
      } else at = close === -1 ? -1 : close + 1;
    } else break;
    if (at === -1) return declares ? { name: '', attributes: {}, declares } : null;
  }
  const name = /^<([A-Za-z_][\w:.-]{0,200})(?=[\s/>])/.exec(head.slice(at, at + 210))?.[1];
  return name === undefined ? null : { name, attributes: attributesAt(head, at + 1 + name.length), declares };
}

function attributesAt(head: string, start: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  attribute.lastIndex = start;
  for (let match = attribute.exec(head); match !== null; match = attribute.exec(head)) attributes[match[1] ?? ''] = match[2] ?? match[3] ?? '';
  return attributes;
}

function afterSpace(head: string, from: number): number {
  let at = from;
  while (at < head.length && head.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function after(head: string, ending: string, from: number): number {
  const at = head.indexOf(ending, from);
  return at === -1 ? -1 : at + ending.length;
}

/**
 * Reads a document with a streaming parser. No entity is expanded but the five of XML itself; a document type that
 * declares anything is refused, one that only names an external file is passed over and never fetched.
 */
export function readXml(source: string, format: XmlFormat, limits: EvidenceLimits): Reading {
  const parser = new SaxesParser({ position: false });
  const reader: XmlReader = format.start(limits);
  let depth = 0;
  let parts = 0;
  let ended = false;
  const count = (): void => {
    parts += 1;
    if (parts > MAX_PARTS) throw new UnusableEvidence('too-large', `it holds more than ${MAX_PARTS} elements and attributes`);
  };
  parser.on('attribute', count);
  parser.on('doctype', (text) => {
    // Pester writes an empty subset.
    if (/\[\s*[^\s\]]/.test(text)) throw new UnusableEvidence('entity-declared', 'the document type declares entities, which a report has no need of');
  });
  parser.on('opentag', (tag) => {
    count();
    depth += 1;
    if (depth > limits.depth) {
      throw new UnusableEvidence('too-deep', `the XML is nested deeper than ${limits.depth} at line ${parser.line}, column ${parser.column}`);
    }
    reader.open(tag.name, tag.attributes as Readonly<Record<string, string>>);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    reader.close(tag.name);
    if (depth === 0) ended = true;
  });
  parser.on('text', (text) => reader.text?.(text));
  parser.on('cdata', (text) => reader.text?.(text));
  parser.on('error', (cause) => {
    throw cause;
  });
  try {
    parser.write(source);
    parser.close();
  } catch (cause) {
    if (cause instanceof UnusableEvidence) throw cause;
    const said = (cause instanceof Error ? cause.message : String(cause)).replace(/^\d+:\d+: /, '').replace(/\.$/, '').slice(0, 200);
    const place = `line ${parser.line}, column ${parser.column}`;
    throw !ended && parser.position >= source.length
      ? new UnusableEvidence('truncated', `the XML ends in the middle, at ${place}`)
      : new UnusableEvidence('malformed', `this is not well-formed XML at ${place}: ${said}`);
  }
  return reader.read();
}

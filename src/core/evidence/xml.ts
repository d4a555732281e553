import { SaxesParser } from 'saxes';
import type { EvidenceLimits } from '../model/evidence.ts';
import { UnusableEvidence, type Reading, type XmlFormat, type XmlReader } from './format.ts';

/** Name and attributes of the root element, from the beginning of a document; null where there is none. */
export function rootOf(head: string): { readonly name: string; readonly attributes: Readonly<Record<string, string>> } | null {
  const match = /^\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>[]*(?:\[.*?\]\s*)?>\s*)*<([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)/s.exec(head);
  if (match === null) return null;
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of (match[2] ?? '').matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name] = double ?? single ?? '';
  }
  return { name: match[1] ?? '', attributes };
}

/**
 * Reads a document with a streaming parser. No entity is expanded but the five of XML itself; a document type that
 * declares anything is refused, one that only names an external file is passed over and never fetched.
 */
export function readXml(source: string, format: XmlFormat, limits: EvidenceLimits): Reading {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const reader: XmlReader = format.start(limits);
  let depth = 0;
  let ended = false;
  parser.on('doctype', (text) => {
    if (text.includes('[')) throw new UnusableEvidence('entity-declared', 'the document type declares entities, which a report has no need of');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > limits.depth) {
      throw new UnusableEvidence('too-deep', `the XML is nested deeper than ${limits.depth} at line ${parser.line}, column ${parser.column}`);
    }
    reader.open(tag.name, tag.attributes);
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
    const said = (cause instanceof Error ? cause.message : String(cause)).replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    const place = `line ${parser.line}, column ${parser.column}`;
    throw !ended && parser.position >= source.length
      ? new UnusableEvidence('truncated', `the XML ends in the middle, at ${place}`)
      : new UnusableEvidence('malformed', `this is not well-formed XML at ${place}: ${said}`);
  }
  return reader.read();
}

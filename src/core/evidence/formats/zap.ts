import type { EvidenceLimits, Severity } from '../../model/evidence.ts';
import { aliasesIn, FindingCollector } from '../findings.ts';
import { instantOf, utcOf, type JsonFormat, type Reading, type XmlFormat, type XmlReader } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';

/** ZAP's risk codes (its report templates): 3 high, 2 medium, 1 low, 0 informational. */
const RISKS: ReadonlyMap<string, Severity> = new Map([['3', 'high'], ['2', 'medium'], ['1', 'low'], ['0', 'info']]);

/** Confidence 0 is "false positive": somebody said so in ZAP. It is listed, so it counts (FORMATS §2). */
const FALSE_POSITIVE = '0';

interface Alert {
  readonly name: string;
  readonly risk: string | null;
  readonly rule: string | null;
  readonly where: string | null;
  readonly confidence: string | null;
}

function add(collector: FindingCollector, { name, risk, rule, where, confidence }: Alert): void {
  const code = risk?.trim() ?? null;
  collector.add({
    severity: RISKS.get(code ?? '') ?? 'unknown', rawSeverity: code ?? 'unknown', rule, message: name, where, aliases: aliasesIn(name), suppressed: confidence?.trim() === FALSE_POSITIVE,
  });
}

/** `Tue, 12 May 2020 20:57:30`, without a zone: it names no instant unless one is given. */
function producedAt(value: string | null): string | null {
  return value === null || !/(?:Z|[+-]\d\d:?\d\d|GMT|UTC)$/.test(value.trim()) ? null : utcOf(Date.parse(value));
}

/** OWASP ZAP's traditional JSON report: one finding an alert item of a site, however many places it was found at. */
export const zapJson: JsonFormat = {
  syntax: 'json',
  kind: 'zap',
  // GitLab's DAST report carries ZAP's fields beside a list of its own.
  looksLike: (value) => isObject(value) && !has(value, 'vulnerabilities') && !has(value, 'scan') && (text(member(value, '@version')) !== null || text(member(value, '@programName')) !== null || text(member(value, '@generated')) !== null) && (member(value, 'site') !== undefined || text(member(value, '@programName')) === 'ZAP'),
  read: (value, limits) => {
    const collector = new FindingCollector(limits);
    const sites = member(value, 'site');
    const listed = sites === undefined ? [] : Array.isArray(sites) ? objectsIn(sites, 'site') : isObject(sites) ? [sites] : objectsIn(sites, 'site');
    for (const [index, site] of listed.entries()) addSite(collector, site, index);
    return collector.reading(
      { tool: { name: 'ZAP', version: text(member(value, '@version')) }, produced: instantOf(member(value, 'created')) ?? producedAt(text(member(value, '@generated'))) },
      { scanned: listed.length },
    );
  },
};

function addSite(collector: FindingCollector, site: JsonObject, index: number): void {
  // ZAP lists the alerts of every site, even none: without a list it is not known what was found.
  for (const alert of objectsIn(member(site, 'alerts'), `site[${index}].alerts`)) {
    const uri = text(member(elements(member(alert, 'instances'))[0], 'uri'));
    add(collector, {
      name: text(member(alert, 'alert')) ?? text(member(alert, 'name')) ?? '', risk: codeOf(member(alert, 'riskcode')),
      rule: text(member(alert, 'pluginid')), where: uri ?? text(member(site, '@name')), confidence: codeOf(member(alert, 'confidence')),
    });
  }
}

function codeOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : text(value);
}

/** The same as XML, from 2.4 on. */
export const zapXml: XmlFormat = {
  syntax: 'xml',
  kind: 'zap',
  looksLike: (root) => root === 'OWASPZAPReport',
  start: (limits) => new ZapReader(limits),
};

const FIELDS: ReadonlySet<string> = new Set(['alert', 'name', 'riskcode', 'pluginid', 'confidence', 'uri']);

class ZapReader implements XmlReader {
  readonly #collector: FindingCollector;
  readonly #path: string[] = [];
  #alert: Record<string, string> | null = null;
  #sites = 0;
  #site: string | null = null;
  #version: string | null = null;
  #produced: string | null = null;

  constructor(limits: EvidenceLimits) {
    this.#collector = new FindingCollector(limits);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#path.length === 0) {
      this.#version = attributes['version'] ?? null;
      this.#produced = instantOf(attributes['created']) ?? producedAt(attributes['generated'] ?? null);
    }
    if (name === 'site') {
      this.#sites += 1;
      this.#site = attributes['name'] ?? null;
    }
    if (name === 'alertitem') this.#alert = {};
    this.#path.push(name);
  }

  text(piece: string): void {
    const name = this.#path.at(-1) ?? '';
    if (this.#alert === null || !FIELDS.has(name) || (name !== 'uri' && this.#path.at(-2) !== 'alertitem')) return;
    if ((this.#alert[name]?.length ?? 0) < 1_000) this.#alert[name] = (this.#alert[name] ?? '') + piece.slice(0, 1_000);
  }

  close(name: string): void {
    this.#path.pop();
    if (name !== 'alertitem' || this.#alert === null) return;
    const { alert, name: called, riskcode, pluginid, confidence, uri } = this.#alert;
    add(this.#collector, { name: alert ?? called ?? '', risk: riskcode ?? null, rule: pluginid ?? null, where: uri ?? this.#site, confidence: confidence ?? null });
    this.#alert = null;
  }

  read(): Reading {
    return this.#collector.reading({ tool: { name: 'ZAP', version: this.#version }, produced: this.#produced }, { scanned: this.#sites });
  }
}

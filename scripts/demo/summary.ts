import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntrySummary } from '../../src/core/contract/contract.ts';
import { STATUSES, type CheckReport, type Status } from '../../src/core/model/verdict.ts';
import type { Verification } from '../../src/core/model/verification.ts';

export interface Summary {
  readonly commit: string;
  readonly report: CheckReport;
  readonly verifications: readonly { readonly name: string; readonly verification: Verification }[];
  readonly entries: readonly EntrySummary[];
  readonly fingerprint: string;
}

const SIGNS: Readonly<Record<Status, string>> = {
  'passed': '●', 'failed': '■', 'missing': '○', 'stale': '◷', 'needs-person': '☺', 'accepted': '◐', 'not-applicable': '–', 'broken': '▲',
};

/** Writes `summary.html`: one page, one file, nothing to load. */
export function writeSummary(folder: string, summary: Summary): void {
  writeFileSync(join(folder, 'summary.html'), page(summary));
}

function page({ commit, report, verifications, entries, fingerprint }: Summary): string {
  const tally = STATUSES.map((status) => [status, report.results.filter((result) => result.status === status).length] as const).filter(([, count]) => count > 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tariff ${escape(report.release)}</title><style>${STYLE}</style></head><body><main>
<header><p class="kind">Release</p><h1>Tariff ${escape(report.release)}</h1>
<p>Commit <code>${escape(commit)}</code>, ${escape(report.types.effective.join(', '))}. Judged ${escape(report.at)}.</p>
<p class="gate">Gate ${escape(report.gate)}<span>${report.authority === 'unproved' ? 'No roster is in force, so nobody’s authority is proved and nothing can open it.' : ''}</span></p>
<p class="tally">${tally.map(([status, count]) => `<span class="${status}"><b>${SIGNS[status]}</b> ${count} ${status}</span>`).join('')}</p></header>
<h2>Checklist</h2><table>${report.results.map((line) => `<tr><td class="${line.status}"><b>${SIGNS[line.status]}</b></td><td class="id">§${escape(line.section)} ${escape(line.id)}</td><td>${escape(line.summary)}</td></tr>`).join('')}</table>
<h2>Artifacts</h2><table>${verifications.map(({ name, verification }) => `<tr><td class="passed"><b>${SIGNS.passed}</b></td><td class="id">${escape(name)}</td><td>${escape(verification.verdict)}; when made ${escape(verification.when_made)}, today ${escape(verification.today)}<br><code>${escape(verification.covered_bytes_sha256 ?? '')}</code></td></tr>`).join('')}</table>
<p>Signed by <code>${escape(fingerprint)}</code>, exported as release-key.asc.</p>
<h2>Genesis Archive</h2><table>${entries.map((entry) => `<tr><td>${entry.seq}</td><td class="id">${escape(entry.event_type)}${entry.imported ? ' (imported)' : ''}</td><td>${escape(entry.summary)}<br><code>${escape(entry.leaf)}</code></td></tr>`).join('')}</table>
</main></body></html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1a2230;--soft:#556070;--line:#dfe4eb;--paper:#fbfcfd;--green:#1b6b3a;--red:#a3261c;--amber:#80530a;--blue:#234f9d}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa5b4;--line:#2b3442;--paper:#12171f;--green:#63c98b;--red:#ff8a7f;--amber:#e3b257;--blue:#8db4ff}}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1040px;margin:48px auto;padding:0 24px}h1{font-size:28px;margin:0}h2{font-size:16px;margin:40px 0 8px}.kind{color:var(--soft);margin:0}
.gate{font-size:20px;font-weight:600;margin:24px 0 8px}.gate span{display:block;font-size:14px;font-weight:400;color:var(--soft)}
.tally span{margin-right:20px}table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:8px 12px 8px 0;vertical-align:top}td:first-child{width:24px}
.id{white-space:nowrap;color:var(--soft)}code{font:12px/1.5 ui-monospace,monospace;color:var(--soft);overflow-wrap:anywhere}
.passed b{color:var(--green)}.failed b,.broken b{color:var(--red)}.missing b,.stale b,.accepted b{color:var(--amber)}.needs-person b{color:var(--blue)}
`;

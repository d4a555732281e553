import type { FolderVerification } from '../contract/verify-calls.ts';

const VERDICTS: Readonly<Record<FolderVerification['verdict'], string>> = {
  good: 'Everything is covered by good signatures of the keys that were named.',
  bad: 'Something is not as it was signed.',
  withdrawn: 'It was withdrawn and must not be used, although its signatures are good.',
  'signer-unknown': 'The signatures are good, but nobody named the keys that made them.',
  'not-covered': 'Some of it is covered by no signature.',
};

/** The report on a folder as Markdown, to be read and filed. */
export function folderReport(report: FolderVerification): string {
  const { folder, at, verdict, files, notSeen, sboms, manifests, archives, proofs, problems } = report;
  return [
    `# Verification of ${code(folder)}`, '', `**${verdict}** at ${at}. ${VERDICTS[verdict]}`, '',
    ...(problems.length === 0 ? [] : ['## Problems', '', ...problems.map(({ code: kind, path, message }) => `- ${kind}${path === null ? '' : `: ${code(path)}`}: ${plain(message)}`), '']),
    '## Files', '', '| File | Verdict | SHA-256 | Signed by | When made | Today |', '|---|---|---|---|---|---|',
    ...files.map((file) => `| ${code(file.path)} | ${file.verdict}${file.through === null ? '' : `, through ${code(file.through)}`} | ${file.sha256 ?? ''} | ${file.signatures.map(({ fingerprint, user }) => plain(`${fingerprint ?? 'unknown'}${user === null ? '' : ` (${user})`}`)).join('; ')} | ${file.signatures.map(({ when_made }) => when_made).join('; ')} | ${file.signatures.map(({ today }) => today).join('; ')} |`),
    ...(notSeen.length === 0 ? [] : ['', '## Artifacts not seen', '', ...notSeen.map(({ list, name, sha256 }) => `- ${code(name)}: ${sha256}, by ${code(list)}`)]),
    ...(sboms.length === 0 ? [] : ['', '## Bills of materials', '', ...sboms.map((sbom) => `- ${code(sbom.path)}: ${sbom.kind} ${plain(sbom.version ?? '')}, ${sbom.components} components, ${sbom.valid ? 'valid against its schema' : `not valid: ${plain(sbom.faults[0] ?? '')}`}${sbom.about === null ? '' : `, about ${plain(sbom.about.name)} ${plain(sbom.about.version ?? '')}`}`)]),
    ...(manifests.length === 0 ? [] : ['', '## Manifests', '', ...manifests.map((one) => `- ${code(one.path)}: ${one.same} of ${one.listed} files are the same${one.commit === null ? '' : `, of commit ${one.commit}`}`)]),
    ...(proofs.length === 0 ? [] : ['', '## Proofs', '', ...proofs.map((one) => `- ${code(one.subject)}: ${one.verdict}${one.origin === null ? '' : `, entry ${one.index ?? ''} of ${code(one.origin)} as of ${one.size ?? ''} entries`}`)]),
    ...(archives.length === 0 ? [] : ['', '## Archive', '', ...archives.map((one) => `- ${code(one.path)}: ${one.verdict}, ${one.entries} entries`)]), '',
  ].join('\n');
}

/** Names come from whoever made the folder: they are shown, and mean nothing to Markdown. */
function code(text: string): string {
  return `\`${text.replaceAll(/[`|\p{Cc}\p{Cf}]/gu, '\u{FFFD}')}\``;
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}').replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`);
}

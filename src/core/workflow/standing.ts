import type { Facts } from '../checks/check.ts';
import type { JudgedLine } from '../checks/judge-checklist.ts';
import type { CommitRange } from '../model/release.ts';
import type { Standing } from '../model/standing.ts';
import type { PolicyInForce } from './assess-release.ts';

const AUTHORS_SHOWN = 1_000;

/** Says what the green of a judged release rests on; pure, like the judging itself. */
export function standingOf(facts: Facts, lines: readonly JudgedLine[], inForce: PolicyInForce, rosterProblem: string | null): Standing {
  return { green: greenOf(lines), takenAway: takenAway(facts), accepted: acceptedOf(facts), claims: claimsOf(facts, inForce, rosterProblem), ages: agesOf(facts, inForce), authors: authorsOf(facts.range) };
}

function greenOf(lines: readonly JudgedLine[]): Standing['green'] {
  const ids = (is: (line: JudgedLine) => boolean): Standing['green']['machine'] => lines.filter(is).map(({ line }) => line.id);
  return {
    machine: ids(({ line, result }) => result.status === 'passed' && line.judged_by === 'machine'),
    people: ids(({ line, result }) => result.status === 'passed' && line.judged_by !== 'machine'),
    accepted: ids(({ result }) => result.status === 'accepted'),
    notApplicable: ids(({ result }) => result.status === 'not-applicable'),
  };
}

function takenAway({ evidence, signedSuppressions }: Facts): Standing['takenAway'] {
  return evidence.flatMap(({ file: { path, sha256 } }) =>
    signedSuppressions.filter((signed) => signed.sha256 === sha256).map(({ signer, statement, record }) => ({ path, by: signer.name, statement, record })),
  );
}

function acceptedOf({ riskAcceptances, version, at }: Facts): Standing['accepted'] {
  return riskAcceptances
    .filter(({ release, until }) => (release === null || release === version) && until > at)
    .map(({ vulnerabilities, signer, askedBy, until, why, record }) => ({ vulnerabilities: [...vulnerabilities], by: signer.name, askedBy, until, why, record }));
}

function claimsOf(facts: Facts, { digest }: PolicyInForce, rosterProblem: string | null): Standing['claims'] {
  const { range, artifacts, evidence, roster } = facts;
  const reports = evidence.filter(({ file }) => file.kind !== 'artifact' && file.kind !== 'unrecognised' && file.problem === null);
  const unbound = reports.filter(({ commit }) => commit === null).length;
  const known = artifacts.filter(({ changed }) => changed !== 'unknown').length;
  return [
    { what: 'The files to sign and their digests', basis: 'recomputed', words: 'Every byte was read and hashed here.' },
    { what: 'The commits since the last release', basis: range.shallow ? 'unchecked' : 'recomputed', words: range.shallow ? 'This clone is shallow: commits are missing from it.' : 'Read from the repository here.' },
    builtFrom(facts),
    {
      what: 'The reports that the verdicts rest on', basis: 'trusted',
      words: `Judged here; what ran elsewhere is its makers’ word.${unbound === 0 ? '' : ` ${unbound} of ${reports.length} name no commit and count for nothing.`}`,
    },
    known === 0
      ? { what: 'What changed since the last release', basis: 'unchecked', words: 'This archive holds no signing of it to compare with.' }
      : { what: 'What changed since the last release', basis: 'recomputed', words: `Compared with what the archive recorded for ${range.since?.name ?? 'it'}.` },
    roster === null
      ? { what: 'Whose word counts', basis: 'unchecked', words: rosterProblem === null ? 'No roster is in force on this console.' : `No roster is in force on this console. ${rosterProblem}.` }
      : { what: 'Whose word counts', basis: 'recomputed', words: `Roster ${roster.roster.roster} ${roster.roster.version}: its administrators’ signatures were verified here.` },
    roster?.roster.policy_digests.includes(digest) === true
      ? { what: 'The policy', basis: 'recomputed', words: 'The roster names this file by its digest.' }
      : { what: 'The policy', basis: 'unchecked', words: roster === null ? 'No roster says which file is in force.' : 'The roster in force names another file.' },
  ];
}

/** Nothing here builds the release again: that these files come from that commit is somebody's word, or nobody's. */
function builtFrom({ range, evidence }: Facts): Standing['claims'][number] {
  const what = `That the files were built from ${range.commit.slice(0, 12)}`;
  const named = evidence.some(({ file, commit }) => file.binding === 'manifest' && commit === range.commit);
  return named
    ? { what, basis: 'trusted', words: 'The manifest of the outputs says so; nothing here builds them again.' }
    : { what, basis: 'unchecked', words: 'Nothing says so. Build them again elsewhere and compare, or have the build write a manifest.' };
}

function agesOf({ roster, evidence }: Facts, { policy, file }: PolicyInForce): Standing['ages'] {
  const signedAt = roster?.signedAt ?? null;
  const databases = evidence.flatMap(({ file: { path }, content }) => (content.type === 'findings' && content.database !== null ? [{ path, since: content.database }] : []));
  const oldest = databases.sort((a, b) => (a.since < b.since ? -1 : 1))[0];
  return [
    { what: 'roster', name: roster === null ? 'No roster' : `${roster.roster.roster} ${roster.roster.version}`, since: signedAt, until: roster?.roster.expires ?? null, words: roster === null ? 'nobody’s authority is proved' : '' },
    { what: 'revocations', name: 'Revocations of keys', since: signedAt, until: null, words: roster === null ? 'no roster brings them' : 'known as far as the roster’s certificates carry them' },
    { what: 'policy', name: `${policy.policy.id} ${policy.policy.version}`, since: null, until: null, words: file },
    { what: 'vulnerability-data', name: oldest === undefined ? 'No scan says how old its data is' : `The oldest of ${databases.length}`, since: oldest?.since ?? null, until: null, words: oldest?.path ?? 'an empty or old database finds nothing' },
  ];
}

function authorsOf({ commits }: CommitRange): Standing['authors'] {
  const authors = new Map<string, { name: string; email: string; commits: number }>();
  for (const { author, coAuthors } of commits) {
    const hands = new Map([author, ...coAuthors.map(personOf)].map((one) => [one.email.toLowerCase(), one]));
    for (const [email, { name }] of hands) {
      const known = authors.get(email);
      if (known === undefined) authors.set(email, { name, email, commits: 1 });
      else known.commits += 1;
    }
  }
  return [...authors.values()].sort((a, b) => b.commits - a.commits || (a.email < b.email ? -1 : 1)).slice(0, AUTHORS_SHOWN);
}

/** `Name <address>`, as trailers give people. */
function personOf(text: string): { readonly name: string; readonly email: string } {
  const [, name, email] = /^(.*?)\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  return { name: name ?? text, email: email ?? text };
}

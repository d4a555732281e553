/** Environment variables that a text reads, by name, and how many places read it without naming one. */
export interface NamesRead {
  readonly names: ReadonlySet<string>;
  /** Places such as `process.env[name]`, or `const env = process.env`. */
  readonly unknown: number;
}

const NAME = String.raw`([A-Za-z_][A-Za-z0-9_]*)`;
const QUOTED = String.raw`["'\x60]${NAME}["'\x60]`;

/** How each language spells it; each has the name as its one group. */
const SPELLINGS: readonly { readonly files: RegExp; readonly read: readonly RegExp[]; readonly unknown?: RegExp }[] = [
  {
    files: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
    read: [
      new RegExp(String.raw`\b(?:process|Bun)\.env\s{0,99}\??\.\s{0,99}${NAME}`, 'g'), new RegExp(String.raw`\b(?:process|Bun)\.env\s{0,99}(?:\?\.)?\[\s*${QUOTED}\s*\]`, 'g'),
      new RegExp(String.raw`\bimport\.meta\.env\.${NAME}`, 'g'), new RegExp(String.raw`\bDeno\.env\.get\(\s*${QUOTED}`, 'g'),
    ],
    unknown: /\b(?:process|Bun)\.env(?:\?\.)?\[\s*(?!["'`\s])|\bDeno\.env\.get\(\s*(?!["'`\s])|(?<!\}\s{0,9}=\s{0,9})\b(?:process|Bun)\.env\b(?!\s{0,99}[.[?])/g,
  },
  {
    files: /\.py$/,
    read: [new RegExp(String.raw`\b(?:os\.)?environ\s*\[\s*[rbuRBU]?${QUOTED}\s*\](?!\s*=[^=])`, 'g'), new RegExp(String.raw`\b(?:os\.)?environ\.get\(\s*[rbuRBU]?${QUOTED}`, 'g'), new RegExp(String.raw`\b(?:os\.)?getenv\(\s*[rbuRBU]?${QUOTED}`, 'g'), new RegExp(String.raw`\benv(?:\.(?:str|bool|int|float|list|url|json|path|db|cache))?\(\s*${QUOTED}`, 'g')],
    unknown: /\b(?:os\.)?(?:environ\s*\[|environ\.get\(|getenv\()\s*(?![rbuRBU]?["']|\s)|\bos\.environ\b(?!\s{0,99}[.[])/g,
  },
  { files: /\.rb$/, read: [new RegExp(String.raw`\bENV\s*\[\s*${QUOTED}\s*\](?!\s*=[^=~])`, 'g'), new RegExp(String.raw`\bENV\.fetch\(?\s*${QUOTED}`, 'g')], unknown: /\bENV(?:\s*\[|\.fetch\(?)\s*(?!["'\s])/g },
  { files: /\.php$/, read: [new RegExp(String.raw`\b(?:getenv|env)\(\s*${QUOTED}`, 'g'), new RegExp(String.raw`\$_ENV\[\s*${QUOTED}`, 'g')] },
  { files: /\.go$/, read: [new RegExp(String.raw`\bos\.(?:Getenv|LookupEnv)\(\s*${QUOTED}`, 'g')], unknown: /\bos\.(?:Getenv|LookupEnv)\(\s*(?!["`])/g },
  { files: /\.(?:java|kt)$/, read: [new RegExp(String.raw`\bSystem\.getenv\(\s*${QUOTED}`, 'g')], unknown: /\bSystem\.getenv\(\s*(?!["')])/g },
  { files: /\.cs$/, read: [new RegExp(String.raw`\bGetEnvironmentVariable\(\s*${QUOTED}`, 'g')], unknown: /\bGetEnvironmentVariable\(\s*(?!")/g },
  { files: /\.rs$/, read: [new RegExp(String.raw`\benv::var(?:_os)?\(\s*${QUOTED}`, 'g'), new RegExp(String.raw`\b(?:option_)?env!\(\s*${QUOTED}`, 'g')], unknown: /\benv::var(?:_os)?\(\s*(?!")/g },
  { files: /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, read: [new RegExp(String.raw`(?<!\$)\$\{${NAME}[}:?+-]`, 'g'), new RegExp(String.raw`(?<!\$)\$${NAME}`, 'g')] },
  { files: /(?:^|\/)Dockerfile[^/]*$/, read: [new RegExp(String.raw`^[ \t]*ENV[ \t]+${NAME}(?=[ \t=])`, 'gim')] },
];

/** `const { A, B: c = 'd' } = process.env`. */
const TAKEN_APART = /\{([^{}]{1,2000})\}\s*=\s*(?:process|Bun)\.env\b/g;

/** The names that a file reads, by the spellings of its language; comments count as well, so that nothing is missed. */
export function namesRead(path: string, text: string): NamesRead {
  const names = new Set<string>();
  let unknown = 0;
  for (const spelling of SPELLINGS) {
    if (!spelling.files.test(path)) continue;
    for (const read of spelling.read) for (const [, name] of text.matchAll(read)) if (name !== undefined) names.add(name);
    if (spelling.unknown !== undefined) for (const _ of text.matchAll(spelling.unknown)) unknown += 1;
  }
  if (/\.(?:[cm]?[jt]sx?|vue|svelte)$/.test(path)) {
    for (const [, inside = ''] of text.matchAll(TAKEN_APART)) {
      for (const part of inside.split(',')) {
        const [, name] = /^\s*["']?([A-Za-z_][A-Za-z0-9_]*)["']?\s*(?:[:=]|$)/.exec(part) ?? [];
        if (name !== undefined) names.add(name);
      }
    }
  }
  if (/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path)) for (const name of passedOn(text)) names.add(name);
  return { names, unknown };
}

/** `environment: - NAME` hands on a variable of the machine that compose runs on. */
function passedOn(text: string): string[] {
  const names: string[] = [];
  let inside = -1;
  for (const line of text.split(/\r?\n/)) {
    const indent = line.length - line.trimStart().length;
    if (/^\s*environment:\s*$/.test(line)) inside = indent;
    else if (inside >= 0 && line.trim() !== '' && (indent < inside || (indent === inside && !/^\s*-/.test(line)))) inside = -1;
    else if (inside >= 0) {
      const [, name] = /^\s*-\s*["']?([A-Za-z_][A-Za-z0-9_]*)["']?\s*$/.exec(line) ?? [];
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

/** The names that an env file declares; what stands behind them is not looked at. */
export function namesDeclared(text: string): Set<string> {
  const names = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*(?:=|:|$)/.exec(line.slice(0, 300)) ?? [];
    if (name !== undefined) names.add(name);
  }
  return names;
}

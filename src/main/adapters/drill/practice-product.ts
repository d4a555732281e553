import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../../core/model/errors.ts';
import type { PracticePlace } from '../../../core/service/drill-handlers.ts';
import type { PracticeCommit } from '../../../core/workflow/practice-release.ts';
import { runGit, type GitOptions } from '../git/run-git.ts';

const BRANCH = 'refs/heads/main';

/** Makes the practice product by git itself: its history at the times that it is to have, and the archive of a version. */
export const makePracticeProduct: PracticePlace['makeProduct'] = async ({ repo, commits, from, version, archives, prefix, signal }) => {
  await mkdir(repo, { recursive: true });
  const git = async (args: readonly string[], options: GitOptions = {}): Promise<Buffer> => {
    const { code, stdout, stderr } = await runGit(repo, args, { ...options, signal });
    if (code !== 0) throw new AppError('git-failed', `git ${args[0] ?? ''} failed in ${repo}: ${stderr.split('\n')[0] ?? ''}`, { details: { path: repo } });
    return stdout;
  };
  await git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=']);
  await git(['fast-import', '--quiet'], { input: streamOf(commits, from) });
  const commit = (await git(['rev-parse', '--verify', `${version}^{commit}`])).toString('latin1').trim();
  const tar = await git(['archive', '--format=tar', `--prefix=${prefix}`, commit]);
  const packed = gzipSync(tar);
  for (const archive of archives) {
    await mkdir(dirname(archive), { recursive: true });
    await writeFile(archive, packed);
  }
  return { commit };
};

/** The commits as git reads them in one go. */
function streamOf(commits: readonly PracticeCommit[], from: Date): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return commits.map(({ author, email, minutesBefore, message, files, tag }, at) => {
    const who = `${author} <${email}> ${Math.floor(from.getTime() / 1000) - minutesBefore * 60} +0000`;
    return [
      `commit ${BRANCH}\nmark :${at + 1}\nauthor ${who}\ncommitter ${who}\n${data(message)}`, at === 0 ? '' : `from :${at}\n`,
      ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`), tag === null ? '' : `reset refs/tags/${tag}\nfrom :${at + 1}\n`,
    ].join('');
  }).join('');
}

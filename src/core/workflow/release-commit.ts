import type { Repository } from './repository.ts';

/** The commit that a version is about: its own tag's, else HEAD's. */
export async function releaseCommit(repository: Repository, version: string): Promise<string> {
  const { tags } = await repository.inspect();
  return tags.find(({ name }) => name === version)?.commit ?? repository.resolve('HEAD');
}

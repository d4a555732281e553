/** Where a file of an assessment lies: where several folders were looked through, its path begins with a name for its own. */
export function locationOf({ folder, path }: { readonly folder: string; readonly path: string }, folders: number): string {
  return `${folder.replace(/[/\\]+$/, '')}/${folders === 1 ? path : path.slice(path.indexOf('/') + 1)}`;
}

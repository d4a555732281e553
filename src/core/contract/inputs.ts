import { z } from 'zod';
import { Secret } from '../model/secret.ts';

/** The caller's own name for a piece of long work. */
export const TaskId = z.string().min(1).max(64);

export const Path = z.string().min(1).max(4096).refine((path) => !path.includes('\0'), 'a path has no NUL');

/** A file's name without its folder, as it may stand in a release folder. */
export const FileName = z.string().min(1).max(255).refine((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..', 'a file name has no folder in it');

/** Crosses from a shell to the core and never back; what is parsed of it cannot be printed. */
export const Passphrase = z.string().min(1).max(1024).transform((words) => new Secret(words));

/** Whose key signs: by its fingerprint, or by its file; `passphrase` of a key in a file, for gpg asks for its own. */
export const ByKey = { key: z.string().min(8).max(4096), passphrase: Passphrase.nullish() };

/** What a test asks of the bench, which lives in a name space of its own. Each gets one answer of the same `id`. */
export type BenchRequest =
  | { readonly id: number; readonly ask: 'run'; readonly command: readonly string[]; readonly environment: Readonly<Record<string, string>>; readonly input: string; readonly folder: string | null }
  | { readonly id: number; readonly ask: 'insert'; readonly file: string }
  | { readonly id: number; readonly ask: 'pull' | 'break-memory' | 'pull-while-signing' | 'until-touch-awaited' | 'stop-pcscd' | 'start-pcscd' }
  | { readonly id: number; readonly ask: 'touch' | 'mute'; readonly value: boolean };

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type BenchAnswer = { readonly id: number; readonly ended: Ended | null; readonly problem: string | null };

/** A request without its number. */
export type BenchAsk = BenchRequest extends infer Request ? (Request extends BenchRequest ? Omit<Request, 'id'> : never) : never;

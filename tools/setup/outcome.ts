// How one source of a tool ended.

/** Done, or why not, in a sentence. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** An error as the reason of an outcome. */
export function failed(error: unknown): Outcome {
  return { ok: false, reason: error instanceof Error ? error.message : String(error) };
}

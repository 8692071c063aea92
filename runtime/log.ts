// Log lines as JSON on standard output.

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one line with the time, the level, the message and its fields. Never pass a token or a key. */
export function log(level: "info" | "warning" | "error", message: string, fields: LogFields = {}) {
  const line = { time: new Date().toISOString(), level, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export type Log = typeof log;

/** The error's message followed by its cause's, unless the message already contains that. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : explainError(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

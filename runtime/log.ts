// Log lines as JSON on standard output.

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line: time, level, what happened, and its facts. Never pass a token or a key. */
export function log(level: "info" | "warning" | "error", message: string, fields: LogFields = {}) {
  const line = { time: new Date().toISOString(), level, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export type Log = typeof log;

/** An error's message with that of its cause, unless it says that already. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : explainError(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

// HAProxy's own answers: `{"code":…,"message":…}`.
/** `{"code":…,"message":…}` as HAProxy's log-format string; `%[…]` inside is evaluated. */
export function body(code: string, message: string): string {
  return `'{"code":"${code}","message":"${message}"}'`;
}

export function reply(status: number, code: string, message: string, headers = ""): string {
  return `http-request return status ${status} content-type application/json lf-string ${body(code, message)}${headers}`;
}

/** The transaction's variable, escaped for a JSON string. */
export function escaped(variable: string): string {
  return `%[var(txn.${variable}),json]`;
}

// Tells from HAProxy's reply whether a command is done.

/** Replies to one command, as HAProxy 3.4.7 words them; "" when it answers nothing. */
export interface ExpectedReplies {
  /** The command is done. */
  readonly done: readonly string[];
  /** Requests still run: the same command succeeds later. */
  readonly later?: readonly string[];
}

export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly reply: string }
  | { readonly kind: "failed" };

/**
 * HAProxy puts what it logged since its last reply of this kind before the reply to `del backend`: changes of servers
 * of any version, and deletions. These are all that our commands cause.
 */
const LOGGED: readonly RegExp[] = [
  /^(?:Backup )?Server \S+ is UP\/READY \(leaving forced maintenance\)\.$/,
  /^(?:Backup )?Server \S+ is going DOWN for maintenance\. \d+ active and \d+ backup servers left\. \d+ sessions active, \d+ requeued, \d+ remaining in queue\.$/,
  // A replica that refused a connection, or accepts them again.
  /^Server \S+ is (?:DOWN|UP), reason: .*\. \d+ active and \d+ backup servers (?:left|online)\. .*$/,
  /^backend '\S+' has no server available!$/,
  /^Server deleted\.$/,
];

/** Any reply that is not expected is a failure; `reply` without blanks around it. */
export function classifyReply({ done, later = [] }: ExpectedReplies, reply: string): Outcome {
  const lines = reply === "" ? [] : reply.split("\n");
  if (done.some((expected) => isReply(lines, expected))) return { kind: "done" };
  const waits = later.find((expected) => isReply(lines, expected));
  return waits === undefined ? { kind: "failed" } : { kind: "later", reply: waits };
}

function isReply(lines: readonly string[], expected: string): boolean {
  const logged = expected === "" ? lines : lines.slice(0, -1);
  return (
    (expected === "" || lines.at(-1) === expected) &&
    logged.every((line) => LOGGED.some((form) => form.test(line)))
  );
}

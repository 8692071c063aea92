// Tells the user what a long operation waits for: a line on the plugin's standard output, which the CLI shows.
import { type Clock, systemClock } from "./clock";

export type Report = (message: string) => void;

/** Milliseconds for which a message must hold before it is worth a line. */
const SETTLED_MS = 2_000;

/** Reports each message once, when it has held for a while; `subject` begins every line. */
export function reportChanges(
  subject: string,
  clock: Pick<Clock, "now"> = systemClock,
  print: (line: string) => void = console.log,
): Report {
  const since = new Map<string, number>();
  const printed = new Set<string>();
  return (message) => {
    const first = since.get(message) ?? clock.now();
    since.set(message, first);
    if (printed.has(message) || clock.now() - first < SETTLED_MS) return;
    printed.add(message);
    print(`${subject}: ${message}`);
  };
}

/** Milliseconds between two lines of one long operation. */
const REPEAT_MS = 15_000;

/** Reports what is under way with the time since the beginning: each message at once, then every 15 s. */
export function reportElapsed(
  subject: string,
  clock: Pick<Clock, "now">,
  print: (line: string) => void = console.log,
): Report {
  const startedMs = clock.now();
  const printedMs = new Map<string, number>();
  return (message) => {
    const nowMs = clock.now();
    const last = printedMs.get(message);
    if (last !== undefined && nowMs - last < REPEAT_MS) return;
    printedMs.set(message, nowMs);
    print(`${subject}: ${message}, ${Math.round((nowMs - startedMs) / 1000)} s`);
  };
}

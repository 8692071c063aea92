// Tells the user what a long operation waits for: a line on the plugin's standard output, which the CLI shows.
import { type Clock, systemClock } from "./sleep";

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

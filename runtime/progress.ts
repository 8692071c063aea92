// Progress lines of long operations, written to the plugin's standard output, which the Pulumi CLI displays.
import { type Clock, systemClock } from "./clock";

export type Report = (message: string) => void;

/** Milliseconds for which a message must persist before it is printed. */
const SETTLED_MS = 2_000;

/** Prints each message once, when it is still reported 2 s after the first time. Every line starts with `subject`. */
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

/** Milliseconds after which the same message is printed again. */
const REPEAT_MS = 15_000;

/** Prints each message with the elapsed time: at once, then every 15 s while it is still reported. */
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

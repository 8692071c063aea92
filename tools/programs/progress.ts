// Tells what a step does as soon as it takes over two seconds, and again every ten.

/** Receives one plain sentence or line for the person who waits. */
export type Report = (line: string) => void;

/** Writes to stderr, so that a command's own output stays clean. */
export const reportToTerminal: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

const firstMs = 2_000;
const everyMs = 10_000;

/**
 * Runs a step. `describe` is asked for the current text at each report, e.g. "Building x: 12 of 900 packages";
 * the seconds so far are added.
 */
export async function withProgress<T>(
  report: Report,
  describe: () => string,
  step: () => Promise<T>,
): Promise<T> {
  const startedMs = performance.now();
  const tell = () => {
    report(`${describe()} (${String(Math.round((performance.now() - startedMs) / 1000))} s)`);
  };
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    repeat = setInterval(tell, everyMs);
  }, firstMs);
  try {
    return await step();
  } finally {
    clearTimeout(first);
    clearInterval(repeat);
  }
}

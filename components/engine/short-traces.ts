// Limits the SDK's stack traces, which cost a program half of its time.

/** The line that threw stays in an error's trace. */
const FRAMES = 1;

/**
 * Declares resources while stack traces have one frame. Pulumi's SDK records a trace for each promise behind each
 * property, to find those that never end; under ts-node each frame is looked up in source maps: half of the time that
 * an endpoint took (docs/benchmarks.md). For the place where a resource was declared the SDK sets a limit of its own.
 */
export function withShortTraces<T>(declare: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    return declare();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

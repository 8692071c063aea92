// Keeps the SDK from spending most of a program's time on stack traces that nobody reads.

/** The line that threw stays in an error's trace. */
const FRAMES = 1;

/**
 * Declares resources while stack traces have one frame. Pulumi's SDK records a trace for each promise behind each
 * property, to find those that never end; under ts-node each frame is looked up in source maps. Of what an endpoint
 * costs a program that was half (docs/benchmarks.md). Where a resource was declared is told all the same: for that the
 * SDK sets a limit of its own.
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

/** The stand-in's time, in milliseconds since 1970: Azure's minutes need not pass for real. */

export interface Clock {
  now(): number;
  /**
   * Tells a client to wait; gives the number of seconds to put into `Retry-After`.
   * @param seconds what Azure would say
   */
  askToWait(seconds: number): number;
  /** Lets time pass. */
  advance(seconds: number): void;
}

/** Time that stands still, except that a client that is told to wait is taken to have waited. */
export function polledClock(startMs: number): Clock {
  let nowMs = startMs;
  const advance = (seconds: number): void => {
    nowMs += seconds * 1000;
  };
  return {
    now: () => nowMs,
    askToWait: (seconds) => {
      advance(seconds);
      return 0;
    },
    advance,
  };
}

/** The machine's time, made `factor` times as fast (1: real time). */
export function scaledClock(factor: number, realNowMs: () => number = Date.now): Clock {
  const startMs = realNowMs();
  let skippedMs = 0;
  return {
    now: () => startMs + (realNowMs() - startMs) * factor + skippedMs,
    askToWait: (seconds) => Math.ceil(seconds / factor),
    advance: (seconds) => {
      skippedMs += seconds * 1000;
    },
  };
}

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

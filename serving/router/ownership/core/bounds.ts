// The times of the ownership protocol (docs/decisions/many-routers.md derives them).

/** In milliseconds, on monotonic clocks whose rates differ by at most 1 %. */
export interface Bounds {
  /** A promise, or a write of the own Lease, gives the right for this long since it was sent. */
  readonly rightMs: number;
  /** A promise binds its giver for this long since the ping came; a Lease must be unchanged for as long. */
  readonly silenceMs: number;
  readonly pingMs: number;
  /** Pause between asks, and between attempts to write or read a Lease while it matters. */
  readonly retryMs: number;
  /** The Lease is written when the promises last less than this. */
  readonly lowMs: number;
  /** A Lease that was read longer ago is not known: the API server can't be asked. */
  readonly apiMs: number;
  /** How long a model may compute a request whose router is gone: the scoring timeout. */
  readonly orphanMs: number;
}

export const BOUNDS: Omit<Bounds, "orphanMs"> = {
  rightMs: 500,
  silenceMs: 600,
  pingMs: 100,
  retryMs: 50,
  lowMs: 250,
  apiMs: 1_000,
};

/** By how much a time of another's clock is longer on one's own, at most. */
export const DRIFT = 1.01;

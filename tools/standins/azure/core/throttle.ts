/** A bucket of calls that refills with time. */

export class Throttle {
  #left: number;
  #refilledAtMs: number;

  /**
   * @param size calls in a full bucket
   * @param perSecond calls that come back each second
   */
  constructor(
    readonly size: number,
    readonly perSecond: number,
    nowMs: number,
  ) {
    this.#left = size;
    this.#refilledAtMs = nowMs;
  }

  /** Takes one call out; when the bucket is empty, the seconds until one is back. */
  take(nowMs: number): { ok: true } | { ok: false; retryAfterSeconds: number } {
    const back = ((nowMs - this.#refilledAtMs) / 1000) * this.perSecond;
    this.#left = Math.min(this.size, this.#left + back);
    this.#refilledAtMs = nowMs;
    if (this.#left < 1) {
      return { ok: false, retryAfterSeconds: Math.ceil((1 - this.#left) / this.perSecond) };
    }
    this.#left -= 1;
    return { ok: true };
  }
}

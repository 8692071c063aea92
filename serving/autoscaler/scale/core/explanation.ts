// Why something is as it is, for a condition of the status.

export interface Explanation {
  /** One CamelCase word. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
}

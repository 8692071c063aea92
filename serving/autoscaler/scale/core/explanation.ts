// Reason and message of an observed state, as Kubernetes' conditions have them.

export interface Explanation {
  /** One CamelCase word. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
}

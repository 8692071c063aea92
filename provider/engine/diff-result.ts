// What `diff` tells Pulumi's engine.

export interface DiffResult {
  readonly changes: boolean;
  /** Properties whose change makes another object: the resource is replaced. */
  readonly replaces?: string[];
  /** What is replaced has a place that only one can have: the old one goes first. */
  readonly deleteBeforeReplace?: boolean;
}

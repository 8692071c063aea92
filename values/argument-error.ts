// An error of one argument: its path and the reason.

export interface ArgumentError {
  /** Path from the resource's arguments, e.g. `versions.green.trafficPercentile`. */
  readonly path: string;
  /** What is legal and what was given, e.g. `must be 0 to 100: it is 130`. */
  readonly reason: string;
}

/** The error as the sentence that a user reads. */
export function sentence({ path, reason }: ArgumentError): string {
  return `${path} ${reason}`;
}

/** The value as JSON, or `missing` when it is undefined or null. */
export function shown(value: unknown): string {
  return value === undefined || value === null ? "missing" : JSON.stringify(value);
}

/** The error of an illegal value. `legal` completes the sentence after "must". */
export function illegal(
  path: string,
  { legal }: { readonly legal: string },
  value: unknown,
): ArgumentError[] {
  const given = typeof value === "number" ? String(value) : shown(value);
  return [{ path, reason: `must ${legal}: it is ${given}` }];
}

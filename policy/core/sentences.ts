// Values in sentences.

/** A value as a sentence quotes it. Never for what may be secret. */
export const shown = (value: unknown): string =>
  typeof value === "string" ? `"${value}"` : String(value);

/** `a, b or c` */
export const listed = (values: readonly string[]): string =>
  values.length < 2
    ? (values[0] ?? "nothing")
    : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

/** With three digits at most. */
export const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);

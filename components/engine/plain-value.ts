// The values of what a resource transform is given: the engine hands unknown and secret ones over as Outputs.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { isKnown } from "./known-output";

/** The values, with `UNKNOWN` for what is unknown in this preview. */
export async function plainValue(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    if (!(await isKnown(value))) return UNKNOWN;
    // Every Output has it; its published type leaves it out.
    return plainValue(await (value as unknown as { promise(): Promise<unknown> }).promise());
  }
  if (Array.isArray(value)) return Promise.all(value.map(plainValue));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(async ([name, member]): Promise<[string, unknown]> => [
    name,
    await plainValue(member),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Whether a part of the value is secret. */
export async function hasSecret(value: unknown): Promise<boolean> {
  if (pulumi.Output.isInstance(value)) return pulumi.isSecret(value);
  const parts = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return (await Promise.all(parts.map(hasSecret))).some(Boolean);
}

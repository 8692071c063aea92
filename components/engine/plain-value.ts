// The values of what a resource transform is given: the engine hands unknown and secret ones over as Outputs.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { isLater, readLater } from "./inputs";

/** The values, with `UNKNOWN` for what is unknown in this preview. */
export async function plainValue(value: unknown): Promise<unknown> {
  if (isLater(value)) {
    const reading = await readLater<unknown>(value);
    return reading.isKnown ? plainValue(reading.value) : UNKNOWN;
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

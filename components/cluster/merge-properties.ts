// Merges what a program adds (`managedCluster`) into the properties that the component sends.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";
import { isLater } from "../engine/inputs";

/**
 * Both, objects member by member. Validation has refused what the component sets itself, so nothing of it is replaced.
 * @param added comes late as a whole: then all properties do, since which there are is unknown
 */
export function mergeProperties<T extends object>(
  sent: T,
  added: pulumi.Input<Record<string, unknown>> | undefined,
): T {
  if (added === undefined) return sent;
  return merged(sent, added) as T;
}

function merged(ours: unknown, added: unknown): unknown {
  if (added === undefined || added === null) return ours;
  if (isLater(ours) || isLater(added)) {
    return pulumi.all([ours, added]).apply(([one, other]) => merged(one, other));
  }
  if (!isRecord(ours) || !isRecord(added)) return added;
  const names = new Set([...Object.keys(ours), ...Object.keys(added)]);
  return Object.fromEntries([...names].map((name) => [name, merged(ours[name], added[name])]));
}

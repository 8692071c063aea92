// What the EndpointKeys resource does: makes the keys, keeps them, replaces them when asked.
import type * as pulumi from "@pulumi/pulumi";
import {
  fallenVersions,
  type KeyInputs,
  type KeyOutputs,
  keysChange,
  nextKeys,
} from "../core/endpoint-keys";
import { generateKey } from "../io/generate-key";

export function check(
  olds: Partial<KeyInputs>,
  news: KeyInputs,
): pulumi.dynamic.CheckResult<KeyInputs> {
  const failures = fallenVersions(olds, news).map((reason) => ({ property: "", reason }));
  return { inputs: news, failures };
}

export function diff(olds: KeyOutputs, news: KeyInputs): pulumi.dynamic.DiffResult {
  return { changes: keysChange(olds, news) };
}

export function create(news: KeyInputs): pulumi.dynamic.CreateResult<KeyOutputs> {
  return { id: "keys", outs: nextKeys(undefined, news, generateKey) };
}

export function update(olds: KeyOutputs, news: KeyInputs): pulumi.dynamic.UpdateResult<KeyOutputs> {
  return { outs: nextKeys(olds, news, generateKey) };
}

// What the EndpointKeys resource does: judges the endpoint's arguments; makes the keys, keeps them, replaces them when asked.
import type * as pulumi from "@pulumi/pulumi";
import {
  decreasedKeyVersions,
  type KeyInputs,
  type KeyOutputs,
  keysChange,
  nextKeys,
} from "./core/next-keys";
import { generateKey } from "./io/generate-key";
import { checkFailures } from "../engine/core/check-failures";
import {
  comparedArguments,
  type ComponentArguments,
  validateComponentArguments,
} from "../engine/component-arguments";

export interface EndpointKeysInputs extends KeyInputs {
  readonly judged: ComponentArguments;
}

export function check(
  olds: Partial<EndpointKeysInputs>,
  news: EndpointKeysInputs,
): pulumi.dynamic.CheckResult<EndpointKeysInputs> {
  const fallen = checkFailures(decreasedKeyVersions(olds, news));
  return {
    inputs: { ...news, judged: comparedArguments(news.judged) },
    failures: [...validateComponentArguments(olds.judged ?? {}, news.judged), ...fallen],
  };
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

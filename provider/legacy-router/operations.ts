// What the LegacyRouter resource does: looks v1's router up at every preview, and removes it when asked to.
import type * as pulumi from "@pulumi/pulumi";
import { leftoverName, leftoverSentence } from "./core/leftovers";
import { UNKNOWN } from "../../values/unknown";
import { findLeftovers } from "./io/find-leftovers";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { removeLeftovers } from "./io/remove-leftovers";
import { inOneSentence } from "../engine/in-one-sentence";

export interface LegacyRouterInputs {
  readonly kubeconfig: string;
  /** Whether what is found is removed. */
  readonly remove: boolean;
  /** What was found, for the preview to show; `check` writes it. Absent where the cluster couldn't be asked. */
  readonly leftovers?: readonly string[];
}

/** Says what is there. A cluster that can't be asked, or that isn't there yet, never fails a preview. */
export async function check(
  _olds: object,
  news: LegacyRouterInputs,
): Promise<pulumi.dynamic.CheckResult<LegacyRouterInputs>> {
  if (news.kubeconfig === UNKNOWN) return { inputs: news };
  try {
    const found = await findLeftovers(KubeClient.fromKubeConfig(news.kubeconfig));
    const leftovers = found.map(leftoverName);
    const sentence = leftoverSentence(leftovers, news.remove === true);
    if (sentence !== undefined) console.log(sentence);
    return { inputs: { ...news, leftovers } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`Leftovers of v1's router can't be looked for: ${why}`);
    return { inputs: news };
  }
}

/** Only leftovers that are to go are a change; where nobody could look, the update looks again. */
export function diff(_olds: object, news: LegacyRouterInputs): pulumi.dynamic.DiffResult {
  return { changes: news.remove && news.leftovers?.length !== 0 };
}

export async function create(
  inputs: LegacyRouterInputs,
): Promise<pulumi.dynamic.CreateResult<object>> {
  await inOneSentence(remove(inputs));
  return { id: "legacy-router", outs: {} };
}

export async function update(
  _olds: object,
  news: LegacyRouterInputs,
): Promise<pulumi.dynamic.UpdateResult<object>> {
  await inOneSentence(remove(news));
  return { outs: {} };
}

async function remove(inputs: LegacyRouterInputs): Promise<void> {
  if (!inputs.remove) return;
  const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
  await removeLeftovers(client, await findLeftovers(client));
}

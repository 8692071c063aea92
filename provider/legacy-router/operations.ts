// Operations of LegacyRouter: looks for v1's router at every preview, and removes it on request.
import { leftoverName, leftoverSentence } from "./core/leftovers";
import { messageOf } from "../../values/message-of";
import { UNKNOWN } from "../../values/unknown";
import { findLeftovers } from "./io/find-leftovers";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { removeLeftovers } from "./io/remove-leftovers";
import { type CheckResult, type ResourceOperations } from "../engine/core/resource-operations";
import { formerFunctions } from "../engine/former-shells";
import { inOneSentence } from "../engine/in-one-sentence";
import { whyUnreachable } from "../engine/io/reach-cluster";

export interface LegacyRouterInputs {
  readonly kubeconfig: string;
  /** Whether the leftovers are removed. */
  readonly remove: boolean;
  /** The leftovers that `check` found, so that a preview shows them. Absent when the cluster was unreachable. */
  readonly leftovers?: readonly string[];
}

export const operations = {
  /** Reports the leftovers. A cluster that is unreachable or doesn't exist yet never fails a preview. */
  async check(_olds: object, news: LegacyRouterInputs): Promise<CheckResult<LegacyRouterInputs>> {
    if (news.kubeconfig === UNKNOWN) return { inputs: news, failures: [] };
    try {
      const reason = await whyUnreachable(news.kubeconfig);
      if (reason !== undefined) throw new Error(reason);
      const found = await findLeftovers(KubeClient.fromKubeConfig(news.kubeconfig));
      const leftovers = found.map(leftoverName);
      const sentence = leftoverSentence(leftovers, news.remove === true);
      if (sentence !== undefined) console.log(sentence);
      return { inputs: { ...news, leftovers }, failures: [] };
    } catch (error) {
      console.log(`Can't look for leftovers of v1's router: ${messageOf(error)}`);
      return { inputs: news, failures: [] };
    }
  },

  /** With `remove`, a change when there are leftovers, or when `check` couldn't look; then the update looks again. */
  diff(_id: string, _olds: object, news: LegacyRouterInputs) {
    return Promise.resolve({ changes: news.remove && news.leftovers?.length !== 0 });
  },

  async create(inputs: LegacyRouterInputs) {
    await inOneSentence(remove(inputs));
    return { id: "legacy-router", outs: {} };
  },

  async update(_id: string, _olds: object, news: LegacyRouterInputs) {
    await inOneSentence(remove(news));
    return { outs: {} };
  },
} satisfies ResourceOperations<LegacyRouterInputs, object>;

export const { check, diff, create, update } = formerFunctions(operations);

async function remove(inputs: LegacyRouterInputs): Promise<void> {
  if (!inputs.remove) return;
  const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
  await removeLeftovers(client, await findLeftovers(client));
}

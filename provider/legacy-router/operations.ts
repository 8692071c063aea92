// What the LegacyRouter resource does: looks v1's router up at every preview, and removes it when asked to.
import { leftoverName, leftoverSentence } from "./core/leftovers";
import { messageOf } from "../../values/message-of";
import { UNKNOWN } from "../../values/unknown";
import { findLeftovers } from "./io/find-leftovers";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { removeLeftovers } from "./io/remove-leftovers";
import { type CheckResult, type ResourceOperations } from "../engine/core/resource-operations";
import { formerFunctions } from "../engine/former-shells";
import { inOneSentence } from "../engine/in-one-sentence";

export interface LegacyRouterInputs {
  readonly kubeconfig: string;
  /** Whether what is found is removed. */
  readonly remove: boolean;
  /** What was found, for the preview to show; `check` writes it. Absent where the cluster couldn't be asked. */
  readonly leftovers?: readonly string[];
}

export const operations = {
  /** Says what is there. A cluster that can't be asked, or that isn't there yet, never fails a preview. */
  async check(_olds: object, news: LegacyRouterInputs): Promise<CheckResult<LegacyRouterInputs>> {
    if (news.kubeconfig === UNKNOWN) return { inputs: news, failures: [] };
    try {
      const found = await findLeftovers(KubeClient.fromKubeConfig(news.kubeconfig));
      const leftovers = found.map(leftoverName);
      const sentence = leftoverSentence(leftovers, news.remove === true);
      if (sentence !== undefined) console.log(sentence);
      return { inputs: { ...news, leftovers }, failures: [] };
    } catch (error) {
      console.log(`Leftovers of v1's router can't be looked for: ${messageOf(error)}`);
      return { inputs: news, failures: [] };
    }
  },

  /** Only leftovers that are to go are a change; where nobody could look, the update looks again. */
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

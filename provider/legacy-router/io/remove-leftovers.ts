// Removes v1's router from a cluster, and reports each removed object.
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { leftoverName, removalSteps } from "../core/leftovers";
import { removeObjects } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** Milliseconds for one object: Azure must release a load balancer, and pods terminate gracefully. */
const TIMEOUT_MS = 300_000;

/**
 * Returns when all objects are deleted. A missing object is no error, so an interrupted removal can be continued.
 * @throws KubeError or Error with one sentence
 */
export async function removeLeftovers(
  client: KubeClient,
  leftovers: readonly KubeObject[],
  print: (line: string) => void = console.log,
): Promise<void> {
  for (const step of removalSteps(leftovers)) {
    await Promise.all(
      step.map(async (object) => {
        await removeObjects(client, [object], TIMEOUT_MS);
        print(`removed ${leftoverName(object)}, a leftover of v1's router`);
      }),
    );
  }
}
